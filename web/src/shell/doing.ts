/* One thing at a time: busy while it is under way, and the sentence when it did not go. */
import { ref } from 'vue'
import { Problem, sentence } from '../core/problem'

export function useDoing() {
  const busy = ref(false)
  const says = ref<string | null>(null)
  const wrong = ref<Record<string, string>>({})

  async function run(what: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    says.value = null
    wrong.value = {}
    try {
      await what()
      return true
    } catch (error) {
      wrong.value = error instanceof Problem ? error.byField() : {}
      says.value = sentence(error)
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, says, wrong, run }
}
