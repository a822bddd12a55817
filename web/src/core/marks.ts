/* Where a title has what was looked for.  Words are found within longer ones, and of a longer word every two
 * characters were asked for: what stands there as a whole is marked whole, else its pairs are. */
export interface Piece { text: string; hit: boolean }

export function marked(text: string, words: string): Piece[] {
  const alike = text.normalize('NFKC').toLowerCase()
  if (alike.length !== text.length) return [{ text, hit: false }]
  const hits = new Array<boolean>(text.length).fill(false)
  const mark = (word: string): boolean => {
    let found = false
    for (let at = alike.indexOf(word); at >= 0; at = alike.indexOf(word, at + 1)) {
      hits.fill(true, at, at + word.length)
      found = true
    }
    return found
  }
  for (const word of words.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean)) {
    if (mark(word)) continue
    for (let i = 0; i + 2 <= word.length; i++) mark(word.slice(i, i + 2))
  }
  return pieces(text, hits)
}

function pieces(text: string, hits: boolean[]): Piece[] {
  const all: Piece[] = []
  for (let i = 0; i < text.length; i++) {
    const last = all.at(-1)
    if (last && last.hit === hits[i]) last.text += text[i]
    else all.push({ text: text.charAt(i), hit: hits[i] === true })
  }
  return all
}

/* One field for everything: a mobile number and an ID number ask for a person, the rest are words and numbers of cases. */
export function asked(text: string): { words: string } | { phone: string } | { id_number: string } {
  const compact = text.normalize('NFKC').replace(/[\s-]/g, '')
  if (/^1[3-9]\d{9}$/.test(compact)) return { phone: compact }
  if (/^\d{17}[\dXx]$/.test(compact)) return { id_number: compact.toUpperCase() }
  return { words: text.trim() }
}
