/* Who is here and what the server offers them; the server's clock; news; one toast at a time.  One page, one session:
 * these are the page's own singletons. */
import { computed, ref, shallowRef } from 'vue'
import { BASE } from '../core/api'
import { createLive } from '../core/live'
import { Problem } from '../core/problem'
import type { Client, Me, SceneBrief, Start } from '../core/types'
import { api, openLive } from './net'

export const start = shallowRef<Start | null>(null)
export const me = computed<Me | null>(() => start.value?.me ?? null)
export const unread = ref(0)
export const news = ref(0)          /* notices and matters not read yet */

/* The server's time, so that a phone with a wrong clock still shows right deadlines. */
let skew = 0
export const now = ref(Date.now())
export const serverNow = () => Date.now() + skew
setInterval(() => { now.value = serverNow() }, 15_000)

export const live = createLive(`${BASE}/live`, openLive, (ms, run) => setTimeout(run, ms))

export async function loadStart(): Promise<Start> {
  const answer = await api.start()
  use(answer)
  return answer
}

function use(answer: Start): void {
  skew = Date.parse(answer.now) - Date.now()
  now.value = serverNow()
  start.value = answer.me ? { ...answer, me: housed(answer.me) } : answer
  unread.value = answer.unread ?? 0
  news.value = answer.news ?? 0
}

/* Who has no home is served one without a code. */
function housed(person: Me): Me {
  return { ...person, home: person.home?.code ? person.home : null }
}

/* Begins a client's page for somebody who is signed in; others go to the entrance and come back afterwards.  Who has no
 * business here finds at the entrance what is theirs. */
export async function enter(client: Client, fetch: () => Promise<Start> = api.start): Promise<void> {
  const answer = await fetch()
  if (!answer.me || answer.me.owes) return toEntrance()
  if (!clientsOf(answer.me).includes(client)) return location.assign('/')
  use(answer)
  const again = () => void loadStart().catch(() => undefined)
  live.on({ inbox: count => { unread.value = count }, notice: again, missed: again })
  live.start()
}

/* Where this person may go, first where sign-in leads.  Who serves in a community may live in one too. */
export function clientsOf(person: Me): Client[] {
  if (person.owes) return []
  const all: Client[] = [person.client ?? 'resident', ...(person.resident ? ['resident' as const] : [])]
  return [...new Set(all)]
}

export function toEntrance(): void {
  location.assign(`/#/?next=${encodeURIComponent(location.pathname + location.hash)}`)
}

export async function leave(): Promise<void> {
  live.stop()
  await api.signOut().catch(error => { if (!(error instanceof Problem && error.kind === 'signin')) throw error })
  location.assign('/')
}

export function may(act: string): boolean {
  return start.value?.acts.includes(act) ?? false
}

export function scenesFor(client: Client): SceneBrief[] {
  const scenes = start.value?.scenes ?? []
  return scenes
    .filter(scene => scene.home?.for.includes(client) && scene.cases.length > 0)
    .sort((a, b) => a.home.order - b.home.order)
}

export interface Toast { says: string; undo?: () => void }
export const toast = shallowRef<Toast | null>(null)
const TOAST_MS = 6_000
let toastTimer: ReturnType<typeof setTimeout>

export function tell(says: string, undo?: () => void): void {
  toast.value = undo ? { says, undo } : { says }
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => { toast.value = null }, TOAST_MS)
}
