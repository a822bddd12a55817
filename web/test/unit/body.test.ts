import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldsBody, likelyOptions } from '../../src/core/body'
import type { CaseKind } from '../../src/core/types'

const options = ['停水漏水', '停电', '燃气泄漏', '施工噪声', '占道经营'].map(value => ({ value }))

test('a category is suggested by the pairs of characters that it shares with what was said', () => {
  assert.deepEqual(likelyOptions(options, '家里从昨晚停水，水管还漏水'), ['停水漏水'])
  assert.deepEqual(likelyOptions(options, '楼下施工吵，还停电'), ['停电', '施工噪声'])
  assert.deepEqual(likelyOptions(options, '想问问办什么证'), [])
  assert.deepEqual(likelyOptions(options, ''), [])
})

test('only what was asked and filled in is sent, words without blanks around them', () => {
  const kind = { fields: [{ name: 'what', type: 'text' }, { name: 'n', type: 'number' }, { name: 'shut', type: 'text' }] } as unknown as CaseKind
  assert.deepEqual(fieldsBody(kind, { what: ' 停水 ', n: '3', shut: 'x' }, name => name !== 'shut'), { what: '停水', n: 3 })
})
