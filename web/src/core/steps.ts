/* A scene's fields laid out as at most three steps of a phone's screen: what happened (photos and words), where and
 * of which kind, and the rest beside the preview.  No scene says so; it follows from the fields' types. */
import type { CaseKind, Field, FieldType } from './types'

export interface Step { title: string; fields: Field[] }

const STEP_OF: Partial<Record<FieldType, number>> = { photos: 0, text: 0, place: 1, choice: 1 }

/* What a service needs is read before anything is photographed. */
export function isService(field: Field): boolean {
  return field.options.some(option => option.materials?.length)
}

export function stepsOf(kind: CaseKind): Step[] {
  const groups: Field[][] = [[], [], []]
  const stepOf = new Map<string, number>()
  for (const field of kind.fields) {
    const step = placed(field, stepOf)
    stepOf.set(field.name, step)
    groups[step]!.push(field)
  }
  const [what, where, rest] = groups.map(inOrder) as [Field[], Field[], Field[]]
  return [
    { title: what.some(isService) ? '办什么' : what.some(f => f.type === 'photos') ? '拍下来' : '说清楚', fields: what },
    { title: where.some(f => f.type === 'place') ? '在哪里' : '哪一类', fields: where },
    { title: '发出去', fields: rest },
  ].filter((step, i) => i === 2 || step.fields.length > 0)
}

/* A field that is asked only because of another's answer stands after that one, never before it. */
function placed(field: Field, before: Map<string, number>): number {
  const own = isService(field) ? 0 : STEP_OF[field.type] ?? 2
  if (!field.ask) return own
  const drivers = [...before].filter(([name]) => field.ask!.includes(name)).map(([, step]) => step)
  return drivers.length > 0 ? Math.max(...drivers) : own
}

/* The service first, then photos and places first in their step; what depends on an answer keeps its place after it. */
function inOrder(fields: Field[]): Field[] {
  const first = (f: Field) => (isService(f) ? -1 : f.type === 'photos' || f.type === 'place' ? 0 : 1)
  return [...fields].sort((a, b) => first(a) - first(b))
}
