import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayWords, dueWords, lengthWords, today, whenWords } from '../../src/core/time'
import type { Due, DueState } from '../../src/core/types'

const at = (text: string) => Date.parse(`${text}+08:00`)
const now = at('2026-11-22T14:00:00')
const due = (text: string, state: DueState = 'far'): Due => ({ at: `${text}+08:00`, which: 'resolve', state })

test('a deadline far off is a plain time', () => {
  assert.deepEqual(dueWords(due('2026-11-22T18:30:00'), now), { look: 'far', says: '今天 18:30 前' })
  assert.deepEqual(dueWords(due('2026-11-23T09:05:00'), now), { look: 'far', says: '明天 9:05 前' })
  assert.deepEqual(dueWords(due('2026-12-01T12:00:00'), now), { look: 'far', says: '12 月 1 日 12:00 前' })
})

test('under four hours it says what is left, under two in minutes', () => {
  assert.deepEqual(dueWords(due('2026-11-22T17:10:00'), now), { look: 'soon', says: '还剩 3 小时' })
  assert.deepEqual(dueWords(due('2026-11-22T15:50:00'), now), { look: 'soon', says: '还剩 110 分钟' })
})

test('a deadline that passes while the page is open is late, whatever the server said before', () => {
  assert.deepEqual(dueWords(due('2026-11-22T13:48:00', 'soon'), now), { look: 'late', says: '超时 12 分钟' })
  assert.deepEqual(dueWords(due('2026-11-22T11:30:00'), now), { look: 'late', says: '超时 2 小时' })
  assert.deepEqual(dueWords(due('2026-11-19T11:30:00'), now), { look: 'late', says: '超时 3 天' })
})

test('a clock that stands, or was kept, counts no more', () => {
  assert.equal(dueWords(due('2026-11-20T11:30:00', 'hold'), now)!.says, '暂停计时')
  assert.equal(dueWords(due('2026-11-20T11:30:00', 'kept'), now)!.says, '按时办好')
  assert.equal(dueWords(due('2026-11-20T11:30:00', 'done'), now)!.says, '已办结')
  assert.equal(dueWords({ at: null, which: null, state: 'far' }, now), null)
})

test('a deadline of a word, not of the whole, says so', () => {
  assert.equal(dueWords({ ...due('2026-11-23T09:05:00'), which: 'update' }, now)!.says, '进展 明天 9:05 前')
  assert.equal(dueWords({ ...due('2026-11-22T17:10:00'), which: 'first_answer' }, now)!.says, '首次答复 还剩 3 小时')
})

test('days near by have names, also over midnight', () => {
  assert.equal(dayWords(at('2026-11-21T23:59:00'), now), '昨天')
  assert.equal(dayWords(at('2026-11-24T00:00:00'), now), '后天')
  assert.equal(whenWords(at('2026-11-20T10:20:00'), now), '20 日 10:20')
  assert.equal(whenWords(at('2026-08-30T09:00:00'), now), '8 月 30 日 9:00')
  assert.equal(whenWords(at('2025-08-30T09:00:00'), now), '2025 年 8 月 30 日 9:00')
})

test('the day is China’s, whatever the device thinks', () => {
  assert.equal(dayWords(Date.parse('2026-11-21T16:00:00Z'), now), '今天')
  assert.equal(today(Date.parse('2026-11-21T16:00:00Z')), '2026-11-22')
})

test('no length is shorter than a minute', () => {
  assert.equal(lengthWords(0), '1 分钟')
  assert.equal(lengthWords(47 * 3_600_000), '47 小时')
})
