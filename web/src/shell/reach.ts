/* Runs something again while the server was not reached: at once when the network is back, and every ten seconds,
 * because a server that was away gives no sign of its return. */
import { onScopeDispose } from 'vue'

const EVERY_MS = 10_000

export function useReach(isAway: () => boolean, run: () => void): void {
  const again = () => { if (isAway()) run() }
  const timer = setInterval(again, EVERY_MS)
  addEventListener('online', again)
  onScopeDispose(() => { clearInterval(timer); removeEventListener('online', again) })
}
