/* Sends a report whose photos went up while it was being written. */
import { Problem } from '../core/problem'
import type { CaseCard, NewCase } from '../core/types'
import { api, keyKeeper } from './net'
import type { Picked } from './photo'

export function useReport(): (body: NewCase, photos: Picked[]) => Promise<CaseCard> {
  const keyFor = keyKeeper()

  return async (body, photos) => {
    const left = photos.filter(photo => !photo.id).length
    if (left > 0) throw new Problem('refused', 0, `还有 ${left} 张照片没传完。等一会儿，或者删掉它再发。`)
    return api.openCase(body, keyFor(body))
  }
}
