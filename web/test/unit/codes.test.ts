import assert from 'node:assert/strict'
import { test } from 'node:test'
import { creditCodeFault, idNumberFault, mobileFault, phoneFault, plain } from '../../src/core/codes'

test('a mobile that lacks digits says how many', () => {
  assert.equal(mobileFault('1380710'), '还差 4 位，手机号是 11 位数字。')
  assert.equal(mobileFault('138071012345'), '多了 1 位，手机号是 11 位数字。')
})

test('a mobile may be typed with spaces, full-width digits and the country code', () => {
  for (const typed of ['138 0710 1234', '１３８０７１０１２３４', '+86 13807101234', '138-0710-1234']) {
    assert.equal(mobileFault(typed), null, typed)
  }
})

test('a mobile that begins with 12 is none', () => {
  assert.match(mobileFault('12807101234')!, /13 到 19/)
})

test('a landline with its area code is a telephone', () => {
  assert.equal(phoneFault('0710-3512345'), null)
  assert.equal(phoneFault('027 85512345'), null)
  assert.notEqual(phoneFault('3512345'), null)
})

test('the check digit of the ID number is computed, X in either case', () => {
  assert.equal(idNumberFault('11010519491231002X'), null)
  assert.equal(idNumberFault('11010519491231002x'), null)
  assert.equal(idNumberFault('440524188001010014'), null)
  assert.match(idNumberFault('440524188001010015')!, /对不上/)
})

test('a birthday that never was is found before the check digit', () => {
  assert.match(idNumberFault('110105194902310020')!, /出生日期/)
})

test('the credit code knows its alphabet and its check character', () => {
  assert.equal(creditCodeFault('91350100M000100Y43'), null)
  assert.match(creditCodeFault('91350100M000100Y44')!, /对不上/)
  assert.match(creditCodeFault('91350100I000100Y43')!, /I、O/)
})

test('plain text has no spaces, hyphens or full-width letters', () => {
  assert.equal(plain('　９１ａ-Ｂ '), '91AB')
})
