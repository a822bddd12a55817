import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedFields, fault, faults, stopped, type Judge } from '../../src/core/check'
import { problemFrom, sentence } from '../../src/core/problem'
import { stepsOf } from '../../src/core/steps'
import type { CaseKind, Field, FieldType } from '../../src/core/types'
import { clockPromise, spanWords } from '../../src/core/words'

function field(name: string, type: FieldType, more: Partial<Field> = {}): Field {
  return { name, title: name, type, required: false, max: null, ask: null, options: [], voice: false, grade: 'plain', default: null, ...more }
}

const kind = {
  name: 'problem', title: '身边问题',
  fields: [
    field('category', 'choice', { title: '类别', required: true, options: [{ value: '治安', group: null }, { value: '其他', group: null }] }),
    field('urgent', 'yesno', { ask: 'category = "治安"' }),
    field('what', 'text', { title: '情况', required: true, max: 10 }),
    field('photos', 'photos', { max: 2 }),
    field('where', 'place', { required: true }),
    field('contact', 'phone'),
  ],
  stop: [{ when: 'fire', say: '请先拨打119。' }],
} as unknown as CaseKind

test('what happened, where and which kind, then the rest: three steps that no scene wrote down', () => {
  assert.deepEqual(stepsOf(kind).map(step => [step.title, step.fields.map(f => f.name)]), [
    ['拍下来', ['photos', 'what']], ['在哪里', ['where', 'category', 'urgent']], ['发出去', ['contact']],
  ])
})

test('a scene without photos and places has fewer steps with other names', () => {
  const plain = { ...kind, fields: [field('what', 'text'), field('when', 'date')] }
  assert.deepEqual(stepsOf(plain).map(step => step.title), ['说清楚', '发出去'])
})

test('a field is asked unless its rule is known to say no', () => {
  const asked = (answer: boolean | null) => {
    const judge: Judge = () => answer
    return askedFields(kind, {}, judge).some(f => f.name === 'urgent')
  }
  assert.deepEqual([asked(true), asked(null), asked(false)], [true, true, false])
})

test('a stop speaks only when its rule is known to hold', () => {
  assert.equal(stopped(kind, {}, () => true), '请先拨打119。')
  assert.equal(stopped(kind, {}, () => null), null)
})

test('what is missing is said by kind, each once', () => {
  assert.deepEqual(faults(kind.fields, { what: '  ' }), {
    category: '请选一个“类别”。', what: '请写一写“情况”，一句话就行。', where: '请告诉我们在哪里：定位，或者写几个字。',
  })
})

test('words are counted as people count them', () => {
  const what = kind.fields[2]!
  assert.equal(fault(what, '十个字的句子刚刚好😀'), null)
  assert.equal(fault(what, '十一个字的句子就太长了'), '多了 1 个字，最多 10 个字。')
})

test('a place is a point, an area or words', () => {
  const where = kind.fields[4]!
  const nowhere = { lat: null, lng: null, source: 'area', words: ' ', area: null }
  assert.notEqual(fault(where, nowhere), null)
  assert.equal(fault(where, { ...nowhere, words: '北门' }), null)
  assert.equal(fault(where, { ...nowhere, area: '420602004008' }), null)
  assert.equal(fault(where, { ...nowhere, lat: 32, lng: 112 }), null)
})

test('an answer that the list no longer has must be given again', () => {
  assert.match(fault(kind.fields[0]!, '噪声')!, /重新选/)
})

test('a problem speaks the server’s sentence first, and finds its fields', () => {
  const problem = problemFrom(400, {
    title: '填的内容有不对的地方', detail: '还差 4 位，手机号是 11 位数字。',
    problems: [{ where: 'fields/contact', says: '还差 4 位，手机号是 11 位数字。' }, { where: null, says: '…' }],
  })
  assert.equal(sentence(problem), '还差 4 位，手机号是 11 位数字。')
  assert.deepEqual(problem.byField(), { contact: '还差 4 位，手机号是 11 位数字。' })
})

test('an answer that is no JSON still gets a sentence', () => {
  assert.match(sentence(problemFrom(502, null)), /过一会儿/)
  assert.match(sentence(new TypeError('x is undefined')), /过一会儿/)
})

test('a scene’s clocks become a promise', () => {
  assert.equal(clockPromise({ accept: { limit: '2 h' }, resolve: { limit: '3 working days' } }), '社区2 小时内接，3 个工作日内办好。每一步都告诉您。')
  assert.equal(clockPromise(null), '每一步都告诉您。')
  assert.equal(spanWords('15 min'), '15 分钟')
})
