/* The rule language on the client: the server's `ask` and `stop` judged while somebody fills in a form, so that what
 * need not be asked is not, and what cannot be taken is said before it is typed.  Docs: docs/rules.md; the same cases
 * as the server's are in tests/vectors/rules.json.  The server has the last word: types are checked there. */
import type { Judge, Values } from './check'
import { commonFunctions, commonNames } from './rule/common'
import { parse, partsOf, type Choice, type Env, type Name, type Node, type RuleRecord } from './rule/parse'
import { run } from './rule/run'
import type { Value } from './rule/value'
import type { CaseKind, Field, FieldType } from './types'

export { RuleMistake } from './rule/parse'
export type { Choice, Env, Func, Name, Over, RuleRecord } from './rule/parse'
export { decimalText } from './rule/number'
export { truth, unknown, count, type Value } from './rule/value'

export interface Rule { text: string; node: Node }

/* Throws a RuleMistake with line, column and a sentence. */
export function readRule(text: string, env: Env): Rule {
  const names = [...env.names, ...commonNames], functions = [...env.functions, ...commonFunctions]
  return { text, node: parse(text, { ...env, names, functions }) }
}

export function ruleValue(rule: Rule, record: RuleRecord): Value {
  return run(rule.node, record)
}

/* null: something that decides is not known; the rule then counts as not satisfied. */
export function testRule(rule: Rule, record: RuleRecord): boolean | null {
  const value = ruleValue(rule, record)
  return value.type === 'truth' ? value.truth : null
}

/* ---- forms ---- */

const TYPES: Record<FieldType, Name['type']> = {
  choice: 'text', yesno: 'truth', text: 'text', photos: 'text*', place: 'place', phone: 'text',
  number: 'number', date: 'date', person: 'person',
}

function nameOf(field: Field): Name {
  const choices: Choice[] = field.options.map(option => ({ word: option.value }))
  return { name: field.name, zh: field.title, type: TYPES[field.type], choices: field.type === 'choice' ? choices : [] }
}

/* Judges a kind's rules over what was filled in so far, as the server will: what is not filled in is unknown, and an
 * unknown rule is not satisfied.  Undecided (null) is only what hangs on something that the server alone knows. */
export function judgeOf(kind: CaseKind, now: () => number = Date.now): Judge {
  const env: Env = { names: kind.fields.map(nameOf), functions: [], lenient: true }
  const read = new Map<string, Rule | null>()

  const ruleOf = (text: string): Rule | null => {
    if (!read.has(text)) read.set(text, readable(text, env))
    return read.get(text)!
  }
  return (text, values) => {
    const rule = ruleOf(text)
    if (!rule) return null
    const is = testRule(rule, { values: filled(values), now: now() })
    return is === null && !namesStrangers(rule.node) ? false : is
  }
}

function namesStrangers(node: Node): boolean {
  return node.kind === 'unknown' || partsOf(node).some(namesStrangers)
}

function readable(text: string, env: Env): Rule | null {
  try {
    return readRule(text, env)
  } catch {
    return null
  }
}

function filled(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
}
