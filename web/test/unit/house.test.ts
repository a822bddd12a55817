import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SCENE_ICONS } from '../../src/core/icons'

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
const sources = files.filter(name => /\.(vue|ts|js)$/.test(name)).map(name => [name, readFileSync(`src/${name}`, 'utf8')] as const)

function naming(pattern: RegExp): string[] {
  return sources.filter(([, text]) => pattern.test(text)).map(([name]) => name)
}

test('no text becomes markup', () => {
  assert.deepEqual(naming(/v-html|innerHTML|outerHTML|insertAdjacentHTML|document\.write/), [])
})

test('no style stands in a template: the server’s policy would not apply it', () => {
  assert.deepEqual(naming(/\sstyle="/), [])
})

test('nothing is fetched from elsewhere', () => {
  assert.deepEqual(naming(/https?:\/\/(?!www\.w3\.org)/), [])
})

test('no client knows a scene by its name', () => {
  assert.deepEqual(naming(/['"](snap|随手拍)['"]/), [])
})

test('the words that people are not to read are in no source', () => {
  const says = /['"`>][^'"`<]*(提交|失败|非法|操作成功|暂无数据|请求|工单)[^'"`<]*['"`<]/
  assert.deepEqual(naming(says), [])
})

test('every icon that a scene may name is drawn', () => {
  const sprite = readFileSync('src/style/icons.svg', 'utf8')
  assert.deepEqual(SCENE_ICONS.filter(name => !sprite.includes(`id="i-${name}"`)), [])
})
