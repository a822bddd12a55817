/* The HTTP interface as typed calls.  Knows no browser: the caller gives a `send` (fetch, wx.request, a test), and a
 * source of idempotency keys.  Every refusal comes out as a Problem with a sentence for the person. */
import { offline, problemFrom } from './problem'
import type {
  Account, AccountCode, AccountWhole, Alike, Area, Asked, Bucket, BulkBody, BulkPreview, BulkResult, BulkRow, Callback, Calling, Case, CaseCard, CaseFilter, CaseLook, Challenge, Counts, Decoy, DecoyHit, Factors, ImportResult, KeptView, Line, Look,
  MachineKey, MeToo, MoveBody, Near, NewCase, Notice, Org, Page, PaperChecked, PasskeyMade, PasskeyShown, Person, PersonOpened, PersonShown, PhotoState, Policy,
  Preview, PublicCase, PublicDraft, PublicTexts, Rates, Finding, Refusal, Scene, SeenBy, Session, SignedIn, Start, Target, TotpSecret, UpperMessage, UpperReached, UpperShown, Wording,
} from './types'
import type { Absent, Closure, Colleague, Leave, NewsItem, NoticeAnswer, NoticeRow, NoticeWhole, Share, Spread, Visit, VisitSlot, VisitWindow, WindowKey } from './types'

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
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

  function put<T>(path: string, body: unknown): Promise<T> {
    const headers = { 'Content-Type': 'application/json', 'X-Linli': '1', 'Idempotency-Key': newKey() }
    return call<T>({ method: 'PUT', path: BASE + path, headers, body: JSON.stringify(body) })
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
    paperFile: (id: string) => file(`/papers/${id}/file`),
    checkPaper: (code: string, sm3?: string) => get<PaperChecked>('/papers/check', { code, ...(sm3 ? { sm3 } : {}) }),
    lookAtCase: (id: string, reason?: string) => post<Case>(`/cases/${id}/look`, reason ? { reason } : {}),
    caseLooks: (id: string, cursor: string | null) => get<Page<CaseLook>>(`/cases/${id}/looks`, { cursor }),
    openCase: (body: NewCase, key?: string) => post<CaseCard>('/cases', body, key),
    calling: (phone: string) => post<Calling>('/cases/of-phone', { phone }),
    callbacks: (cursor: string | null) => get<Page<Callback>>('/cases/callbacks', { cursor }),
    callNumber: (id: string) => post<{ phone: string }>(`/cases/${id}/number`, {}).then(answer => answer.phone),
    preview: (body: NewCase) => post<Preview>('/cases/preview', body),
    alike: (query: Query) => get<Page<Alike>>('/cases/alike', query),
    meToo: (id: string, says: boolean) => post<MeToo>(`/cases/${id}/me-too${says ? '' : '/end'}`, {}),
    move: (id: string, body: MoveBody, key?: string) => post<CaseCard>(`/cases/${id}/moves`, body, key),
    bulkPreview: (which: { rows: BulkRow[] } | { filter: CaseFilter }, move: string | null) => post<BulkPreview>('/cases/bulk/preview', move ? { ...which, move } : which),
    bulk: (body: BulkBody, key?: string) => post<BulkResult>('/cases/bulk', body, key),
    /* Whom the scene offers first for that move stands in front. */
    targets: (id: string, move: string) => get<Page<Target>>(`/cases/${id}/targets?move=${encodeURIComponent(move)}`).then(page => page.items),

    importCases: (file: { bytes: unknown; type: string }, asked: Query, preview: boolean, key: string = newKey()) => call<ImportResult>({
      method: 'POST', path: `${BASE}/cases/import${preview ? '/preview' : ''}${queryText(asked)}`, body: file.bytes,
      headers: { 'Content-Type': file.type, 'X-Linli': '1', 'Idempotency-Key': key },
    }),
    publicDraft: (id: string) => get<PublicDraft>(`/cases/${id}/public`),
    checkPublic: (texts: PublicTexts) => post<Page<Finding>>('/cases/public/check', texts).then(page => page.items),
    publicCases: (query: Query) => get<Page<PublicCase>>('/cases/public', query),
    rates: (query: Query) => get<Rates>('/cases/rates', query),

    caseWordings: (id: string) => get<Page<Wording>>(`/cases/${id}/wordings`).then(page => page.items),
    suggestWordings: (typed: string, area: string, category: string | null) =>
      post<Page<Wording>>('/wordings/suggest', category ? { typed, area, category } : { typed, area }).then(page => page.items),
    wordings: (kind: Wording['kind'], cursor: string | null) => get<Page<Wording>>('/wordings', { kind, cursor }),
    makeWording: (body: unknown) => post<Wording>('/wordings', body),
    changeWording: (id: string, body: unknown) => post<Wording>(`/wordings/${id}`, body),
    endWording: ({ id, version }: Wording) => post<null>(`/wordings/${id}/end`, { version }),

    searchCases: (asked: CaseFilter & { cursor?: string }) => post<Page<CaseCard>>('/cases/search', asked),
    casesOf: (asked: unknown) => post<Page<CaseCard>>('/cases/of-person', asked),
    views: () => get<Page<KeptView>>('/views'),
    keepView: (title: string, filter: CaseFilter) => post<KeptView>('/views', { title, filter }),
    endView: (id: string) => post<null>(`/views/${id}/end`, {}),

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

    leaves: () => get<Page<Leave>>('/leaves').then(page => page.items),
    colleagues: () => get<Page<Colleague>>('/leaves/colleagues').then(page => page.items),
    makeLeave: (body: unknown) => post<Leave>('/leaves', body),
    endLeave: (id: string) => post<null>(`/leaves/${id}/end`, {}),

    accounts: (query: Query) => get<Page<Account>>('/accounts', query),
    account: (id: string) => get<AccountWhole>(`/accounts/${id}`),
    makeAccount: (body: unknown) => post<AccountCode>('/accounts', body),
    accountCode: (id: string) => post<AccountCode>(`/accounts/${id}/code`, {}),
    closeAccount: (id: string) => post<null>(`/accounts/${id}/close`, {}),
    resetFactors: (id: string) => post<null>(`/accounts/${id}/factors/reset`, {}),
    signOutAccount: (id: string) => post<null>(`/accounts/${id}/sign-out`, {}),
    giveDuty: (body: unknown) => post<{ hold: string }>('/holds', body),
    endDuty: (account: string, hold: string) => post<null>('/holds/end', { account, hold }),
    policies: (area: string) => get<Page<Policy>>('/policies', { area }).then(page => page.items),
    setPolicy: ({ kind, ...asked }: Policy, area: string) => put<Policy>(`/policies/${kind}`, { ...asked, area }),
    shield: (id: string, shielded: boolean, reason: string) => post<null>(`/people/${id}/shield`, { shielded, reason }),
    decoys: (query: Query) => get<Page<Decoy>>('/decoys', query),
    decoyHits: (id: string, cursor: string | null) => get<Page<DecoyHit>>(`/decoys/${id}/hits`, { cursor }),
    makeDecoy: (body: unknown) => post<{ id: string }>('/decoys', body),
    endDecoy: (id: string) => post<null>(`/decoys/${id}/end`, {}),
    orgs: (query: Query) => get<Page<Org>>('/orgs', query),
    makeOrg: (body: unknown) => post<Org>('/orgs', body),
    upper: (query: Query) => get<UpperShown>('/upper', query),
    upperMessages: (query: Query) => get<Page<UpperMessage>>('/upper/messages', query),
    upperAgain: (id: string) => post<null>(`/upper/messages/${id}/again`, {}),
    upperGiveUp: (id: string, reason: string) => post<null>(`/upper/messages/${id}/give-up`, { reason }),
    upperTest: (area: string) => post<UpperReached>('/upper/test', { area }),
    makeUpperKey: (area: string) => post<{ id: string; secret: string }>('/upper/keys', { area }),
    endUpperKey: (id: string) => post<null>(`/upper/keys/${id}/end`, {}),
    machineKeys: (query: Query) => get<Page<MachineKey>>('/keys', query),
    makeMachineKey: (body: unknown) => post<{ id: string; key: string }>('/keys', body),
    endMachineKey: (id: string) => post<null>(`/keys/${id}/end`, {}),
    looks: (query: Query) => get<Page<Look>>('/looks', query),
    lines: (query: Query) => get<Page<Line>>('/journal/lines', query),
    refusals: (query: Query) => get<Page<Refusal>>('/refusals', query),
    waitingRequests: (area: string) => get<Page<Asked>>('/requests/waiting', { area }),
    deleteMe: (confirm: string) => post<null>('/me/deletion', { confirm }),

    news: (cursor: string | null) => get<Page<NewsItem>>('/news', { cursor }),
    readMatter: (id: string) => post<null>(`/matters/${id}/receipt`, {}),
    share: (area: string | null) => get<Share>('/matters/share', { area }),
    notices: (query: Query) => get<Page<NoticeRow>>('/notices', query),
    notice: (id: string) => get<NoticeWhole>(`/notices/${id}`),
    writeNotice: (body: unknown) => post<NoticeWhole>('/notices', body),
    correctNotice: (id: string, body: unknown) => post<NoticeWhole>(`/notices/${id}/corrections`, body),
    approveNotice: (id: string, version: number) => post<NoticeWhole>(`/notices/${id}/approval`, { version }),
    returnNotice: (id: string, version: number, why: string) => post<NoticeWhole>(`/notices/${id}/return`, { version, why }),
    withdrawNotice: (id: string, reason: string) => post<NoticeWhole>(`/notices/${id}/withdrawal`, { reason }),
    remindNotice: (id: string) => post<NoticeWhole>(`/notices/${id}/reminders`, {}),
    readNotice: (id: string, body: { version: number; confirms?: boolean; answer?: string }) => post<NoticeWhole>(`/notices/${id}/receipt`, body),
    spread: (id: string, area: string | null) => get<Spread>(`/notices/${id}/spread`, { area }),
    absent: (id: string, area: string, cursor: string | null) => post<Page<Absent>>(`/notices/${id}/absent`, cursor ? { area, cursor } : { area }),
    noticeAnswers: (id: string, cursor: string | null) => get<Page<NoticeAnswer>>(`/notices/${id}/answers`, { cursor }),

    windows: (query: Query) => get<Page<VisitWindow>>('/windows', query),
    windowSlots: (key: WindowKey, from: string) => get<Page<VisitSlot>>('/windows/slots', { ...windowKey(key), from }),
    windowDay: (key: WindowKey, day: string) => get<Page<Visit>>('/windows/day', { ...windowKey(key), day }),
    closures: (key: WindowKey) => get<Page<Closure>>('/windows/closures', windowKey(key)),
    closeWindow: (key: WindowKey, body: { from: string; until: string; reason: string }) => post<Closure>('/windows/closures', { ...windowKey(key), ...body }),
    openWindow: (id: string) => post<null>(`/windows/closures/${id}/open`, {}),
    visits: (caseId: string | null) => get<Page<Visit>>('/appointments', { case_id: caseId }),
    book: (key: WindowKey, body: Record<string, string>) => post<Visit>('/appointments', { ...windowKey(key), ...body }),
    moveVisit: (id: string, version: number, starts: string) => post<Visit>(`/appointments/${id}/move`, { version, starts }),
    cancelVisit: (id: string, version: number, reason: string | null) => post<Visit>(`/appointments/${id}/cancel`, reason ? { version, reason } : { version }),
    markVisit: (id: string, version: number, came: boolean) => post<Visit>(`/appointments/${id}/mark`, { version, came }),
    visitPhone: (id: string) => post<{ name: string; phone: string }>(`/appointments/${id}/phone`, {}),

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

/* One that was given out with a public case, for anybody. */
export function publicPhotoUrl({ id, key }: { id: string; key: string }, size: 'thumb' | 'screen'): string {
  return `${BASE}/photos/public/${id}/${key}?size=${size}`
}

function windowKey({ scene, kind, window, area }: WindowKey): { scene: string; kind: string; window: string; area: string } {
  return { scene, kind, window, area }
}

export function queryText(query: Query): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}
