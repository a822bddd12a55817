import { onScopeDispose, ref, type Ref } from 'vue'

/* Whether the window is at least so many pixels wide, also after it changes. */
export function useWide(pixels: number): Ref<boolean> {
  const query = matchMedia(`(min-width:${pixels}px)`)
  const wide = ref(query.matches)
  const changed = () => { wide.value = query.matches }
  query.addEventListener('change', changed)
  onScopeDispose(() => query.removeEventListener('change', changed))
  return wide
}
