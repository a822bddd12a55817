import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cleanCode, codeSays, type Code } from '../../src/core/codes'
import file from '../../../tests/vectors/codes.json'

const now = Date.parse(file.now)

for (const { code, text, clean, says } of file.vectors as { code: Code; text: string; clean: string; says: string | null }[]) {
  test(`${code} "${text}" is said to be ${says ? 'wrong' : 'right'} in the server's words`, () => {
    assert.equal(cleanCode(code, text), clean)
    assert.equal(codeSays(code, clean, now), says)
  })
}
