/* Exact decimals as the server counts them: a number is a bigint of billionths.  What would not fit into the server's
 * 64 bits is null; products and quotients are rounded half away from zero. */
export type Decimal = bigint

const ONE = 1_000_000_000n
const MOST = (1n << 63n) - 1n

export function fit(value: Decimal): Decimal | null {
  let digits = value
  for (let scale = 9; scale > 0 && digits % 10n === 0n; scale--) digits /= 10n
  return digits > MOST || digits < -MOST - 1n ? null : value
}

function divide(a: bigint, b: bigint): bigint {
  const quotient = a / b, rest = a % b
  const twice = (rest < 0n ? -rest : rest) * 2n
  if (twice < (b < 0n ? -b : b)) return quotient
  return quotient + (a < 0n === b < 0n ? 1n : -1n)
}

/* Decimal digits with at most one point, perhaps a minus; null when they are not, or too long. */
export function readDecimal(text: string): Decimal | null {
  const found = /^(-?)(\d{1,18})(?:\.(\d{1,9}))?$/.exec(text)
  if (!found) return null
  const [, minus, whole, rest = ''] = found
  const value = BigInt(whole!) * ONE + BigInt(rest.padEnd(9, '0'))
  return fit(minus ? -value : value)
}

export const whole = (n: number): Decimal => BigInt(n) * ONE
export const fraction = (n: number, scale: number): Decimal => BigInt(n) * 10n ** BigInt(9 - scale)
export const times = (a: Decimal, b: Decimal): Decimal | null => fit(divide(a * b, ONE))
export const over = (a: Decimal, b: Decimal): Decimal | null => (b === 0n ? null : fit(divide(a * ONE, b)))
export const rounded = (a: Decimal): number => Number(divide(a, ONE))

export function decimalText(value: Decimal): string {
  const size = value < 0n ? -value : value
  const rest = (size % ONE).toString().padStart(9, '0').replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${size / ONE}${rest ? '.' + rest : ''}`
}
