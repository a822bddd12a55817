/* One case on screen: fetched, kept live, moved.  When somebody was faster the sentence says who, and the newest
 * state is shown at once. */
import { computed, shallowRef, watch, type Ref } from 'vue'
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

export function useCase(id: Ref<string>, make: MakeMove = atOnce()) {
  const load = useLiveLoad<Case>(() => api.case(id.value), news => news.case === id.value)
  const targets = shallowRef<Target[]>([])
  const conflict = shallowRef<string | null>(null)
  const wantsTarget = computed(() => load.value.value?.moves.some(move => move.needs.includes('target')) ?? false)

  watch(id, () => {
    load.value.value = null
    conflict.value = null
    void load.again()
  })
  watch([wantsTarget, () => load.value.value?.version], async ([wanted]) => {
    targets.value = wanted ? await api.targets(id.value).catch(() => []) : []
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

  return { load, targets, conflict, move }
}
