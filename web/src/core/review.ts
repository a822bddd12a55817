/* What a reviewer does before everybody may see: numbers of people are covered in a text, faces and plates on a photo. */
import type { Finding, Mark } from './types'

export const MARKS_MAX = 30
const LEAST = 0.02                  /* smaller is a slip of the finger */

interface Point { x: number; y: number }

const within = (value: number, most: number, least = 0) => Math.min(Math.max(value, least), most)
const thousandths = (value: number) => Math.round(value * 1000) / 1000

/* Always whole, within the photo. */
export function markOf({ shape, x, y, w, h }: Mark): Mark {
  const wide = thousandths(within(w, 1, LEAST))
  const high = thousandths(within(h, 1, LEAST))
  return { shape, x: thousandths(within(x, 1 - wide)), y: thousandths(within(y, 1 - high)), w: wide, h: high }
}

/* From corner to corner, in any direction; null when it is too small to be meant. */
export function markBetween(shape: Mark['shape'], from: Point, to: Point): Mark | null {
  const a = { x: within(from.x, 1), y: within(from.y, 1) }
  const b = { x: within(to.x, 1), y: within(to.y, 1) }
  const [w, h] = [Math.abs(a.x - b.x), Math.abs(a.y - b.y)]
  return w < LEAST || h < LEAST ? null : markOf({ shape, x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w, h })
}

export function shifted(mark: Mark, by: Partial<Omit<Mark, 'shape'>>): Mark {
  return markOf({ ...mark, x: mark.x + (by.x ?? 0), y: mark.y + (by.y ?? 0), w: mark.w + (by.w ?? 0), h: mark.h + (by.h ?? 0) })
}

/* The number with its middle blacked out, where it was found; null when the text has changed since. */
export function covered(text: string, { at, text: number }: Pick<Finding, 'at' | 'text'>): string | null {
  const HEAD = 3, TAIL = 2, LONG = 10
  const all = [...text]
  const found = [...number]
  if (all.slice(at - 1, at - 1 + found.length).join('') !== number) return null
  const tail = found.length > LONG ? TAIL : 0
  const black = found.map((one, i) => (i < HEAD || i >= found.length - tail ? one : '×'))
  return [...all.slice(0, at - 1), ...black, ...all.slice(at - 1 + found.length)].join('')
}
