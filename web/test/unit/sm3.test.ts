/* SM3 in the browser is the server's: the examples of GB/T 32905, and every length around a block's. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { sm3 } from '../../src/core/sm3'

const bytes = (text: string) => new TextEncoder().encode(text)

test('the standard\'s examples', () => {
  assert.equal(sm3(bytes('abc')), '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
  assert.equal(sm3(bytes('abcd'.repeat(16))), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732')
})

test('the same as another one\'s, of any length', () => {
  for (let n = 0; n < 200; n++) {
    const text = bytes('邻'.repeat(n)).slice(0, n)
    assert.equal(sm3(text), createHash('sm3').update(text).digest('hex'))
  }
})
