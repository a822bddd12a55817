/* 大字: large type, remembered on this device. */
import { ref } from 'vue'

const NAME = 'linli.type'
export const isLarge = ref(false)

export function restoreType(): void {
  set(recall() === 'large' || new URLSearchParams(location.search).has('large'))
}

export function toggleType(): void {
  set(!isLarge.value)
  try {
    localStorage.setItem(NAME, isLarge.value ? 'large' : 'normal')
  } catch { /* a browser that keeps nothing still shows large type until it is closed */ }
}

function set(large: boolean): void {
  isLarge.value = large
  document.documentElement.dataset.type = large ? 'large' : 'normal'
}

function recall(): string | null {
  try {
    return localStorage.getItem(NAME)
  } catch {
    return null
  }
}
