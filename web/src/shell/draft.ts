/* A form half filled in, kept while this window is open.  Photos are too large and personal values too delicate: they
 * are given again. */
import type { Values } from '../core/check'
import type { CaseKind } from '../core/types'

const PREFIX = 'linli.draft.'
const PLAIN = new Set(['text', 'choice', 'yesno', 'place', 'date', 'number'])

function keepable(kind: CaseKind): string[] {
  return kind.fields.filter(field => PLAIN.has(field.type) && field.grade !== 'personal').map(field => field.name)
}

export function keepDraft(name: string, kind: CaseKind, values: Values): void {
  const kept = keepable(kind).filter(field => values[field] !== undefined).map(field => [field, values[field]])
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(Object.fromEntries(kept)))
  } catch { /* no room: the form itself still holds everything */ }
}

export function recallDraft(name: string, kind: CaseKind): Values {
  try {
    const kept = JSON.parse(sessionStorage.getItem(PREFIX + name) ?? '{}') as Values
    return Object.fromEntries(keepable(kind).filter(field => field in kept).map(field => [field, kept[field]]))
  } catch {
    return {}
  }
}

export function forgetDraft(name: string): void {
  sessionStorage.removeItem(PREFIX + name)
}
