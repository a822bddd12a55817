import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  count, decimalText, judgeOf, readRule, RuleMistake, ruleValue, testRule, truth, unknown,
  type Env, type Func, type Name, type Over, type RuleRecord, type Value,
} from '../../src/core/rule'
import type { CaseKind, Field, FieldType } from '../../src/core/types'
import file from '../../../tests/vectors/rules.json'

interface Held extends RuleRecord { household: Held[]; lasted: number | undefined; quiet: number | undefined }
interface Told { values: Record<string, unknown>; household?: Told[]; lasted?: number; quiet?: number }
interface Given extends Told {
  then: string; missing?: string; value?: string
}
interface Case {
  at: string; rule: string; type: string; now: string
  errors?: { line: number; column: number; says: string }[]; records?: Given[]
}

/* The functions that the vectors speak of: tag(name), count(household, rule), household(rule). */
const functions: Func[] = [
  {
    name: 'tag', zh: '标签', params: [{ name: 'name', zh: '名称' }],
    run: ({ args, record }) => {
      const tags = record.values.tags as string[] | undefined, name = args[0]![0]!
      return tags && name.type === 'text' ? truth(tags.includes(name.text)) : unknown()
    },
  },
  {
    name: 'count', zh: '人数', takesUnknown: true,
    params: [{ name: 'of', zh: '范围' }, { name: 'rule', zh: '条件', rule: true }],
    run: ({ rules, record }) => {
      const found = (record as Held).household.map(member => rules[1]!(member))
      return found.includes(null) ? unknown() : count(found.filter(is => is).length)
    },
  },
  {
    name: 'household', zh: '家里有', params: [{ name: 'rule', zh: '条件', rule: true }],
    run: ({ rules, record }) => {
      const found = (record as Held).household.map(member => rules[0]!(member))
      return found.includes(true) ? truth(true) : found.includes(null) ? unknown('家里人的情况') : truth(false)
    },
  },
]

const env: Env = { names: file.names as Name[], functions }

/* `lasted` and `quiet` stand in for a history. */
function over(over: Over, now: boolean | null, record: RuleRecord): boolean | null {
  const { lasted, quiet } = record as Held, n = over.kind === 'no' ? quiet : lasted
  if (n === undefined || (over.kind === 'for' && now === null)) return null
  if (over.kind === 'for') return now === true && n >= over.span.n
  return over.kind === 'no' ? n >= over.span.n : now === true || n <= over.span.n
}

function held({ values, household = [], lasted, quiet }: Told, now: number): Held {
  return { values, now, over, lasted, quiet, household: household.map(member => held(member, now)) }
}

/* The words of the server's rule_value_zh(), for the kinds that the vectors give. */
function words(value: Value): string {
  switch (value.type) {
    case 'number': return decimalText(value.number)
    case 'money': return decimalText(value.number / 100n).replace(/\.(\d)$/, '.$10') + ' 元'
    case 'length': return decimalText(value.number) + ' 米'
    case 'text': return value.text
    case 'date': case 'time': {
      const at = new Date((value.type === 'date' ? value.days * 86400000 : value.ms + 8 * 3600000))
      const day = `${at.getUTCFullYear()} 年 ${at.getUTCMonth() + 1} 月 ${at.getUTCDate()} 日`
      return value.type === 'date' ? day : `${day} ${at.getUTCHours()}:${String(at.getUTCMinutes()).padStart(2, '0')}`
    }
    case 'duration': return span(value.n, value.unit)
    default: return ''
  }
}

const SPANS: Record<string, [number, string][]> = {
  ms: [[604800000, '周'], [86400000, '天'], [3600000, '小时'], [60000, '分钟'], [1000, '秒']],
  working_ms: [[3600000, '个工作小时']], working_days: [[1, '个工作日']], months: [[12, '年'], [1, '个月']],
}

function span(n: number, unit: string): string {
  const [factor, zh] = SPANS[unit]!.find(([factor]) => n % factor === 0)!
  return `${n / factor} ${zh}`
}

function check(rule: ReturnType<typeof readRule>, given: Given, one: Case): void {
  const record = held(given, Date.parse(one.now))
  const value = ruleValue(rule, record)
  if (given.then === 'unknown') assert.deepEqual(value, { type: 'unknown', missing: given.missing })
  else if (given.then === 'value') assert.equal(words(value), given.value)
  else assert.equal(testRule(rule, record), given.then === 'yes')
}

for (const one of file.cases as Case[]) {
  const name = `${one.at} ${one.rule}`
  if (one.at.startsWith('misfits')) continue /* types are the server's to check */
  if (one.errors) {
    test(`${name} is refused where the server refuses it`, () => {
      const { line, column, says } = one.errors![0]!
      assert.throws(() => readRule(one.rule, env), (error: unknown) => {
        assert.ok(error instanceof RuleMistake)
        assert.deepEqual([error.line, error.column, error.message], [line, column, says.replace(/，您是不是想写.*”/, '')])
        return true
      })
    })
    continue
  }
  test(`${name} gives what the server gives`, () => {
    const rule = readRule(one.rule, env)
    for (const given of one.records ?? []) check(rule, given, one)
  })
}

function field(name: string, title: string, type: FieldType, options: string[] = []): Field {
  return {
    name, title, type, required: false, max: null, ask: null, voice: false, grade: 'plain', default: null,
    options: options.map(value => ({ value, group: null })),
  }
}

const kind = {
  fields: [
    field('category', '类别', 'choice', ['治安', '燃气', '火情']), field('urgent', '紧急吗', 'yesno'),
    field('what', '情况', 'text'), field('where', '位置', 'place'), field('people', '人数', 'number'), field('since', '哪天', 'date'),
  ],
} as unknown as CaseKind

const judge = judgeOf(kind, () => Date.parse('2026-03-01T10:00:00+08:00'))

test('a form is judged by what was filled in so far, by field names or titles', () => {
  assert.equal(judge('category in ["治安", "燃气"]', { category: '治安' }), true)
  assert.equal(judge('类别 = “火情”', { category: '治安' }), false)
  assert.equal(judge('紧急吗', { urgent: true }), true)
  assert.equal(judge('people >= 3', { people: '12' }), true)
  assert.equal(judge('since < today', { since: '2026-02-28' }), true)
  assert.equal(judge('where in "420602001"', { where: { lat: 32, lng: 112, source: 'gps', words: '', area: '420602001002' } }), true)
  assert.equal(judge('matches(what, "井盖", "窨井")', { what: '井盖丢了' }), true)
})

test('what is not filled in satisfies no rule, as on the server', () => {
  assert.equal(judge('category = "火情"', {}), false)
  assert.equal(judge('category = "火情"', { category: '' }), false)
  assert.equal(judge('not urgent', {}), false)
})

test('what only the server knows leaves a rule undecided unless the rest decides', () => {
  assert.equal(judge('duty("社区值守") or urgent', { urgent: false }), null)
  assert.equal(judge('duty("社区值守") or urgent', { urgent: true }), true)
  assert.equal(judge('tag("独居老人") and urgent', { urgent: false }), false)
  assert.equal(judge('me.age > 60 and urgent', { urgent: true }), null)
  assert.equal(judge('has(what)', {}), false)
})

test('a rule that cannot be read is left to the server', () => {
  assert.equal(judge('category = = 3', { category: '治安' }), null)
  assert.equal(judge('', {}), null)
})

test('a rule that looks at too much is stopped', () => {
  const ever: Func = { name: 'ever', params: [{ name: 'rule', rule: true }], run: ({ rules, record }) => {
    for (let i = 0; i < 1e6; i++) rules[0]!(record)
    return truth(true)
  } }
  assert.equal(testRule(readRule('ever(1 = 1)', { names: [], functions: [ever] }), { values: {}, now: 0 }), null)
})
