/* Area codes are trimmed: province 2, city 4, county 6, street 9, community 12, grid 15 digits.  An area lies below
 * another when its code begins with the other's, compared on these boundaries only. */

const LENGTHS = [2, 4, 6, 9, 12, 15]

export function isArea(code: string): boolean {
  return LENGTHS.includes(code.length) && /^\d+$/.test(code)
}

export function liesIn(code: string, area: string): boolean {
  return isArea(code) && isArea(area) && code.startsWith(area)
}

export function parentOf(code: string): string | null {
  const level = LENGTHS.indexOf(code.length)
  return level > 0 ? code.slice(0, LENGTHS[level - 1]) : null
}

/* From `top` down to `code`, both included; empty when `code` does not lie in `top`. */
export function pathDown(top: string, code: string): string[] {
  if (!liesIn(code, top)) return []
  return LENGTHS.filter(n => n >= top.length && n <= code.length).map(n => code.slice(0, n))
}

export function isGrid(code: string): boolean {
  return isArea(code) && code.length === 15
}

export function isCounty(code: string): boolean {
  return isArea(code) && code.length === 6
}

/* An area in a tree, with the number of open cases where it is known. */
export interface AreaNode { code: string; name: string; open: number | null; below: AreaNode[] }
