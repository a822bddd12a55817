/* The fixed words of the rule language, in both languages: the same tables as the server's src/rule/words.c. */
import type { Unit } from './value'

export type Kind =
  | 'end' | 'number' | 'text' | 'date' | 'time' | 'word' | '(' | ')' | '[' | ']' | ',' | '.'
  | '=' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | 'or' | 'and' | 'not' | 'in' | 'between' | 'for' | 'within' | 'no'
  | 'isnt' /* 不是: `not` before a test, `!=` between two things */
  | 'havent' /* 没有: `no` before an event, `not` before anything else */
  | 'to' /* 到: the "and" of a between */
  | 'at' /* 在: `in` before a set, `within` before a number */
  | 'inside' /* 内, which may follow a within's duration */

const SPELLINGS: Partial<Record<Kind, string>> = {
  or: 'or 或 或者', and: 'and 且 并且 而且 和 与', not: 'not 非 不', isnt: '不是', havent: '没有',
  in: 'in 属于', between: 'between 介于', to: '到 至', for: 'for 持续', within: 'within', at: '在',
  inside: '内 以内 之内', no: 'no 无', '=': '等于 是 为', '!=': '不等于',
  '<': '小于 低于 少于 早于', '<=': '小于等于 不大于 不超过 至多 不高于 不晚于',
  '>': '大于 高于 多于 超过 晚于', '>=': '大于等于 不小于 不低于 不少于 至少 不早于',
}

export const keywords = new Map<string, Kind>(
  Object.entries(SPELLINGS).flatMap(([kind, words]) => words.split(' ').map(word => [word, kind as Kind] as const)))

export interface UnitRow {
  type: 'number' | 'money' | 'length' | 'duration'
  factor: number; scale: number; unit: Unit
}

const row = (type: UnitRow['type'], factor: number, unit: Unit = 'ms', scale = 0): UnitRow => ({ type, factor, scale, unit })

const UNITS: [string, UnitRow][] = [
  ['s,秒,sec,second,seconds', row('duration', 1000)],
  ['min,分钟,minute,minutes', row('duration', 60000)],
  ['h,小时,hour,hours,个小时', row('duration', 3600000)],
  ['day,days,天,d,日', row('duration', 86400000)],
  ['week,weeks,周,星期,个星期', row('duration', 604800000)],
  ['working hour,working hours,个工作小时,working h,工作小时', row('duration', 3600000, 'working_ms')],
  ['working day,working days,个工作日,工作日', row('duration', 1, 'working_days')],
  ['month,months,个月,月', row('duration', 1, 'months')],
  ['year,years,年', row('duration', 12, 'months')],
  ['m,米,metres', row('length', 1)],
  ['km,公里,千米', row('length', 1000)],
  ['fen,分', row('money', 1)],
  ['yuan,元', row('money', 100)],
  ['%,％', row('number', 1, 'ms', 2)],
  ['person,people,人', row('number', 1)],
  ['household,households,户', row('number', 1)],
  ['year old,years old,岁,周岁', row('number', 1)],
]

const spelled = UNITS.flatMap(([words, unit]) => words.split(',').map(word => {
  const goesOn = /[a-z]$/.test(word) ? '(?![A-Za-z0-9_])' : ''
  return { unit, pattern: new RegExp(word.replace(' ', '[ \\t\\r\\n]+') + goesOn, 'y') }
}))

/* The longest unit that stands at that place. */
export function unitAt(text: string, at: number): { unit: UnitRow; end: number } | null {
  let best: { unit: UnitRow; end: number } | null = null
  for (const { unit, pattern } of spelled) {
    pattern.lastIndex = at
    if (pattern.test(text) && pattern.lastIndex > (best?.end ?? at)) best = { unit, end: pattern.lastIndex }
  }
  return best
}
