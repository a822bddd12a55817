/* Checks what a person filled in against the scene's fields, before it is sent and in the server's words.  Rules are
 * judged by rule.ts; while one hangs on something that only the server knows the field is asked and nothing is
 * stopped: the server has the last word on both. */
import { cleanCode, codeSays, type Code } from './codes'
import type { CaseKind, Field, Place } from './types'

export type Values = Record<string, unknown>

/* Decides one rule over the values given so far; null means that only the server can. */
export type Judge = (rule: string, values: Values) => boolean | null

export function isAsked(field: Field, values: Values, judge: Judge): boolean {
  return field.ask === null || judge(field.ask, values) !== false
}

export function askedFields(kind: CaseKind, values: Values, judge: Judge): Field[] {
  return kind.fields.filter(field => isAsked(field, values, judge))
}

/* The sentence that says why this is not a matter for us, or null. */
export function stopped(kind: CaseKind, values: Values, judge: Judge): string | null {
  return kind.stop.find(stop => judge(stop.when, values) === true)?.say ?? null
}

/* The register knows it, and the server fills it in: nobody is asked again. */
export function isKnown(field: Field, knows: string[]): boolean {
  return field.required && Boolean(field.default?.startsWith('me.')) && knows.includes(field.default!.slice(3))
}

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

/* What is wrong with this field's value and what to do, or null. */
export function fault(field: Field, value: unknown): string | null {
  const given = typeof value === 'string' ? value.trim() : value
  if (isEmpty(given)) return field.required ? missing(field) : null
  return FAULTS[field.type]?.(field, given) ?? null
}

function missing(field: Field): string {
  return (MISSING[field.type] ?? MISSING.text!).replace('$', field.title)
}

const MISSING: Record<string, string> = {
  text: '请写一写“$”，一句话就行。',
  choice: '请选一个“$”。', yesno: '请选“是”或“不是”。',
  photos: '请拍一张照片。', place: '请告诉我们在哪里：定位，或者写几个字。',
  phone: '请留一个电话号码。', date: '请选一个日期。', number: '请填一个数。',
}

const FAULTS: Record<string, (field: Field, value: unknown) => string | null> = {
  text: (field, value) => {
    const over = [...String(value)].length - (field.max ?? Infinity)
    return over > 0 ? `多了 ${over} 个字，最多 ${field.max} 个字。` : null
  },
  choice: (field, value) => (known(field, value) ? null : '这一项现在没有了，请重新选。'),
  photos: (field, value) => {
    const over = (value as unknown[]).length - (field.max ?? 9)
    return over > 0 ? `多了 ${over} 张，最多 ${field.max ?? 9} 张。` : null
  },
  place: (_, value) => {
    const { lat, words, area } = value as Place
    return lat === null && !words.trim() && !area ? '请告诉我们在哪里：定位，或者写几个字。' : null
  },
  phone: (_, value) => codeFault('phone', value),
  date: (_, value) => (/^\d{4}-\d{2}-\d{2}$/.test(String(value)) && !Number.isNaN(Date.parse(String(value))) ? null : '请选一个日期。'),
  number: (_, value) => (/^-?\d+(\.\d+)?$/.test(String(value)) ? null : '这里只填数字。'),
}

function codeFault(code: Code, value: unknown): string | null {
  return codeSays(code, cleanCode(code, String(value)), Date.now())
}

function known(field: Field, value: unknown): boolean {
  return field.options.some(option => option.value === value)
}

/* Everything that is still wrong, by field name. */
export function faults(fields: Field[], values: Values): Record<string, string> {
  const found: Record<string, string> = {}
  for (const field of fields) {
    const says = fault(field, values[field.name])
    if (says) found[field.name] = says
  }
  return found
}
