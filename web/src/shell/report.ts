/* Sends a report whose photos went up while it was being written. */
import { Problem } from '../core/problem'
import type { Case, NewCase } from '../core/types'
import { api, newKey } from './net'
import type { Picked } from './photo'

/* The same report sent twice is one report; a changed one is another. */
export function useReport(): (body: NewCase, photos: Picked[]) => Promise<Case> {
  let sentBefore = ''
  let key = newKey()

  return async (body, photos) => {
    const left = photos.filter(photo => !photo.id).length
    if (left > 0) throw new Problem('refused', 0, `还有 ${left} 张照片没传完。等一会儿，或者删掉它再发。`)
    const text = JSON.stringify(body)
    if (text !== sentBefore) key = newKey()
    sentBefore = text
    return api.openCase(body, key)
  }
}
