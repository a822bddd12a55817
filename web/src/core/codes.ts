/* Numbers that people copy from cards and telephones.  A check gives the sentence that stands under the field, or null
 * when all is well.  The server says the same sentences; tests/vectors/codes.json binds both. */

export type Code = 'mobile' | 'phone' | 'id' | 'credit'

/* What people write between the digits. */
const FILLER = /[ \t\-()\u00a0\u2010-\u2014\u2212\u3000\uff08\uff09\uff0d]/g

/* As it is stored: fillers gone, full-width forms and small letters turned, "+86" before a mobile dropped. */
export function cleanCode(code: Code, typed: string): string {
  const all = typed
    .replace(FILLER, '')
    .replace(/[\uff01-\uff5e]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[a-z]/g, c => c.toUpperCase())
  return code === 'mobile' || code === 'phone' ? all.replace(/^(\+86|0086|86)(?=1.{10}$)/u, '') : all
}

export function codeSays(code: Code, clean: string, now: number): string | null {
  if (clean === '') return `请填${TITLES[code]}。`
  return CHECKS[code](clean, now)
}

const TITLES: Record<Code, string> = { mobile: '手机号', phone: '电话号码', id: '身份证号', credit: '统一社会信用代码' }
const CHECKS: Record<Code, (clean: string, now: number) => string | null> = {
  mobile: mobileSays, phone: phoneSays, id: idSays, credit: creditSays,
}

function lengthSays(clean: string, fewest: number, most: number, rule: string): string | null {
  const n = [...clean].length
  if (n < fewest) return `还差 ${fewest - n} 位，${rule}。`
  return n > most ? `多了 ${n - most} 位，${rule}。` : null
}

function mobileSays(clean: string): string | null {
  if (!/^[0-9]*$/.test(clean)) return '手机号里只有数字，请去掉别的字。'
  return lengthSays(clean, 11, 11, '手机号是 11 位数字')
    ?? (/^1[3-9]/.test(clean) ? null : '手机号以 13 到 19 开头，请再看一遍。')
}

function phoneSays(clean: string): string | null {
  if (/^0[0-9]*$/.test(clean)) return landlineSays(clean)
  if (/^[02-9][0-9]{6,7}$/.test(clean)) return '座机请带上区号，例如 027-87654321。'
  return mobileSays(clean)
}

function landlineSays(clean: string): string | null {
  if (clean.startsWith('00')) return '区号不以 00 开头，例如 027-87654321。'
  return /^0[12]/.test(clean)
    ? lengthSays(clean, 11, 11, '座机号连区号是 11 位数字')
    : lengthSays(clean, 11, 12, '座机号连区号是 11 或 12 位数字')
}

const PROVINCES = new Set((
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'
).split(' '))

function idSays(clean: string, now: number): string | null {
  if (!/^[0-9]*$/.test(clean) && !/^[0-9]{17}X$/.test(clean)) return '身份证号里只有数字，最后一位可以是 X。'
  if (clean.length === 15) return '这是 15 位的老号码，请填 18 位的身份证号。'
  const length = lengthSays(clean, 18, 18, '身份证号是 18 位')
  if (length) return length
  if (!PROVINCES.has(clean.slice(0, 2))) return `没有以 ${clean.slice(0, 2)} 开头的身份证号，请对照证件再看一遍。`
  return birthdaySays(clean, now)
    ?? (idCheckChar(clean) === clean[17] ? null : '身份证号对不上，有一位填错了，请对照证件再看一遍。')
}

function birthdaySays(clean: string, now: number): string | null {
  const year = Number(clean.slice(6, 10))
  const month = Number(clean.slice(10, 12))
  const day = Number(clean.slice(12, 14))
  const born = new Date(0)
  born.setUTCFullYear(year, month - 1, day)
  if (born.getUTCMonth() !== month - 1 || born.getUTCDate() !== day) {
    return `身份证号里的生日是 ${year} 年 ${month} 月 ${day} 日，没有这一天，请对照证件再看一遍。`
  }
  const chinaMidnight = born.getTime() - 8 * 3_600_000
  return year < 1900 || chinaMidnight > now ? `身份证号里的生日是 ${year} 年，这不可能，请对照证件再看一遍。` : null
}

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

function idCheckChar(clean: string): string {
  return '10X98765432'[ID_WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(clean[i]), 0) % 11]!
}

const CREDIT = '0123456789ABCDEFGHJKLMNPQRTUWXY'
/* A letter that is left out, and what it was probably meant to be. */
const MEANT: Record<string, string> = { I: '1', O: '0', S: '5', V: 'U', Z: '2' }

function creditSays(clean: string): string | null {
  for (const c of clean) {
    if (CREDIT.includes(c)) continue
    return MEANT[c] ? `统一社会信用代码里没有字母 ${c}，看看是不是 ${MEANT[c]}。` : '统一社会信用代码里只有数字和大写字母。'
  }
  return lengthSays(clean, 18, 18, '统一社会信用代码是 18 位')
    ?? (creditCheckChar(clean) === clean[17] ? null : '统一社会信用代码对不上，有一位填错了，请对照证照再看一遍。')
}

function creditCheckChar(clean: string): string {
  let sum = 0
  let weight = 1
  for (const c of clean.slice(0, 17)) {
    sum += CREDIT.indexOf(c) * weight
    weight = (weight * 3) % 31
  }
  return CREDIT[(31 - (sum % 31)) % 31]!
}
