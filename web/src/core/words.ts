/* Sentences that several pages share. */

interface Clock { limit?: string; urgent?: string }

/* A scene's clocks as a promise, for when nobody knows yet in whose hands the matter will be. */
export function clockPromise(clocks: unknown): string {
  const { accept, resolve } = (clocks ?? {}) as { accept?: Clock; resolve?: Clock }
  const parts = [
    accept?.limit ? `${spanWords(accept.limit)}内接` : '',
    resolve?.limit ? `${spanWords(resolve.limit)}内办好` : '',
  ].filter(Boolean)
  return parts.length > 0 ? `社区${parts.join('，')}。每一步都告诉您。` : '每一步都告诉您。'
}

const UNITS: [RegExp, string][] = [
  [/^(\d+)\s*working days?$/, '$1 个工作日'], [/^(\d+)\s*(d|days?)$/, '$1 天'],
  [/^(\d+)\s*(h|hours?)$/, '$1 小时'], [/^(\d+)\s*(min|minutes?)$/, '$1 分钟'],
]

export function spanWords(span: string): string {
  for (const [pattern, words] of UNITS) {
    if (pattern.test(span.trim())) return span.trim().replace(pattern, words)
  }
  return span
}
