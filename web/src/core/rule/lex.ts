/* Cuts a rule's text into words, in either language.  Full-width forms of ASCII count as the ASCII ones.  A run of
 * Chinese that is no word as a whole is cut where it falls apart into words that are known, longest first: 紧急且年龄. */
import { fraction, readDecimal, times, type Decimal } from './number'
import { readDate, readTime } from './value'
import { keywords, unitAt, type Kind, type UnitRow } from './words'

export interface Token {
  kind: Kind
  at: number; end: number /* offsets in the source */
  text: string
  number?: Decimal | undefined; unit?: UnitRow | undefined
  when?: number
}

/* What is wrong with a rule, where (from 1, in characters) and what to do about it. */
export class RuleMistake extends Error {
  constructor(readonly line: number, readonly column: number, says: string) {
    super(says)
  }
}

export function mistake(source: string, at: number, says: string): RuleMistake {
  const before = source.slice(0, at).split('\n')
  return new RuleMistake(before.length, [...before[before.length - 1]!].length + 1, says)
}

export type Knows = (word: string) => boolean

const RUN_CHARS_MAX = 64
const LETTERS = /[\p{L}\p{Nd}_]+/uy
const QUOTES = '"“”＂'
const SIGNS: [string, Kind | { wrong: string }][] = [
  ['<=', '<='], ['>=', '>='], ['!=', '!='], ['<>', '!='],
  ['==', { wrong: '等于号只写一个 =。' }], ['&', { wrong: '“并且”写成 and（且）。' }],
  ['|', { wrong: '“或者”写成 or（或）。' }], ['!', { wrong: '“不是”写成 not（非）。' }],
  ['<', '<'], ['>', '>'], ['=', '='], ['≤', '<='], ['≥', '>='], ['≠', '!='], ['≦', '<='], ['≧', '>='],
  ['+', '+'], ['-', '-'], ['*', '*'], ['/', '/'], ['−', '-'], ['×', '*'], ['÷', '/'],
  ['(', '('], [')', ')'], ['[', '['], [']', ']'], ['【', '['], ['】', ']'],
  [',', ','], ['、', ','], [';', ','], ['.', '.'],
  ["'", { wrong: '文字放在双引号里："…" 或 “…”。' }], ['‘', { wrong: '文字放在双引号里："…" 或 “…”。' }],
  ['。', { wrong: '规则里不写句号。' }],
]

const narrowed = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0))

export class Lexer {
  private readonly narrow: string

  constructor(readonly source: string) {
    this.narrow = narrowed(source)
  }

  /* The token that begins at or after `from`. */
  next(from: number, knows: Knows): Token {
    const at = this.skip(/[ \t\r\n\u3000]*/y, from)
    if (at === this.source.length) return this.token('end', at, at)
    if (/\d/.test(this.narrow[at]!)) return this.number(at)
    if ((QUOTES + '「『').includes(this.source[at]!)) return this.text(at)
    LETTERS.lastIndex = at
    return LETTERS.test(this.source) ? this.word(at, LETTERS.lastIndex, knows) : this.sign(at)
  }

  private token(kind: Kind, at: number, end: number, more: Partial<Token> = {}): Token {
    return { kind, at, end, text: this.source.slice(at, end), ...more }
  }

  private skip(pattern: RegExp, from: number): number {
    pattern.lastIndex = from
    return pattern.test(this.narrow) ? pattern.lastIndex : from
  }

  private match(pattern: RegExp, at: number): RegExpExecArray | null {
    pattern.lastIndex = at
    return pattern.exec(this.narrow)
  }

  private number(at: number): Token {
    const date = this.match(/(\d{4})-(\d{1,2})(?!\d)-(\d{1,2})(?!\d)/y, at) ??
      this.match(/(\d{4})年[ \t\r\n\u3000]*(\d{1,2})(?!\d)[ \t\r\n\u3000]*月[ \t\r\n\u3000]*(\d{1,2})(?!\d)[ \t\r\n\u3000]*日/y, at)
    if (date) return this.date(at, at + date[0].length, `${date[1]}-${date[2]!.padStart(2, '0')}-${date[3]!.padStart(2, '0')}`)
    const digits = this.match(/\d+(?:\.\d+)?/y, at)![0]
    const number = readDecimal(digits)
    if (number === null) throw mistake(this.source, at, '这个数太长了：最多 18 位，小数最多 9 位。')
    const end = at + digits.length
    const unit = unitAt(this.source, this.skip(/[ \t\r\n\u3000]*/y, end))
    return this.token('number', at, unit?.end ?? end, { number, unit: unit?.unit })
  }

  private date(at: number, end: number, iso: string): Token {
    const days = readDate(iso)
    if (days === null) throw mistake(this.source, at, '没有这一天；日期写成 2026-11-22 或 2026年11月22日。')
    const clock = this.match(/T[0-9T:.+\-Z]{0,23}/y, end)?.[0]
    if (!clock) return this.token('date', at, end, { when: days })
    const ms = readTime(iso + clock + (/[+\-Z]/.test(clock) ? '' : '+08:00'))
    if (ms === null) throw mistake(this.source, at, '没有这个时刻；时刻写成 2026-11-22T14:03。')
    return this.token('time', at, end + clock.length, { when: ms })
  }

  private text(at: number): Token {
    const open = this.source[at]!
    const closes = QUOTES.includes(open) ? QUOTES : open === '「' ? '」' : '』'
    let text = ''
    for (let i = at + 1; i < this.source.length; i++) {
      const c = this.source[i]!
      if (closes.includes(c)) return this.token('text', at, i + 1, { text })
      if (c === '\\' && i + 1 < this.source.length) i++
      text += this.source[i]
    }
    throw mistake(this.source, at, '文字后面少了引号。')
  }

  private word(at: number, end: number, knows: Knows): Token {
    const run = this.source.slice(at, end)
    const word = isKnown(run, knows) ? run : firstWord(run, knows) ?? run
    return this.token(keywords.get(word) ?? 'word', at, at + word.length)
  }

  private sign(at: number): Token {
    for (const [sign, kind] of SIGNS) {
      if (!this.narrow.startsWith(sign, at)) continue
      if (typeof kind === 'object') throw mistake(this.source, at, kind.wrong)
      return this.token(kind, at, at + sign.length)
    }
    throw mistake(this.source, at, '规则里不用这个符号。')
  }
}

const isKnown = (word: string, knows: Knows): boolean => keywords.has(word) || knows(word)

function mayStand(word: string, knows: Knows): boolean {
  return /^\d+$/.test(word) || isKnown(word, knows) || unitAt(word, 0)?.end === word.length
}

/* The first word of a run that falls apart into known words; English is not cut. */
function firstWord(run: string, knows: Knows): string | null {
  const points = [...run], n = points.length
  if (n >= RUN_CHARS_MAX) return null
  const falls: boolean[] = Array.from({ length: n + 1 }, (_, i) => i === n)
  const isCut = (k: number) => k === n || points[k - 1]! > '\x7f' || points[k]! > '\x7f'
  let first: string | null = null
  for (let i = n - 1; i >= 0; i--) {
    for (let k = n; k > i && !falls[i]; k--) {
      const word = points.slice(i, k).join('')
      if (falls[k] && isCut(k) && mayStand(word, knows)) {
        falls[i] = true
        first = word
      }
    }
  }
  return falls[0] ? first : null
}

/* A number with its unit, in the unit's base; null when it is too large. */
export function amountOf(token: Token): Decimal | null {
  return times(token.number!, token.unit ? fraction(token.unit.factor, token.unit.scale) : 1_000_000_000n)
}
