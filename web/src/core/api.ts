/* The HTTP interface as typed calls.  Knows no browser: the caller gives a `send` (fetch, wx.request, a test), and a
 * source of idempotency keys.  Every refusal comes out as a Problem with a sentence for the person. */
import { offline, problemFrom } from './problem'
import type {
  Alike, Area, Asked, Bucket, Case, CaseCard, Challenge, Counts, Factors, MoveBody, Near, NewCase, Notice, Page, PasskeyMade,
  PasskeyShown, Person, PersonOpened, PersonShown, PhotoState, Preview, Scene, SeenBy, Session, SignedIn, Start, Target, TotpSecret,
} from './types'

export interface Request {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  headers: Record<string, string>
  body?: unknown                    /* text, or bytes of an image */
}

export interface Reply { status: number; json: () => Promise<unknown>; blob?: () => Promise<unknown> }

/* Rejects only when there was no answer. */
export type Send = (request: Request) => Promise<Reply>

export type Query = Record<string, string | number | null | undefined>

export interface ListQuery {
  view: 'mine' | 'inbox' | 'tasks'
  area?: string | null; bucket?: Bucket | null; category?: string | null; cursor?: string | null; limit?: number
}

export const BASE = '/api/v1'

export function createApi(send: Send, newKey: () => string) {
  async function call<T>(request: Request): Promise<T> {
    const reply = await send(request).catch(() => { throw offline() })
    const body = reply.status === 204 ? null : await reply.json().catch(() => null)
    if (reply.status >= 400) throw problemFrom(reply.status, body)
    return body as T
  }

  function get<T>(path: string, query: Query = {}): Promise<T> {
    return call<T>({ method: 'GET', path: BASE + path + queryText(query), headers: {} })
  }

  function post<T>(path: string, body: unknown, key: string = newKey()): Promise<T> {
    const headers = { 'Content-Type': 'application/json', 'X-Linli': '1', 'Idempotency-Key': key }
    return call<T>({ method: 'POST', path: BASE + path, headers, body: JSON.stringify(body) })
  }

  async function file(path: string): Promise<unknown> {
    const headers = { 'Content-Type': 'application/json', 'X-Linli': '1' }
    const reply = await send({ method: 'POST', path: BASE + path, headers, body: '{}' }).catch(() => { throw offline() })
    if (reply.status >= 400 || !reply.blob) throw problemFrom(reply.status, await reply.json().catch(() => null))
    return reply.blob()
  }

  return {
    start: () => get<Start>('/start'),
    signIn: (account: string, password: string) => post<SignedIn>('/sessions', { account, password }),
    claim: (given: { login: string; code: string; password: string }) => post<null>('/accounts/claim', given),
    signOut: () => call<null>({ method: 'DELETE', path: `${BASE}/sessions/current`, headers: { 'Content-Type': 'application/json', 'X-Linli': '1' } }),
    demoPeople: () => get<Page<Person>>('/demo/people').then(page => page.items),
    demoSignIn: (account: string) => post<SignedIn>('/demo/sessions', { account }),

    passTotp: (code: string) => post<SignedIn>('/sessions/current/totp', { code }),
    passRecovery: (code: string) => post<SignedIn>('/sessions/current/recovery', { code }),
    askPasskey: () => post<Challenge>('/sessions/current/challenge', {}),
    passPasskey: (shown: PasskeyShown) => post<SignedIn>('/sessions/current/passkey', shown),
    changePassword: (old: string, password: string) => post<SignedIn>('/sessions/current/password', { old, password }),
    sessions: () => get<Page<Session>>('/sessions').then(page => page.items),
    endSession: (id: string) => call<null>({ method: 'DELETE', path: `${BASE}/sessions/${id}`, headers: { 'Content-Type': 'application/json', 'X-Linli': '1' } }),

    factors: () => get<Factors>('/factors'),
    beginTotp: (password: string | null) => post<TotpSecret>('/factors/totp', sure(password)),
    confirmTotp: (code: string) => post<SignedIn>('/factors/totp/confirm', { code }),
    endTotp: (password: string | null) => post<SignedIn>('/factors/totp/end', sure(password)),
    beginPasskey: (password: string | null) => post<Challenge>('/factors/passkeys/begin', sure(password)),
    addPasskey: (title: string, made: PasskeyMade) => post<SignedIn>('/factors/passkeys', { title, ...made }),
    endPasskey: (id: string, password: string | null) => post<SignedIn>(`/factors/passkeys/${id}/end`, sure(password)),
    renewRecovery: (password: string | null) => post<{ recovery: string[] }>('/factors/recovery', sure(password)),

    scene: (name: string) => get<Scene>(`/scenes/${encodeURIComponent(name)}`),

    cases: (query: ListQuery) => get<Page<CaseCard>>('/cases', { ...query }),
    counts: (area: string | null) => get<Counts>('/cases/counts', { area }),
    case: (id: string) => get<Case>(`/cases/${id}`),
    openCase: (body: NewCase, key?: string) => post<CaseCard>('/cases', body, key),
    preview: (body: NewCase) => post<Preview>('/cases/preview', body),
    alike: (query: Query) => get<Page<Alike>>('/cases/alike', query),
    move: (id: string, body: MoveBody, key?: string) => post<CaseCard>(`/cases/${id}/moves`, body, key),
    targets: (id: string) => get<Page<Target>>(`/cases/${id}/targets`).then(page => page.items),

    sendPhoto: (bytes: unknown, type: string, key: string = newKey()) => call<PhotoState>({
      method: 'POST', path: `${BASE}/photos`, body: bytes,
      headers: { 'Content-Type': type, 'X-Linli': '1', 'Idempotency-Key': key },
    }),
    photo: (id: string) => get<PhotoState>(`/photos/${id}`),

    near: (lat: number, lng: number) => post<Near>('/places/near', { lat, lng }),
    area: (code: string) => get<Area>(`/areas/${code}`),
    areas: (parent: string, cursor?: string | null) => get<Page<Area>>('/areas', { parent, cursor }),

    seenBy: (cursor: string | null) => get<Page<SeenBy>>('/me/looks', { cursor }),
    findPeople: (body: unknown) => post<Page<PersonShown>>('/people/search', body),
    openPerson: (id: string, reason: string | null) => post<PersonOpened>(`/people/${id}/look`, reason ? { reason } : {}),
    revealPerson: (id: string, reason: string) => post<PersonOpened>(`/people/${id}/reveal`, { reason }),
    askExport: (body: unknown) => post<Asked>('/exports', body),
    exportFile: (id: string) => file(`/exports/${id}/file`),
    requests: (view: 'mine' | 'waiting', cursor: string | null) => get<Page<Asked>>('/requests', { view, cursor }),
    answerRequest: (id: string, agrees: boolean) => post<Asked>(`/requests/${id}/${agrees ? 'agree' : 'refuse'}`, {}),

    inbox: (cursor?: string | null) => get<Page<Notice>>('/inbox', { cursor }),
    readInbox: (until: string) => post<null>('/inbox/read', { until }),
  }
}

/* The password once more, where it was not just given. */
function sure(password: string | null): { password?: string } {
  return password ? { password } : {}
}

export type Api = ReturnType<typeof createApi>

export function photoUrl(id: string, size: 'thumb' | 'screen'): string {
  return `${BASE}/photos/${id}/image?size=${size}`
}

export function queryText(query: Query): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}
