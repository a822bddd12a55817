import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked, marked } from '../../src/core/marks'

const hits = (text: string, words: string) => marked(text, words).filter(piece => piece.hit).map(piece => piece.text)

test('words are marked within longer ones, whole where they stand whole', () => {
  assert.deepEqual(hits('老旧井盖松动', '井盖'), ['井盖'])
  assert.deepEqual(hits('上海路灯不亮，路灯坏了', '路灯 不亮'), ['路灯不亮', '路灯'])
  assert.deepEqual(hits('人行横道', '人行道'), ['人行'])
  assert.deepEqual(hits('WiFi 连不上', 'ｗｉｆｉ'), ['WiFi'])
  assert.deepEqual(hits('井盖松动', ''), [])
  assert.equal(marked('老旧井盖松动', '井盖').map(piece => piece.text).join(''), '老旧井盖松动')
})

test('a mobile or an ID number asks for a person, all else is words', () => {
  assert.deepEqual(asked(' 137 1234 5520 '), { phone: '13712345520' })
  assert.deepEqual(asked('42060219880502002x'), { id_number: '42060219880502002X' })
  assert.deepEqual(asked('1120-0047'), { words: '1120-0047' })
})
