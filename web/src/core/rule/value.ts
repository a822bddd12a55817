/* Values of the rule language: what a record holds, as JSON has it, becomes one of these by the type of its name. */
import { readDecimal, whole, type Decimal } from './number'

export type Unit = 'ms' | 'working_ms' | 'working_days' | 'months'
export type Type =
  | 'truth' | 'number' | 'money' | 'length' | 'text' | 'date' | 'time' | 'duration' | 'place' | 'area' | 'person' | 'event'

export interface Span { n: number; unit: Unit }
export interface Where { area?: string | null | undefined; lat?: number | null | undefined; lng?: number | null | undefined }

export type Value =
  | { type: 'unknown'; missing: string }
  | { type: 'truth'; truth: boolean }
  | { type: 'number' | 'money' | 'length'; number: Decimal }
  | { type: 'text'; text: string }
  | { type: 'date'; days: number }
  | { type: 'time'; ms: number }
  | ({ type: 'duration' } & Span)
  | ({ type: 'place' | 'area' } & Where)
  | { type: 'person'; id: string }
  | { type: 'set'; items: Value[] }

export const DAY_MS = 86400000
const BEIJING_MS = 8 * 3600000

export const unknown = (missing = ''): Value => ({ type: 'unknown', missing })
export const truth = (is: boolean): Value => ({ type: 'truth', truth: is })
export const today = (ms: number): number => Math.floor((ms + BEIJING_MS) / DAY_MS)

/* "2026-11-22" as days since 1970; null when there is no such day. */
export function readDate(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const date = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : date.getTime() / DAY_MS
}

/* ISO 8601 with "Z" or an offset, in ms; null when it is no time. */
export function readTime(text: string): number | null {
  const found = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(0\d|1[0-4]):([0-5]\d))$/.exec(text)
  const days = found ? readDate(found[1]!) : null
  if (!found || days === null) return null
  const [, , h, min, s = '0', part = '', sign, oh = '0', om = '0'] = found
  const offset = (Number(oh) * 60 + Number(om)) * (sign === '-' ? -1 : 1)
  return days * DAY_MS + ((Number(h) * 60 + Number(min) - offset) * 60 + Number(s)) * 1000 + Number(part.padEnd(3, '0').slice(0, 3))
}

const AREA = /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|\d{15})$/
const LEVELS: Record<number, string> = { 2: 'province', 4: 'city', 6: 'county', 9: 'street', 12: 'community', 15: 'grid' }

export const isArea = (text: string): boolean => AREA.test(text)
export const areaWithin = (code: string, area: string): boolean => isArea(code) && isArea(area) && code.startsWith(area)
export const levelOf = (code: string): string | null => (isArea(code) ? LEVELS[code.length]! : null)

/* A text where something else is wanted: an area's code, a date, a time. */
export function adapted(value: Value, type: Value['type']): Value {
  if (value.type !== 'text') return value
  if ((type === 'area' || type === 'place') && isArea(value.text)) return { type: 'area', area: value.text }
  const days = type === 'date' ? readDate(value.text) : null
  if (days !== null) return { type: 'date', days }
  const ms = type === 'time' ? readTime(value.text) : null
  return ms === null ? value : { type: 'time', ms }
}

const AMOUNT = { number: 0, money: 0, length: 0 }

/* One datum of a record; undefined, null and what does not fit its type are unknown. */
export function fromJson(type: string, datum: unknown, missing: string): Value {
  if (datum === undefined || datum === null) return unknown(missing)
  if (type.endsWith('*')) {
    return Array.isArray(datum) ? { type: 'set', items: datum.map(item => fromJson(type.slice(0, -1), item, missing)) } : unknown(missing)
  }
  if (type in AMOUNT && (typeof datum === 'number' || typeof datum === 'string')) {
    const number = typeof datum === 'number' && Number.isSafeInteger(datum) ? whole(datum) : readDecimal(String(datum))
    return number === null ? unknown(missing) : { type: type as 'number', number }
  }
  return single(type, datum) ?? unknown(missing)
}

function single(type: string, datum: unknown): Value | null {
  if (type === 'truth' && typeof datum === 'boolean') return truth(datum)
  if (type === 'duration' || type === 'place') return typeof datum === 'object' ? ({ type, ...datum } as Value) : null
  if (typeof datum !== 'string') return null
  switch (type) {
    case 'text': return { type, text: datum }
    case 'area': return isArea(datum) ? { type, area: datum } : null
    case 'person': return { type, id: datum }
    case 'date': case 'time': {
      const value = adapted({ type: 'text', text: datum }, type)
      return value.type === type ? value : null
    }
    default: return null
  }
}

export const count = (n: number): Value => ({ type: 'number', number: whole(n) })
export const metres = (n: number): Value => ({ type: 'length', number: whole(Math.round(n)) })
