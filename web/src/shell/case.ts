/* One case on screen: fetched, kept live, moved.  When somebody was faster the sentence says who, and the newest
 * state is shown at once. */
import { provide, shallowRef, watch, type InjectionKey, type Ref } from 'vue'
import { Problem, sentence } from '../core/problem'
import type { Case, CaseCard, MoveBody, Target } from '../core/types'
import { useLiveLoad } from './live'
import { api, keyKeeper } from './net'
import type { Picked } from './photo'
import { tell } from './session'

/* Makes the move; null when it is kept for later. */
export type MakeMove = (id: string, body: MoveBody, photos: Picked[]) => Promise<CaseCard | null>

function atOnce(): MakeMove {
  const keyFor = keyKeeper()
  return (id, body) => api.move(id, body, keyFor([id, body]))
}

/* The case on screen, for what is written about it (parts/Phrases.vue). */
export const THIS_CASE: InjectionKey<Ref<Case | null>> = Symbol('the case on screen')

/* A confidential one that is in these hands opens by itself: the look is written down, and its reporter sees it. */
async function opened(id: string): Promise<Case> {
  const found = await api.case(id)
  return found.shut === 'tied' ? api.lookAtCase(id) : found
}

export function useCase(id: Ref<string>, make: MakeMove = atOnce()) {
  const load = useLiveLoad<Case>(() => opened(id.value), news => news.case === id.value)
  provide(THIS_CASE, load.value)
  const conflict = shallowRef<string | null>(null)
  const targets = (name: string): Promise<Target[]> => api.targets(id.value, name).catch(() => [])

  watch(id, () => {
    load.value.value = null
    conflict.value = null
    void load.again()
  })

  /* False when somebody was faster: what was written stays in the form. */
  async function move(body: MoveBody, photos: Picked[] = []): Promise<boolean> {
    conflict.value = null
    try {
      const now = await make(id.value, body, photos)
      if (now) {
        tell(now.promise)
        await load.again()
      }
      return true
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'conflict') throw error
      conflict.value = sentence(error)
      await load.again()
      return false
    }
  }

  async function open(reason: string): Promise<void> {
    load.value.value = await api.lookAtCase(id.value, reason)
  }

  return { load, targets, conflict, move, open }
}
