/* The browser's side of the core's adapters: requests, keys and live news. */
import { createApi, type Reply, type Request, type Send } from '../core/api'
import type { LiveHandlers } from '../core/live'

const ANSWER_MS = 20_000

async function fetched({ method, path, headers, body }: Request): Promise<Reply> {
  const reply = await fetch(path, {
    method, headers, credentials: 'same-origin', cache: 'no-store', redirect: 'error',
    signal: AbortSignal.timeout?.(body instanceof Blob ? ANSWER_MS * 6 : ANSWER_MS) ?? null,
    ...(body === undefined ? {} : { body: body as BodyInit }),
  })
  return { status: reply.status, json: () => reply.json() as Promise<unknown>, blob: () => reply.blob() }
}

/* 24 characters of A-Z a-z 0-9 - _, 144 random bits.  (randomUUID is missing where there is no TLS.) */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18))
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_')
}

/* The same thing sent twice is one thing; a changed one is another. */
export function keyKeeper(): (body: unknown) => string {
  let before = ''
  let key = ''
  return body => {
    const text = JSON.stringify(body)
    if (text !== before) key = newKey()
    before = text
    return key
  }
}

let send: Send = fetched

/* Puts something between the interface and the network, such as a memory. */
export function sendThrough(wrap: (send: Send) => Send): void {
  send = wrap(send)
}

export const api = createApi(request => send(request), newKey)

/* fetch tells nothing about the way up; a photo on a slow line needs it. */
export function sendWithProgress(request: Request, progress: (done: number) => void): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(request.method, request.path)
    Object.entries(request.headers).forEach(([name, value]) => xhr.setRequestHeader(name, value))
    xhr.timeout = ANSWER_MS * 6
    xhr.upload.onprogress = e => progress(e.lengthComputable ? e.loaded / e.total : 0)
    xhr.onload = () => resolve({ status: xhr.status, json: async () => JSON.parse(xhr.responseText) as unknown })
    xhr.onerror = xhr.ontimeout = xhr.onabort = () => reject(new Error('no answer'))
    xhr.send(request.body as Blob)
  })
}

export function openLive(path: string, on: LiveHandlers): { close(): void } {
  const source = new EventSource(path)
  source.onopen = () => on.opened()
  source.onerror = () => on.failed(source.readyState === EventSource.CLOSED)
  for (const name of ['case', 'inbox', 'notice']) {
    source.addEventListener(name, e => on.event(name, (e as MessageEvent<string>).data))
  }
  return source
}
