/* A list that grows by pages.  Fetching again brings back as many pages as were on screen. */
import { ref } from 'vue'
import type { Page } from '../core/types'
import { useLoad, type Load } from './load'

export function usePages<T>(
  fetch: (cursor: string | null) => Promise<Page<T>>,
  use: (fetch: () => Promise<Page<T>>) => Load<Page<T>> = useLoad,
) {
  const pages = ref(1)

  const load = use(async () => {
    let whole: Page<T> = { items: [], next: null }
    for (let i = 0; i < pages.value; i++) {
      const page = await fetch(whole.next)
      whole = { items: [...whole.items, ...page.items], next: page.next }
      if (!page.next) break
    }
    return whole
  })

  function more(): Promise<void> {
    pages.value++
    return load.again()
  }

  function restart(): Promise<void> {
    pages.value = 1
    return load.again()
  }

  return { load, more, restart }
}
