/* Whether a photo can be looked at yet: the server first draws it anew.  Asked once per photo, again while it is being
 * made, and remembered as long as the page is open. */
import { reactive } from 'vue'
import { sentence } from '../core/problem'
import { api } from './net'

export interface Look { ready: boolean; says: string }

const AGAIN_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000]
const MAKING = '照片正在处理，马上就能看。'
export const looks = reactive(new Map<string, Look>())

export function wantLook(id: string): void {
  if (looks.has(id)) return
  looks.set(id, { ready: false, says: '' })
  void ask(id, 0)
}

async function ask(id: string, turn: number): Promise<void> {
  try {
    const { state, says } = await api.photo(id)
    looks.set(id, { ready: state === 'ready', says: state === 'refused' ? says || '这张照片打不开。' : MAKING })
    const wait = AGAIN_MS[turn]
    if (state === 'new' && wait) setTimeout(() => void ask(id, turn + 1), wait)
  } catch (error) {
    looks.set(id, { ready: false, says: sentence(error) })
    addEventListener('online', () => void ask(id, 0), { once: true })
  }
}
