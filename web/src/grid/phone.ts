/* The worker's phone: begins with or without a network, keeps what is needed on the spot, and sends through the
 * outbox.  Whatever is to be sent is on the phone before the first try. */
import { ref, shallowRef } from 'vue'
import { BASE } from '../core/api'
import type { Values } from '../core/check'
import { createOutbox, filledIn, type OutItem, type Outbox } from '../core/outbox'
import { Problem } from '../core/problem'
import { remembering } from '../core/remember'
import type { CaseCard, Start } from '../core/types'
import { api, newKey, sendThrough } from '../shell/net'
import { photoAgain, type Picked } from '../shell/photo'
import { serverNow, tell } from '../shell/session'
import { lastAccount, noteAccount, openStore, type Store } from './store'

export const isOffline = ref(false)
export const waiting = shallowRef<OutItem[]>([])
let store: Store
let outbox: Outbox
const arrived = new Map<string, CaseCard>()

const START = `${BASE}/start`
const KEEPS = [
  new RegExp(`^${BASE}/scenes/[^/]+$`), new RegExp(`^${BASE}/cases\\?view=tasks`),
  new RegExp(`^${BASE}/cases/\\d+(/targets)?$`), new RegExp(`^${BASE}/areas\\?`), new RegExp(`^${BASE}/inbox$`),
]
const RETRY_MS = 30_000

export async function begin(): Promise<Start> {
  const answer = await api.start().catch(beginOffline)
  if (!answer.me) return answer
  store ??= openStore(answer.me.account)
  noteAccount(answer.me.account)
  if (!isOffline.value) await store.memory.put(START, { at: serverNow(), body: answer })
  sendThrough(send => remembering(send, store.memory, path => KEEPS.some(one => one.test(path)), serverNow, {
    reached: () => { isOffline.value = false },
    missed: () => { isOffline.value = true },
  }))
  await openOutbox()
  return answer
}

async function beginOffline(error: unknown): Promise<Start> {
  const account = lastAccount()
  if (!(error instanceof Problem) || error.kind !== 'offline' || !account) throw error
  store = openStore(account)
  const kept = await store.memory.get(START)
  if (!kept) throw error
  isOffline.value = true
  return { ...(kept.body as Start), now: new Date().toISOString() }
}

async function openOutbox(): Promise<void> {
  outbox = createOutbox(store.outbox, api, {
    changed: items => { waiting.value = items },
    sent: (item, now) => {
      arrived.set(item.id, now)
      tell(`${item.title}，已发出。`)
    },
  })
  await outbox.load()
  await outbox.signedIn()
  const flush = () => void outbox.flush()
  addEventListener('online', flush)
  setInterval(() => { if (waiting.value.length > 0) flush() }, RETRY_MS)
  flush()
}

export type Sent = { now: CaseCard } | { kept: true }

/* Sends one thing, or keeps it for later.  A refusal comes back to the form that asked, which still has everything. */
export async function sendOrKeep(title: string, act: OutItem['act'], photos: Picked[]): Promise<Sent> {
  const id = newKey()
  await outbox.add({
    id, at: Date.now(), title, act,
    photos: photos.map(({ key, bytes, type }) => ({ key, bytes, type, id: null })),
    state: 'waiting', says: null, fix: null, badPhoto: null,
  })
  await outbox.flush()
  const now = arrived.get(id)
  arrived.delete(id)
  if (now) return { now }
  const left = outbox.find(id)
  if (left?.state === 'stuck' && left.fix !== 'signin') {
    await outbox.drop(id)
    throw new Problem(left.fix === 'look' ? 'conflict' : 'refused', 0, left.says ?? '')
  }
  return { kept: true }
}

/* A report that was refused, for its form: what was filled in, its photos with it. */
export async function filledAgain(id: string): Promise<Values | null> {
  const item = outbox.find(id)
  if (!item || item.act.kind !== 'open') return null
  const photos = await Promise.all(item.photos.map(photo => photoAgain(photo.key, photo.bytes as Blob)))
  const { photoField } = item.act
  return { ...filledIn(item), ...(photoField && photos.length > 0 ? { [photoField]: photos } : {}) }
}

export const dropItem = (id: string) => outbox.drop(id)
export const retry = () => outbox.flush()

export async function mendPhoto(item: OutItem, photo: Picked | null): Promise<void> {
  const given = photo && { key: photo.key, bytes: photo.bytes, type: photo.type, id: null }
  await outbox.mendPhoto(item.id, item.badPhoto ?? 0, given)
  await outbox.flush()
}

/* Signing out leaves nothing on the phone, so nothing may be waiting. */
export async function forget(): Promise<void> {
  if (waiting.value.length > 0) throw new Problem('refused', 0, `还有 ${waiting.value.length} 件没发出去。发完再退出，或者先删掉它们。`)
  await store.forget()
  noteAccount(null)
}

