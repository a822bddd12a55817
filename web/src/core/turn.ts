import type { CaseCard } from './types'

/* It was answered, and this person is asked how it went. */
export function asksYou(item: CaseCard): boolean {
  return item.bucket === 'answered' && item.relay.some(station => station.state === 'now' && station.you)
}
