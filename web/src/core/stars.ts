/* Satisfaction as three faces with words, equally easy to hit; the server counts stars. */
export const FACES = [
  { stars: 5, icon: 'smile', says: '满意' },
  { stars: 3, icon: 'flat', says: '还行' },
  { stars: 1, icon: 'sad', says: '不满意' },
] as const

export function starWords(stars: number): string {
  return (FACES.find(face => stars >= face.stars) ?? FACES[2]).says
}
