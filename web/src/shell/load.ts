/* Something fetched for a page: its value, or the sentence why there is none, and a way to try again.  An old value
 * stays on screen while a new one comes. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Problem, sentence } from '../core/problem'
import { toEntrance } from './session'

export interface Load<T> {
  value: ShallowRef<T | null>
  says: Ref<string | null>
  kind: Ref<string | null>
  again: () => Promise<void>
}

export function useLoad<T>(fetch: () => Promise<T>): Load<T> {
  const value = shallowRef<T | null>(null)
  const says = ref<string | null>(null)
  const kind = ref<string | null>(null)
  let turn = 0

  async function again(): Promise<void> {
    const mine = ++turn
    try {
      const answer = await fetch()
      if (mine !== turn) return
      value.value = answer
      says.value = kind.value = null
    } catch (error) {
      if (mine !== turn) return
      if (error instanceof Problem && (error.kind === 'signin' || error.kind === 'factor')) return toEntrance()
      says.value = sentence(error)
      kind.value = error instanceof Problem ? error.kind : null
    }
  }

  onScopeDispose(() => { turn++ })
  void again()
  return { value, says, kind, again }
}
