/* Checks of numbers that people type.  Each answers null when the number is right, else one sentence that says what
 * is wrong and what to do.  The server checks the same with the same words: tests/vectors/codes.json. */

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const ID_CHECK = '10X98765432'

/* Full-width digits and spaces come from Chinese keyboards. */
export function plain(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u3000-]/g, '')
    .toUpperCase()
}

export function mobileFault(typed: string): string | null {
  const text = plain(typed).replace(/^(\+86|0086)/, '')
  if (!/^\d*$/.test(text)) return '手机号里只有数字，请去掉别的字。'
  if (text.length < 11) return `还差 ${11 - text.length} 位，手机号是 11 位数字。`
  if (text.length > 11) return `多了 ${text.length - 11} 位，手机号是 11 位数字。`
  return /^1[3-9]/.test(text) ? null : '手机号以 13 到 19 开头，请再看一遍。'
}

/* A mobile, or a landline with its area code. */
export function phoneFault(typed: string): string | null {
  const text = plain(typed)
  if (/^0\d{9,11}$/.test(text) && !text.startsWith('0086')) return null
  return mobileFault(typed)
}

export function idNumberFault(typed: string): string | null {
  const text = plain(typed)
  if (!/^\d{0,17}[\dX]?$/.test(text) && text.length <= 18) return '身份证号里只有数字，最后一位可以是 X。'
  if (text.length < 18) return `还差 ${18 - text.length} 位，身份证号是 18 位。`
  if (text.length > 18) return `多了 ${text.length - 18} 位，身份证号是 18 位。`
  if (!isDay(text.slice(6, 14))) return '第 7 到 14 位是出生日期，请再看一遍。'
  return idCheckDigit(text) === text[17] ? null : '最后一位对不上，请照证件再看一遍。'
}

function idCheckDigit(text: string): string {
  const sum = ID_WEIGHTS.reduce((total, weight, i) => total + weight * Number(text[i]), 0)
  return ID_CHECK[sum % 11]!
}

function isDay(yyyymmdd: string): boolean {
  const [y, m, d] = [yyyymmdd.slice(0, 4), yyyymmdd.slice(4, 6), yyyymmdd.slice(6)].map(Number) as [number, number, number]
  const day = new Date(Date.UTC(y, m - 1, d))
  return y >= 1850 && day.getUTCMonth() === m - 1 && day.getUTCDate() === d
}

const CREDIT = '0123456789ABCDEFGHJKLMNPQRTUWXY'

export function creditCodeFault(typed: string): string | null {
  const text = plain(typed)
  if (text.length < 18) return `还差 ${18 - text.length} 位，统一社会信用代码是 18 位。`
  if (text.length > 18) return `多了 ${text.length - 18} 位，统一社会信用代码是 18 位。`
  const values = [...text].map(c => CREDIT.indexOf(c))
  if (values.includes(-1)) return '统一社会信用代码里没有 I、O、S、V、Z，请再看一遍。'
  let weight = 1
  let sum = 0
  for (const value of values.slice(0, 17)) {
    sum += value * weight
    weight = (weight * 3) % 31
  }
  return (31 - (sum % 31)) % 31 === values[17] ? null : '最后一位对不上，请照证照再看一遍。'
}
