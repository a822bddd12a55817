/* What a person sent while there was no network, kept on the phone until the server has it on disk.  Every item and
 * every photo carries its own idempotency key, so sending twice means once.  An item that the server refuses stops
 * there, with one sentence and one thing to do; the others go on, except those about the same case, which wait for
 * their turn.  A move made on top of an earlier unsent move takes over the version that the earlier one produced. */
import { Problem } from './problem'
import type { CaseCard, MoveBody, NewCase } from './types'

export interface OutPhoto {
  key: string
  bytes: unknown                    /* a Blob in a browser */
  type: string
  id: string | null                 /* given by the server */
}

export type OutAct =
  | { kind: 'open'; body: NewCase; photoField: string | null }
  | { kind: 'move'; case: string; body: MoveBody }

export type Fix = 'retake' | 'look' | 'signin' | 'drop'

export interface OutItem {
  id: string                        /* also the idempotency key of its act */
  at: number
  title: string
  act: OutAct
  photos: OutPhoto[]
  state: 'waiting' | 'sending' | 'stuck'
  says: string | null
  fix: Fix | null
  badPhoto: number | null           /* index into photos when fix is 'retake' */
}

/* What was filled in, for the form again; photos are the caller's. */
export function filledIn({ act }: OutItem): Record<string, unknown> {
  if (act.kind !== 'open') return {}
  const blank = { lat: null, lng: null, source: 'area', words: '', area: null }
  return Object.fromEntries(Object.entries(act.body.fields).map(([name, value]) => {
    if (typeof value === 'number') return [name, String(value)]
    return [name, value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...blank, ...value } : value]
  }))
}

export interface OutStore {
  all(): Promise<OutItem[]>
  put(item: OutItem): Promise<void>
  remove(id: string): Promise<void>
}

export interface OutWire {
  sendPhoto(bytes: unknown, type: string, key: string): Promise<{ id: string }>
  openCase(body: NewCase, key: string): Promise<CaseCard>
  move(id: string, body: MoveBody, key: string): Promise<CaseCard>
}

export interface OutNews {
  changed(items: OutItem[]): void
  sent(item: OutItem, now: CaseCard): void
}

export function createOutbox(store: OutStore, wire: OutWire, news: OutNews) {
  let items: OutItem[] = []
  let running: Promise<void> | null = null
  let again = false

  async function load(): Promise<void> {
    items = (await store.all()).map(item => (item.state === 'sending' ? { ...item, state: 'waiting' as const } : item))
    items.sort((a, b) => a.at - b.at)
    news.changed([...items])
  }

  async function keep(item: OutItem): Promise<void> {
    const plain = { ...item, photos: item.photos.map(photo => ({ ...photo })) }
    await store.put(plain)
    const known = items.some(one => one.id === item.id)
    items = known ? items.map(one => (one.id === item.id ? plain : one)) : [...items, plain]
    news.changed([...items])
  }

  const find = (id: string) => items.find(item => item.id === id)

  async function drop(id: string): Promise<void> {
    await store.remove(id)
    items = items.filter(item => item.id !== id)
    news.changed([...items])
  }

  /* Sends what can be sent now, and is done when that is done.  Called while it runs, it goes round once more. */
  function flush(): Promise<void> {
    again = true
    running ??= rounds().finally(() => { running = null })
    return running
  }

  async function rounds(): Promise<void> {
    while (again) {
      again = false
      await round()
    }
  }

  async function round(): Promise<void> {
    const held = new Set<string>()
    for (const { id } of [...items]) {
      const item = find(id)
      if (!item) continue
      const subject = item.act.kind === 'move' ? item.act.case : null
      const mayGo = item.state !== 'stuck' && !(subject && held.has(subject))
      const went = mayGo && (await trySend(item))
      if (went === 'later') return
      if (went !== 'sent' && subject) held.add(subject)
    }
  }

  async function trySend(item: OutItem): Promise<'sent' | 'stuck' | 'later'> {
    try {
      await keep({ ...item, state: 'sending', says: null, fix: null, badPhoto: null })
      const now = await send(item.id)
      await drop(item.id)
      await carryVersion(item, now)
      news.sent(item, now)
      return 'sent'
    } catch (error) {
      const problem = error instanceof Stuck ? error.problem : error
      if (!(problem instanceof Problem)) throw problem
      const left = find(item.id) ?? item
      if (WAITS.has(problem.kind)) {
        await keep({ ...left, state: 'waiting' })
        return 'later'
      }
      const badPhoto = error instanceof Stuck ? error.photo : null
      await keep({ ...left, state: 'stuck', says: problem.message, fix: fixFor(problem, badPhoto), badPhoto })
      return problem.kind === 'signin' ? 'later' : 'stuck'
    }
  }

  async function send(id: string): Promise<CaseCard> {
    const item = await sendPhotos(id)
    const ids = item.photos.map(photo => photo.id!)
    if (item.act.kind === 'move') {
      const body = ids.length > 0 ? { ...item.act.body, photos: ids } : item.act.body
      return wire.move(item.act.case, body, item.id)
    }
    const { body, photoField } = item.act
    const fields = photoField && ids.length > 0 ? { ...body.fields, [photoField]: ids } : body.fields
    return wire.openCase({ ...body, fields }, item.id)
  }

  /* All photos that can go, go; the first that was refused is the one to mend. */
  async function sendPhotos(id: string): Promise<OutItem> {
    let item = find(id)!
    let bad: Stuck | null = null
    for (const [i, photo] of item.photos.entries()) {
      if (photo.id) continue
      try {
        const { id: given } = await wire.sendPhoto(photo.bytes, photo.type, photo.key)
        item = { ...item, photos: item.photos.map((one, at) => (at === i ? { ...one, id: given } : one)) }
        await keep(item)
      } catch (error) {
        if (!(error instanceof Problem) || error.kind !== 'refused') throw error
        bad ??= new Stuck(error, i)
      }
    }
    if (bad) throw bad
    return item
  }

  async function carryVersion(sent: OutItem, now: CaseCard): Promise<void> {
    if (sent.act.kind !== 'move') return
    const { case: id, body } = sent.act
    for (const item of items) {
      if (item.act.kind !== 'move' || item.act.case !== id || item.act.body.version !== body.version) continue
      await keep({ ...item, act: { ...item.act, body: { ...item.act.body, version: now.version } } })
    }
  }

  async function mendPhoto(id: string, index: number, photo: OutPhoto | null): Promise<void> {
    const item = find(id)
    if (!item) return
    const photos = item.photos.flatMap((one, at) => (at !== index ? [one] : photo ? [photo] : []))
    await keep({ ...item, photos, state: 'waiting', says: null, fix: null, badPhoto: null })
  }

  /* After a new sign-in everything that waited for it may go. */
  async function signedIn(): Promise<void> {
    for (const item of items) {
      if (item.fix === 'signin') await keep({ ...item, state: 'waiting', says: null, fix: null })
    }
  }

  return { load, add: keep, find, drop, flush, mendPhoto, signedIn }
}

export type Outbox = ReturnType<typeof createOutbox>

const WAITS = new Set(['offline', 'busy', 'server'])

function fixFor(problem: Problem, badPhoto: number | null): Fix {
  if (badPhoto !== null) return 'retake'
  if (problem.kind === 'signin') return 'signin'
  return problem.kind === 'conflict' ? 'look' : 'drop'
}

class Stuck extends Error {
  readonly problem: Problem
  readonly photo: number
  constructor(problem: Problem, photo: number) {
    super(problem.message)
    this.problem = problem
    this.photo = photo
  }
}
