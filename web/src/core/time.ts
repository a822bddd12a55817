/* Times as people say them, always in China's time whatever the device thinks. */
import type { Due } from './types'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const CHINA = 8 * HOUR

interface Wall { year: number; month: number; day: number; clock: string; dayNumber: number }

function wall(ms: number): Wall {
  const there = new Date(ms + CHINA)
  const two = (n: number) => String(n).padStart(2, '0')
  return {
    year: there.getUTCFullYear(), month: there.getUTCMonth() + 1, day: there.getUTCDate(),
    clock: `${there.getUTCHours()}:${two(there.getUTCMinutes())}`,
    dayNumber: Math.floor((ms + CHINA) / DAY),
  }
}

/* 今天 18:00 · 昨天 9:30 · 22 日 13:02 · 8 月 30 日 9:00 · 2025 年 8 月 30 日 9:00 */
export function whenWords(at: number, now: number): string {
  return `${dayWords(at, now)} ${wall(at).clock}`
}

export function dayWords(at: number, now: number): string {
  const then = wall(at)
  const today = wall(now)
  const near: Record<number, string> = { [-1]: '昨天', 0: '今天', 1: '明天', 2: '后天' }
  const word = near[then.dayNumber - today.dayNumber]
  if (word) return word
  if (then.year !== today.year) return `${then.year} 年 ${then.month} 月 ${then.day} 日`
  return then.month === today.month ? `${then.day} 日` : `${then.month} 月 ${then.day} 日`
}

/* Under two hours in minutes, under two days in hours: a length one can act on. */
export function lengthWords(ms: number): string {
  if (ms < 2 * HOUR) return `${Math.max(1, Math.floor(ms / MINUTE))} 分钟`
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)} 小时` : `${Math.floor(ms / DAY)} 天`
}

export type DueLook = 'far' | 'soon' | 'late' | 'hold' | 'kept' | 'done'

/* How a deadline looks and what it says at `now`.  The clock running out needs no news from the server.
 * Null: no clock runs. */
export function dueWords(due: Due, now: number): { look: DueLook; says: string } | null {
  if (due.state === 'hold') return { look: 'hold', says: '暂停计时' }
  if (due.state === 'kept') return { look: 'kept', says: '按时办好' }
  if (due.state === 'done') return { look: 'done', says: '已办结' }
  if (!due.at) return null
  const at = Date.parse(due.at)
  const what = due.which === 'update' ? '进展 ' : due.which === 'first_answer' ? '首次答复 ' : ''
  if (now > at) return { look: 'late', says: `${what}超时 ${lengthWords(now - at)}` }
  if (at - now < 4 * HOUR) return { look: 'soon', says: `${what}还剩 ${lengthWords(at - now)}` }
  return { look: 'far', says: `${what}${whenWords(at, now)} 前` }
}

/* The date a person picks in <input type=date> is a day in China. */
export function today(now: number): string {
  const { year, month, day } = wall(now)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/* 周二: a day is named by it when somebody is to come. */
export function weekdayWords(at: number): string {
  return `周${'日一二三四五六'[new Date(at + CHINA).getUTCDay()]}`
}

export function clockWords(at: number): string {
  return wall(at).clock
}

/* What is written into a field of day and time, as the interface has it: in China's time, wherever the browser is. */
export function momentOf(written: string): string {
  return `${written}:00+08:00`
}
