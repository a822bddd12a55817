/* Runs a rule on a record, three-valued: a test on what is not known is unknown, `no and unknown` is no, `yes or
 * unknown` is yes.  The same results as the server's src/rule/run.c. */
import { fit, over as quotient, rounded, times, whole, type Decimal } from './number'
import type { Compare, Func, Name, Node, RuleRecord } from './parse'
import { adapted, areaWithin, DAY_MS, fromJson, today, truth, unknown, type Span, type Value } from './value'

const STEPS_MAX = 10000
const YEARS_MAX = 10000
const NO_RESULT = '算得出的结果（除数是零、数太大或时长单位不同）'

class Stopped extends Error {}

export function run(node: Node, record: RuleRecord): Value {
  try {
    return new Run().value(node, record)
  } catch (error) {
    if (error instanceof Stopped) return unknown('结果：要看的太多了')
    throw error
  }
}

const known = (value: Value): boolean => value.type !== 'unknown'
const isTrue = (value: Value): boolean | null => (value.type === 'truth' ? value.truth : null)
const fromTruth = (is: boolean | null, missing: string): Value => (is === null ? unknown(missing) : truth(is))

class Run {
  private steps = 0

  private step(): void {
    if (++this.steps > STEPS_MAX) throw new Stopped()
  }

  value(node: Node, record: RuleRecord): Value {
    this.step()
    switch (node.kind) {
      case 'and': return this.chain(node.parts, record, false)
      case 'or': return this.chain(node.parts, record, true)
      case 'not': return flipped(this.value(node.part, record))
      case 'compare': return compare(node.op, this.value(node.left, record), this.value(node.right, record))
      case 'between': return this.between(node, record)
      case 'in': return this.within(node, record)
      case 'over': return this.over(node, record)
      case 'sum': return sum(node.op, this.value(node.left, record), this.value(node.right, record))
      case 'minus': return negated(this.value(node.part, record))
      case 'const': return node.value
      case 'name': return fetch(node.name, record)
      case 'call': return this.call(node.func, node.args, record)
      case 'set': return { type: 'set', items: node.items.map(item => this.value(item, record)) }
      case 'unknown': return unknown(node.word)
    }
  }

  /* The decisive truth ends it; otherwise the first unknown is kept. */
  private chain(parts: Node[], record: RuleRecord, decisive: boolean): Value {
    let whole: Value = truth(!decisive)
    for (const part of parts) {
      const value = this.value(part, record), is = isTrue(value)
      if (is === decisive) return value
      if (is === null && known(whole)) whole = known(value) ? unknown() : value
    }
    return whole
  }

  private between(node: Node & { kind: 'between' }, record: RuleRecord): Value {
    const thing = this.value(node.thing, record)
    const above = compare('>=', thing, this.value(node.lower, record))
    const below = compare('<=', thing, this.value(node.upper, record))
    if (isTrue(above) === false || isTrue(below) === false) return truth(false)
    return known(above) ? below : above
  }

  private within(node: Node & { kind: 'in' }, record: RuleRecord): Value {
    const thing = this.value(node.left, record), set = this.value(node.right, record)
    if (!known(set)) return set
    let result = truth(false)
    for (const item of set.type === 'set' ? set.items : [set]) {
      this.step()
      const is = member(thing, item)
      if (isTrue(is)) return is
      if (!known(is)) result = is
    }
    return result
  }

  private over(node: Node & { kind: 'over' }, record: RuleRecord): Value {
    const now: Value = node.test ? this.value(node.test, record) : unknown(node.over.name?.zh ?? node.over.name?.name ?? '')
    if (!record.over) return unknown('持续了多久')
    return fromTruth(record.over(node.over, isTrue(now), record), now.type === 'unknown' ? now.missing : '')
  }

  private call(func: Func, args: Node[][], record: RuleRecord): Value {
    const values: Value[][] = []
    for (const [i, param] of func.params.entries()) {
      const given = param.rule ? [] : args[i]!.map(arg => this.value(arg, record))
      const missing = given.find(value => !known(value))
      if (missing && !func.takesUnknown) return missing
      values.push(given)
    }
    const rules = func.params.map((_, i) => (sub: RuleRecord) => isTrue(this.value(args[i]![0]!, sub)))
    const result = func.run({ args: values, rules, record })
    return result.type === 'unknown' && !result.missing ? unknown(func.zh ?? func.name) : result
  }
}

function fetch(name: Name, record: RuleRecord): Value {
  return name.fetch?.(record) ?? fromJson(name.type, record.values[name.name], name.zh ?? name.name)
}

function flipped(value: Value): Value {
  return value.type === 'truth' ? truth(!value.truth) : value
}

/* ---- comparisons ---- */

const daysOf = (value: Value & { type: 'date' | 'time' }): number => (value.type === 'time' ? today(value.ms) : value.days)

/* -1, 0, 1; null when the two have no order. */
function order(a: Value, b: Value): number | null {
  const sign = <T extends number | bigint | string>(x: T, y: T) => (x > y ? 1 : x < y ? -1 : 0)
  if ((a.type === 'date' || a.type === 'time') && (b.type === 'date' || b.type === 'time'))
    return a.type === 'time' && b.type === 'time' ? sign(a.ms, b.ms) : sign(daysOf(a), daysOf(b))
  if (a.type === 'duration' && b.type === 'duration') return a.unit === b.unit ? sign(a.n, b.n) : null
  if ('number' in a && 'number' in b) return a.type === b.type ? sign(a.number, b.number) : null
  if (a.type === 'text' && b.type === 'text') return sign(a.text, b.text)
  if (a.type === 'area' && b.type === 'area') return sign(a.area ?? '', b.area ?? '')
  if (a.type === 'person' && b.type === 'person') return sign(a.id, b.id)
  return null
}

const HOLDS: Record<Compare, (order: number) => boolean> = {
  '=': o => o === 0, '!=': o => o !== 0, '<': o => o < 0, '<=': o => o <= 0, '>': o => o > 0, '>=': o => o >= 0,
}

function compare(op: Compare, left: Value, right: Value): Value {
  if (!known(left)) return left
  if (!known(right)) return right
  const at = order(adapted(left, right.type), adapted(right, left.type))
  return at === null ? unknown('可以相比的时长：单位不同') : truth(HOLDS[op](at))
}

function member(thing: Value, item: Value): Value {
  if (!known(thing)) return thing
  const area = thing.type === 'area' || thing.type === 'place' ? adapted(item, 'area') : item
  const inside = area.type === 'area' ? adapted(thing, 'area') : thing
  if (area.type !== 'area' || (inside.type !== 'area' && inside.type !== 'place')) return compare('=', thing, item)
  return inside.area ? truth(areaWithin(inside.area, area.area ?? '')) : unknown('所在辖区')
}

/* ---- arithmetic ---- */

function sum(op: '+' | '-' | '*' | '/', left: Value, right: Value): Value {
  if (!known(left)) return left
  if (!known(right)) return right
  const result = op === '+' ? added(left, right) : op === '-' ? subtracted(left, right) : scaled(op, left, right)
  return result ?? unknown(NO_RESULT)
}

function added(a: Value, b: Value): Value | null {
  if (a.type === 'duration' && b.type === 'duration') return a.unit === b.unit ? { ...a, n: a.n + b.n } : null
  if (b.type === 'duration') return moved(a, b)
  if (!('number' in a) || !('number' in b) || a.type !== b.type) return null
  const number = fit(a.number + b.number)
  return number === null ? null : { type: a.type, number }
}

function subtracted(a: Value, b: Value): Value | null {
  if (a.type === 'time' && b.type === 'time') return { type: 'duration', n: a.ms - b.ms, unit: 'ms' }
  if (a.type === 'date' && b.type === 'date') return { type: 'duration', n: (a.days - b.days) * DAY_MS, unit: 'ms' }
  return added(a, negated(b))
}

function negated(value: Value): Value {
  if (value.type === 'duration') return { ...value, n: -value.n }
  return 'number' in value ? { ...value, number: -value.number } : value
}

function scaled(op: '*' | '/', a: Value, b: Value): Value | null {
  const x = amount(a), y = amount(b)
  if (x === null || y === null || (a.type === 'duration' && b.type === 'duration' && a.unit !== b.unit)) return null
  const number = op === '*' ? times(x, y) : quotient(x, y)
  const kind = op === '/' && a.type === b.type ? 'number' : a.type === 'number' ? b.type : a.type
  if (number === null || (a.type !== 'number' && b.type !== 'number' && kind !== 'number')) return null
  if (kind !== 'duration') return { type: kind as 'number', number }
  return { type: 'duration', n: rounded(number), unit: (a.type === 'duration' ? a : (b as Span)).unit }
}

function amount(value: Value): Decimal | null {
  return 'number' in value ? value.number : value.type === 'duration' ? whole(value.n) : null
}

/* A date or time moved by a duration; null for working time, which only the county's calendar can count. */
function moved(from: Value, span: Span): Value | null {
  if ((from.type !== 'date' && from.type !== 'time') || (span.unit !== 'ms' && span.unit !== 'months')) return null
  const day = daysOf(from), ms = span.unit === 'ms' ? span.n : 0
  if (Math.abs(span.n) > YEARS_MAX * (span.unit === 'months' ? 12 : 366 * DAY_MS)) return null
  const to = span.unit === 'months' ? shifted(day, span.n) : day
  if (to === null) return null
  if (from.type === 'time') return { type: 'time', ms: from.ms + (to - day) * DAY_MS + ms }
  return { type: 'date', days: to + Math.trunc(ms / DAY_MS) }
}

/* The same day some months later, the month's last if it is shorter. */
function shifted(days: number, months: number): number | null {
  const at = new Date(days * DAY_MS), count = at.getUTCFullYear() * 12 + at.getUTCMonth() + months
  if (count < 0) return null
  const year = Math.floor(count / 12), month = count % 12
  const start = new Date(0)
  start.setUTCFullYear(year, month + 1, 0)
  const last = start.getUTCDate()
  start.setUTCFullYear(year, month, Math.min(at.getUTCDate(), last))
  return start.getTime() / DAY_MS
}
