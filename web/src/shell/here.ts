/* Where the phone is, or a sentence why not.  Browsers answer in WGS-84. */
import type { Point } from '../core/coords'

const PATIENCE_MS = 12_000
const SAYS: Record<number, string> = {
  1: '手机没让我们看位置，没关系，写几个字也行。',
  2: '这里定不到位置，写几个字也行。',
  3: '等了 12 秒还没定到，写几个字也行。',
}

export const canLocate = 'geolocation' in navigator && window.isSecureContext

export function locate(): Promise<Point & { accuracy: number }> {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lng: coords.longitude, accuracy: coords.accuracy }),
      ({ code }) => reject(new Error(SAYS[code] ?? SAYS[2])),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
    )
  })
}

/* True when the person allowed it before: then it is looked up without asking again. */
export async function mayLocate(): Promise<boolean> {
  if (!canLocate) return false
  const answer = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null)
  return answer?.state === 'granted'
}
