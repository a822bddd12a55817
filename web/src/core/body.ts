/* What was filled in, as the interface takes it. */
import { isEmpty, type Values } from './check'
import type { CaseKind, Place } from './types'

/* Only of the fields that were asked; photos by the ids that their sending gave them. */
export function fieldsBody(kind: CaseKind, values: Values, asked: (name: string) => boolean): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const { name, type } of kind.fields) {
    if (asked(name) && !isEmpty(values[name])) fields[name] = sendable(type, values[name])
  }
  return fields
}

function sendable(type: string, value: unknown): unknown {
  if (type === 'photos') return (value as { id?: string | null }[]).map(photo => photo.id).filter(Boolean)
  if (type === 'place') return Object.fromEntries(Object.entries(value as Place).filter(([, v]) => !isEmpty(v)))
  if (type === 'number') return Number(value)
  return typeof value === 'string' ? value.trim() : value
}

/* The options that the words speak of, the likeliest first: those of whose name most pairs of characters stand in them. */
export function likelyOptions(options: { value: string }[], words: string, most = 3): string[] {
  const pairs = (text: string) => Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2))
  return options
    .map(({ value }) => ({ value, hits: pairs(value).filter(pair => words.includes(pair)).length }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits)
    .slice(0, most)
    .map(({ value }) => value)
}
