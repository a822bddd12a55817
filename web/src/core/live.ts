/* News as it happens, over server-sent events.  The transport resumes by itself with Last-Event-ID while it can; when
 * it was closed for good a new one is opened, later each time, and whoever listens is told that news may have been
 * missed, so that pages fetch again instead of showing an old state as if it were new. */
import type { LiveCase } from './types'

export interface LiveHandlers {
  opened(): void
  event(name: string, data: string): void
  failed(closed: boolean): void
}

export type OpenLive = (path: string, handlers: LiveHandlers) => { close(): void }
export type Later = (ms: number, run: () => void) => void

export interface LiveNews {
  case?: (news: LiveCase) => void
  inbox?: (unread: number) => void
  notice?: () => void
  missed?: () => void
}

const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 60_000

export function createLive(path: string, open: OpenLive, later: Later) {
  const listeners = new Set<LiveNews>()
  let source: { close(): void } | null = null
  let waitMs = FIRST_WAIT_MS
  let wasLost = false
  let stopped = false

  function start(): void {
    stopped = false
    source = open(path, { opened, event: tell, failed })
  }

  function opened(): void {
    waitMs = FIRST_WAIT_MS
    if (wasLost) listeners.forEach(on => on.missed?.())
    wasLost = false
  }

  function failed(closed: boolean): void {
    if (!closed || stopped) return
    wasLost = true
    source?.close()
    later(waitMs, () => { if (!stopped) start() })
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }

  function tell(name: string, data: string): void {
    const news = parsed(data)
    if (news === null) return
    for (const on of listeners) {
      if (name === 'case') on.case?.(news as LiveCase)
      if (name === 'inbox') on.inbox?.((news as { unread: number }).unread)
      if (name === 'notice') on.notice?.()
    }
  }

  return {
    start,
    stop(): void { stopped = true; source?.close() },
    on(news: LiveNews): () => void {
      listeners.add(news)
      return () => { listeners.delete(news) }
    },
  }
}

export type Live = ReturnType<typeof createLive>

function parsed(data: string): object | null {
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}
