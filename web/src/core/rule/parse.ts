/* Recursive descent over the grammar of docs/rules.md.  Words are looked up, arguments put to their parameters, texts
 * beside a closed list checked; types are the server's to check, and what does not fit is unknown when it is run. */
import { amountOf, Lexer, mistake, RuleMistake, type Token } from './lex'
import { rounded, whole } from './number'
import type { Span, Type, Value } from './value'
import type { Kind } from './words'

export { RuleMistake }

export interface Choice { word: string; zh?: string | undefined }
export interface Name {
  name: string; zh?: string; type: Type | `${Type}*`; choices?: Choice[]
  fetch?: (record: RuleRecord) => Value /* otherwise the record's datum of that name */
}

export interface Param { name: string; zh?: string; optional?: boolean; many?: boolean; rule?: boolean; choices?: Choice[] }
export interface Call {
  args: Value[][] /* by parameter; none: left out */
  rules: ((record: RuleRecord) => boolean | null)[] /* by parameter: run on a sub-record */
  record: RuleRecord
}
export interface Func {
  name: string; zh?: string
  params: Param[]
  takesUnknown?: boolean /* otherwise an unknown argument makes it unknown */
  choices?: Choice[]
  run: (call: Call) => Value
}

export interface Over { kind: 'for' | 'within' | 'no'; index: number; span: Span; name: Name | null }
export interface RuleRecord {
  values: Record<string, unknown>
  now: number /* ms */
  over?: (over: Over, now: boolean | null, record: RuleRecord) => boolean | null
}

/* What may be named.  Lenient: a word that is not known is a datum that is not known, rather than a mistake. */
export interface Env { names: Name[]; functions: Func[]; lenient?: boolean }

export type Compare = '=' | '!=' | '<' | '<=' | '>' | '>='
export type Node =
  | { kind: 'or' | 'and'; parts: Node[] }
  | { kind: 'not' | 'minus'; part: Node }
  | { kind: 'compare'; op: Compare; left: Node; right: Node }
  | { kind: 'in'; left: Node; right: Node }
  | { kind: 'between'; thing: Node; lower: Node; upper: Node }
  | { kind: 'over'; over: Over; test: Node | null }
  | { kind: 'sum'; op: '+' | '-' | '*' | '/'; left: Node; right: Node }
  | { kind: 'const'; value: Value }
  | { kind: 'name'; name: Name }
  | { kind: 'call'; func: Func; args: Node[][] }
  | { kind: 'set'; items: Node[] }
  | { kind: 'unknown'; word: string }

export function partsOf(node: Node): Node[] {
  switch (node.kind) {
    case 'or': case 'and': return node.parts
    case 'not': case 'minus': return [node.part]
    case 'compare': case 'in': case 'sum': return [node.left, node.right]
    case 'between': return [node.thing, node.lower, node.upper]
    case 'over': return node.test ? [node.test] : []
    case 'call': return node.args.flat()
    case 'set': return node.items
    case 'const': case 'name': case 'unknown': return []
  }
}

const NODES_MAX = 256, DEPTH_MAX = 32, TEXT_MAX = 4096
const TOO_DEEP = `套得太深：最多 ${DEPTH_MAX} 层，请拆成几条规则。`
const COMPARES: Partial<Record<Kind, Compare>> = { '=': '=', '!=': '!=', isnt: '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' }

export function parse(source: string, env: Env): Node {
  if (utf8Bytes(source) > TEXT_MAX) throw mistake(source, 0, `规则太长：最多 ${TEXT_MAX} 字节。`)
  const parser = new Parser(source, env)
  return parser.all()
}

function utf8Bytes(text: string): number {
  let bytes = 0
  for (const point of text) bytes += point < '\x80' ? 1 : point < '\u0800' ? 2 : point.length === 1 ? 3 : 4
  return bytes
}

class Parser {
  private readonly lexer: Lexer
  private readonly known: Set<string>
  private now!: Token
  private nodes = 0
  private overs = 0
  private nest = 0
  private readonly places = new WeakMap<Node, { at: Token; height: number }>()

  constructor(private readonly source: string, private readonly env: Env) {
    this.lexer = new Lexer(source)
    this.known = new Set([
      ...env.names.flatMap(row => [...row.name.split('.'), ...(row.zh?.split('.') ?? [])]),
      ...env.functions.flatMap(row => [row.name, row.zh ?? '', ...row.params.flatMap(param => [param.name, param.zh ?? ''])]),
    ])
    this.now = this.read(0)
  }

  all(): Node {
    if (this.is('end')) throw this.wrong(this.now, '规则是空的。')
    const node = this.rule()
    if (!this.is('end')) throw this.refused(' and（且）、or（或），或者到此为止')
    return node
  }

  /* ---- tokens ---- */

  private read(from: number): Token {
    return this.lexer.next(from, word => this.known.has(word))
  }

  private is(kind: Kind): boolean {
    return this.now.kind === kind
  }

  private peek(): Token | null {
    try {
      return this.read(this.now.end)
    } catch {
      return null
    }
  }

  private take(): Token {
    const taken = this.now
    this.now = this.read(taken.end)
    return taken
  }

  private takeIf(kind: Kind): boolean {
    if (!this.is(kind)) return false
    this.take()
    return true
  }

  private wrong(at: Token, says: string): RuleMistake {
    return mistake(this.source, at.at, says)
  }

  private refused(wanted: string): RuleMistake {
    return this.wrong(this.now, this.is('end')
      ? `规则没有写完，后面应当是${wanted}。` : `这里应当是${wanted}，写的却是“${this.now.text}”。`)
  }

  private node<N extends Node>(at: Token, node: N): N {
    const height = 1 + Math.max(0, ...partsOf(node).map(part => this.places.get(part)!.height))
    this.places.set(node, { at, height })
    if (++this.nodes > NODES_MAX) throw this.wrong(at, `规则太长：最多 ${NODES_MAX} 个部分，请拆成几条。`)
    if (height > DEPTH_MAX) throw this.wrong(at, TOO_DEEP)
    return node
  }

  private nested<T>(read: () => T): T {
    if (++this.nest > DEPTH_MAX) throw this.wrong(this.now, TOO_DEEP)
    const result = read()
    this.nest--
    return result
  }

  /* ---- or, and, not, test ---- */

  private rule(): Node {
    return this.nested(() => this.chain('or', () => this.chain('and', () => this.not())))
  }

  private chain(kind: 'or' | 'and', part: () => Node): Node {
    const at = this.now, parts = [part()]
    while (this.takeIf(kind)) parts.push(part())
    return parts.length === 1 ? parts[0]! : this.node(at, { kind, parts })
  }

  private beginsEvent(): boolean {
    const next = this.peek()
    return next?.kind === 'word' && this.find([next.text])?.type === 'event'
  }

  private not(): Node {
    const at = this.now, kind = at.kind
    if (kind !== 'not' && kind !== 'isnt' && (kind !== 'havent' || this.beginsEvent())) return this.test()
    return this.nested(() => {
      this.take()
      const part = this.not()
      return this.node(at, { kind: 'not', part })
    })
  }

  private test(): Node {
    const at = this.now
    if (at.kind === 'no' || (at.kind === 'havent' && this.beginsEvent())) return this.no()
    let node = this.sum()
    node = this.is('not') ? this.negated(at, node) : this.comparison(at, node)
    return this.is('for') || this.is('within') || this.is('at') ? this.over(at, node) : node
  }

  private comparison(at: Token, left: Node): Node {
    const op = COMPARES[this.now.kind]
    if (op) {
      this.take()
      const right = this.sum()
      this.choose(right, left)
      this.choose(left, right)
      return this.node(at, { kind: 'compare', op, left, right })
    }
    if (this.is('in') || (this.is('at') && this.peek()?.kind !== 'number')) {
      this.take()
      const right = this.unary()
      this.choose(right, left)
      return this.node(at, { kind: 'in', left, right })
    }
    return this.takeIf('between') ? this.between(at, left) : left
  }

  private between(at: Token, thing: Node): Node {
    const lower = this.sum()
    if (!this.takeIf('and') && !this.takeIf('to')) throw this.refused(' and（到）')
    const upper = this.sum()
    return this.node(at, { kind: 'between', thing, lower, upper })
  }

  /* `x not in […]` is the same as `not x in […]`. */
  private negated(at: Token, left: Node): Node {
    this.take()
    if (!['in', 'at', 'between'].includes(this.now.kind)) throw this.refused(' in（属于）或 between（介于）')
    const part = this.comparison(at, left)
    return this.node(at, { kind: 'not', part })
  }

  private span(): Span {
    const at = this.now
    if (at.kind !== 'number' || at.unit?.type !== 'duration') throw this.refused('时长，例如 5 min（5 分钟）')
    this.take()
    return { n: this.wholeAmount(at), unit: at.unit.unit }
  }

  private wholeAmount(at: Token): number {
    const amount = amountOf(at)
    if (amount === null || whole(rounded(amount)) !== amount) throw this.wrong(at, `“${at.text}”要是整的，也不能太大。`)
    return rounded(amount)
  }

  private over(at: Token, test: Node): Node {
    const kind = this.take().kind === 'for' ? 'for' : 'within'
    const name = kind === 'within' && test.kind === 'name' && test.name.type === 'event' ? test.name : null
    const over: Over = { kind, index: this.overs, span: this.span(), name }
    this.overs++
    this.takeIf('inside')
    return this.node(at, { kind: 'over', over, test: name ? null : test })
  }

  private no(): Node {
    const at = this.take()
    if (!this.is('word')) throw this.refused('事件的名称，例如 reading（读数）')
    const named = this.path()
    if (!this.takeIf('for')) throw this.refused(' for（持续）和时长')
    const over: Over = { kind: 'no', index: this.overs++, span: this.span(), name: named.kind === 'name' ? named.name : null }
    return this.node(at, { kind: 'over', over, test: null })
  }

  /* ---- arithmetic ---- */

  private sum(): Node {
    return this.terms(['+', '-'], () => this.terms(['*', '/'], () => this.unary()))
  }

  private terms(ops: Kind[], part: () => Node): Node {
    const at = this.now
    let left = part()
    while (ops.includes(this.now.kind)) {
      const op = this.take().kind as '+' | '-' | '*' | '/'
      const right = part()
      left = this.node(at, { kind: 'sum', op, left, right })
    }
    return left
  }

  private unary(): Node {
    const at = this.now
    if (!this.takeIf('-')) return this.primary()
    const part = this.primary()
    return this.node(at, { kind: 'minus', part })
  }

  private primary(): Node {
    switch (this.now.kind) {
      case 'number': return this.number()
      case 'text': case 'date': case 'time': return this.literal()
      case '[': return this.set()
      case '(': return this.brackets()
      case 'word': return this.peek()?.kind === '(' ? this.call() : this.path()
      default: throw this.refused('一个名称、数、文字或括号')
    }
  }

  private number(): Node {
    const at = this.take(), unit = at.unit
    if (unit?.type === 'duration')
      return this.node(at, { kind: 'const', value: { type: 'duration', n: this.wholeAmount(at), unit: unit.unit } })
    const number = amountOf(at)
    if (number === null) throw this.wrong(at, `“${at.text}”要是整的，也不能太大。`)
    return this.node(at, { kind: 'const', value: { type: unit?.type ?? 'number', number } })
  }

  private literal(): Node {
    const at = this.take()
    const value: Value = at.kind === 'date' ? { type: 'date', days: at.when! }
      : at.kind === 'time' ? { type: 'time', ms: at.when! } : { type: 'text', text: at.text }
    return this.node(at, { kind: 'const', value })
  }

  private set(): Node {
    const at = this.now, items: Node[] = []
    return this.nested(() => {
      this.take()
      while (!this.is(']')) {
        items.push(this.unary())
        if (!this.takeIf(',') && !this.is(']')) throw this.refused('逗号或 ]')
      }
      this.take()
      return this.node(at, { kind: 'set', items })
    })
  }

  private brackets(): Node {
    this.take()
    const inner = this.rule()
    if (!this.takeIf(')')) throw this.refused('右括号')
    return inner
  }

  /* ---- names and functions ---- */

  private find(parts: string[]): Name | undefined {
    return this.env.names.find(row => {
      const name = row.name.split('.'), zh = row.zh?.split('.') ?? []
      return name.length === parts.length && parts.every((part, i) => part === name[i] || part === zh[i])
    })
  }

  private func(word: string): Func | undefined {
    return this.env.functions.find(row => row.name === word || row.zh === word)
  }

  private path(): Node & { kind: 'name' | 'unknown' } {
    const at = this.take(), parts = [at.text]
    while (parts.length < 4 && this.is('.') && this.peek()?.kind === 'word') {
      this.take()
      parts.push(this.take().text)
    }
    const name = this.find(parts), word = parts.join('.')
    if (name) return this.node(at, { kind: 'name', name })
    if (this.func(word)) throw this.wrong(at, `“${word}”后面要有括号，写成 ${word}(…)。`)
    return this.stranger(at, word)
  }

  private stranger(at: Token, word: string): Node & { kind: 'unknown' } {
    if (!this.env.lenient) throw this.wrong(at, `这里不认识“${word}”。`)
    return this.node(at, { kind: 'unknown', word })
  }

  private call(): Node {
    const at = this.take(), func = this.func(at.text)
    if (!func && this.find([at.text])) throw this.wrong(at, `“${at.text}”后面不带括号。`)
    const unknown = func ? null : this.stranger(at, at.text)
    const args: Node[][] = func ? func.params.map(() => []) : []
    this.take()
    for (let following = 0; !this.is(')');) {
      following = this.argument(func ?? null, args, following)
      if (!this.takeIf(',') && !this.is(')')) throw this.refused('逗号或右括号')
    }
    this.take()
    if (!func) return unknown!
    const missing = func.params.find((param, i) => !param.optional && !args[i]!.length)
    if (missing) throw this.wrong(at, `${func.name} 还少参数 ${missing.name}（${missing.zh ?? ''}）。`)
    return this.node(at, { kind: 'call', func, args })
  }

  /* Reads one argument; gives the parameter that the next one is for. */
  private argument(func: Func | null, args: Node[][], following: number): number {
    const at = this.now
    if (!func) {
      this.rule()
      return 0
    }
    const next = this.peek()
    const equals = next?.kind === '=' && (next.text === '=' || next.text === '＝')
    const named = at.kind === 'word' && equals ? func.params.findIndex(param => param.name === at.text || param.zh === at.text) : -1
    const index = named >= 0 ? named : following
    const param = func.params[index]
    if (!param) throw this.wrong(at, `${func.name} 最多 ${func.params.length} 个参数，这里多了。`)
    if (!param.many && args[index]!.length) throw this.wrong(at, `参数 ${param.name} 写了两次。`)
    if (named >= 0) {
      this.take()
      this.take()
    }
    const node = this.rule()
    this.choose(node, { kind: 'name', name: { name: '', type: 'text', choices: param.choices ?? [] } })
    args[index]!.push(node)
    return param.many ? index : index + 1
  }

  /* A text beside a closed list must stand in it, and becomes the list's word. */
  private choose(node: Node, beside: Node): void {
    const choices = beside.kind === 'name' ? beside.name.choices : beside.kind === 'call' ? beside.func.choices : undefined
    if (!choices?.length) return
    if (node.kind === 'set') node.items.forEach(item => this.choose(item, beside))
    if (node.kind !== 'const' || node.value.type !== 'text') return
    const text = node.value.text
    const row = choices.find(choice => choice.word === text || choice.zh === text)
    if (row) node.value = { type: 'text', text: row.word }
    else if (!this.env.lenient) throw this.wrong(this.places.get(node)!.at, `没有“${text}”这一项。`)
  }
}
