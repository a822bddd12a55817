/* A fetched value that is fetched again when the news say so; several news at once are one fetch. */
import { onScopeDispose } from 'vue'
import type { LiveCase } from '../core/types'
import { useLoad, type Load } from './load'
import { live } from './session'

const GATHER_MS = 300

export function useLiveLoad<T>(fetch: () => Promise<T>, concerns: (news: LiveCase) => boolean = () => true): Load<T> {
  const load = useLoad(fetch)
  let timer: ReturnType<typeof setTimeout> | undefined

  function soon(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void load.again(), GATHER_MS)
  }

  const off = live.on({ case: news => { if (concerns(news)) soon() }, notice: soon, missed: soon })
  onScopeDispose(() => { off(); clearTimeout(timer) })
  return load
}

/* … when whoever is signed in is told something: what it was may concern it. */
export function useTold(load: Load<unknown>): void {
  onScopeDispose(live.on({ inbox: () => void load.again() }))
}
