/* The shapes of the HTTP interface, as docs/api.md gives them.  Ids are decimal strings, times ISO 8601 with +08:00. */

export interface Hold {
  duty: string; role: string; role_title: string
  area: string; area_name: string; area_path: string
  org: string | null; org_name: string | null
}

export type Client = 'resident' | 'grid' | 'desk'

export interface Me {
  account: string; name: string; kind: 'person'; resident: boolean
  home: { code: string; name: string; path: string } | null
  holds: Hold[]
  client: Client | null            /* where sign-in leads */
  owes?: Owes | null               /* what the sign-in still needs; nothing else is open before */
  knows?: string[]                 /* of name, phone, home, age: what a form need not ask */
}

export type Owes = 'factor' | 'enrolment' | 'password'

export interface SignedIn { me: Me; recovery: string[] }

/* The second factor: what is asked for, and what there is. */
export interface Factors {
  demand: 'none' | 'totp' | 'passkey'; owes: Owes | 'nothing'
  totp: string | null
  passkeys: { id: string; title: string; made: string; used: string }[]
  keys: number; recovery: number
  asks: boolean                    /* a change needs the password once more */
}
export interface TotpSecret { secret: string; uri: string; size: number; path: string }
export interface Challenge {
  challenge: string; rp: string; rp_name: string; credentials: string[]
  user: string | null; login: string | null; name: string | null
}
export interface PasskeyMade { client_data: string; authenticator: string; algorithm: number }
export interface PasskeyShown { credential: string; client_data: string; authenticator: string; signature: string }

export interface Session {
  id: string; made: string; seen: string; until: string
  client: string; address: string; agent: string; current: boolean
}

export interface SceneBrief {
  name: string; title: string; version: number
  home: { for: string[]; icon: string; order: number; says?: string | null }
  cases: { name: string; title: string }[]
}

export interface Start {
  version: string; now: string; demo: boolean
  limits: { photo_bytes: number; photos: number; text: number; page: number }
  me: Me | null
  unread?: number
  news?: number                    /* notices and matters not read yet */
  scenes: SceneBrief[]
  acts: string[]
}

export type FieldType = 'choice' | 'yesno' | 'text' | 'photos' | 'place' | 'phone' | 'number' | 'date' | 'person'

/* One of a choice; a service says how it is had. */
export interface FieldOption extends Guide { value: string; group: string | null; note?: string | null }
export interface Guide {
  who?: string; guide?: string; steps?: string[]; promise?: string; result?: string; fetch?: string; source?: string
  materials?: { title: string; example: string | null; original: boolean }[]
}

export interface Field {
  name: string; title: string; type: FieldType
  help?: string | null
  required: boolean; max: number | null
  ask: string | null
  options: FieldOption[]
  voice: boolean; grade: string; default: string | null
}

export type Need = 'reason' | 'text' | 'photo' | 'target' | 'stars' | 'targets' | 'part' | 'category' | 'place' | 'case' | 'held' | 'venue' | 'present' | 'terms' | 'note' | 'consent' | 'public'

export interface MoveRule { name: string; title: string; from: string[]; to: string | null; needs: Need[]; by: string }

export interface CaseKind {
  name: string; title: string
  fields: Field[]
  stop: { when: string; say: string }[]
  states: { name: string; title: string }[]
  begins: string; ends: string[]
  moves: MoveRule[]
  clocks: unknown; public: { default: boolean }
  rates?: { name: string; title: string }[]
  channels: string[]
}

export interface Scene {
  name: string; title: string; version: number
  home: SceneBrief['home']
  cases: CaseKind[]
}

export type DueState = 'far' | 'soon' | 'late' | 'hold' | 'kept' | 'done'
export interface Due { at: string | null; which: string | null; state: DueState }
export interface CaseClock { which: string; title: string; state: DueState; at: string; missed: number }
export interface Station { label: string; state: 'past' | 'now' | 'next'; you: boolean }
export type Bucket = 'waiting' | 'handling' | 'late' | 'answered' | 'ended'

/* Which cases: as lists, searching and views mean it. */
export interface CaseFilter {
  view?: 'mine' | 'inbox' | 'tasks' | null; area?: string | null; bucket?: Bucket | null; category?: string | null
  words?: string | null; days?: number
}
export interface KeptView { id: string; title: string; filter: CaseFilter }

export interface CaseCard {
  id: string; number: string
  scene: string; kind: string; kind_title: string
  title: string; category: string | null
  state: string; state_title: string; bucket: Bucket
  area: string; area_name: string; area_path: string; grid_name: string | null
  place: string | null; channel: string; opened: string
  due: Due | null
  relay: Station[]; promise: string
  urgent: boolean; version: number
  yours: boolean; supervised: boolean
  photos: string[]
}

export interface Move {
  name: string; title: string; needs: Need[]
  reasons: string[]                /* the reason is one of these; none: any words */
  primary: boolean; danger: boolean
  categories: string[]             /* what it can be made, when the category is asked for */
  says?: string | null             /* 请{对象}来调解: what it is called once somebody was chosen */
}

/* What staff keep to write with: templates of answers, articles on policies. */
export interface Wording {
  id: string; version: number; kind: 'template' | 'article'
  area: string; area_name: string; scene: string; state: string; categories: string[]
  title: string; words: string; inner_words: string; source: string
  until: string | null; made: string; made_by: string
  yours: boolean
}

/* Back files of a telephone centre. */
export interface ImportResult {
  sheet: string; total: number; good: number; twice: number; bad: number
  columns: { column: string; name: string; means: string | null }[]
  wrong: { row: number; column: string | null; name: string | null; says: string }[]
  rows: { row: number; cells: string[] }[]
}

/* One move of many cases: what would go, and what went. */
export interface BulkRow { id: string; version?: number }
export interface BulkEnd {
  id: string; version: number; number: string; title: string; state_title: string
  goes: boolean; rc: string | null; says: string | null
}
export interface BulkChoice { shown: Move; may: number; first: string }
export interface BulkPreview { choices: BulkChoice[]; go: number; stay: number; more: boolean; rows: BulkEnd[] }
export interface BulkResult { done: number; failed: number; rows: BulkEnd[] }
export type BulkBody = Omit<MoveBody, 'version'> & { rows: BulkRow[] }

/* A helper's part of a matter that several handle together. */
export interface Part {
  part: number; title: string; task: string
  state: 'open' | 'answered' | 'excused'; state_title: string; answer: string
  asked: string; due: string | null; ended: string | null
  late: boolean; yours: boolean
}
/* Who had it, since when, and how it came to them. */
export interface Tenure { title: string; how: string; by: string; why: string; at: string }

export interface Entry {
  seq: number; at: string; act: string; move: string | null
  title: string; text: string | null; who: string; photos: string[]; state: string | null
  route: string | null             /* by which rule it went to whom */
  note?: string | null             /* for those alone who handle it */
}

export interface Case extends CaseCard {
  fields: { name: string; title: string; type: string; value: unknown; text: string }[]
  reporter: { name: string; phone: string | null; you: boolean }
  holder: { title: string; org: string | null; account: string | null; duty: string | null } | null
  moves: Move[]
  timeline: Entry[]
  rating: { stars: number; text: string | null } | null    /* no stars: not rated */
  parts: Part[]
  holders: Tenure[]                /* the first holder first */
  clocks: CaseClock[]
  links?: SameThing[]              /* kept from an earlier release: none */
  me_too?: number
  public?: Consent & { out: boolean; title: string | null; says: string | null; answer: string | null }
  confidential?: boolean
  minutes?: Minutes[]; papers?: Paper[]
  calls?: boolean                  /* the reporter's number may be taken out: a look, of which they hear */
  shut?: 'tied' | 'asks'           /* what opens the inside of a confidential one: a look, one with a reason; none: it is open */
}

/* Somebody opened a confidential case. */
export interface CaseLook { id: string; at: string; who: string; tie: string; reason: string | null }

/* Publicity: what the reporter wants, what a reviewer makes of it, what everybody reads. */
export interface Consent { private: boolean; named: boolean }
export interface Mark { shape: 'box' | 'oval'; x: number; y: number; w: number; h: number }
export interface PublicTexts { title: string; says: string; answer: string }
export interface Finding { where: keyof PublicTexts; title: string; text: string; at: number; blocks: boolean }
export interface PublicPhoto { id: string; shown: boolean; marks: Mark[] }
export interface PublicDraft extends Consent, PublicTexts {
  out: boolean; written_title: string; written_says: string; written_answer: string
  photos: PublicPhoto[]; found: Finding[]
}
export type Review = PublicTexts & { photos: PublicPhoto[] }
export interface PublicCase extends PublicTexts {
  id: string; agency: string; category: string | null; area_name: string; who: string; at: string
  photos: { id: string; key: string }[]
}

/* Rates of answers, by organisation or area. */
export interface RateFormula { name: string; title: string; of: string; good: string }
export interface RatesRow {
  key: string; title: string
  answers: number; reached: number; missed: number; refused: number; rated: number; unrated: number
  rates: { name: string; good: number; of: number }[]
}
export interface Rates { title: string; area_name: string; from: string; to: string; formulas: RateFormula[]; rows: RatesRow[]; all: RatesRow }

export interface Target {
  kind: 'account' | 'org' | 'duty'
  id: string | null; duty: string | null; area: string | null
  title: string; note: string | null; open: number; late: number
  precedent: boolean
}

export interface MoveBody {
  move: string; version: number
  text?: string; reason?: string; photos?: string[]
  target?: Pick<Target, 'kind' | 'id' | 'duty' | 'area'>
  stars?: number
  targets?: (Pick<Target, 'kind' | 'id' | 'duty' | 'area'> & { task?: string })[]
  part?: number
  category?: string
  place?: Place
  other?: string                   /* another case, by its number */
  held?: string; venue?: string; present?: string[]
  terms?: Term[]
  note?: string
  consent?: Consent
  public?: PublicTexts & { photos: { id: string; marks: Mark[] }[] }
}

/* Who does what by when, as both sides agreed. */
export interface Term { who: string; what: string; by: string }

/* What was said at a session, in the order of writing. */
export interface Minutes { n: number; at: string; venue: string; present: string[]; text: string; by: string }

/* A file with a check code. */
export interface Paper { id: string; at: string; title: string; org: string; state: 'new' | 'valid' | 'replaced' | 'gone'; yours: boolean }
export interface PaperChecked { state: 'genuine' | 'changed' | 'replaced'; org: string; at: string }

export interface Place {
  lat: number | null; lng: number | null
  source: 'gps' | 'photo' | 'area' | 'map'
  words: string; area: string | null
}

export interface NewCase { scene: string; kind: string; fields: Record<string, unknown>; channel?: string; intake?: Intake; consent?: Consent }
export interface Preview { relay: Station[]; promise: string; stop: string | null }
export interface Calling { phone: string; names: string[]; open: number; cases: CaseCard[] }
/* An answered case whose reporter is still to be telephoned. */
export type CallOutcome = 'solved' | 'unsolved' | 'missed' | 'refused'
export interface Callback {
  card: CaseCard; tries: number; tried: string | null; next: string; said: string
  calls: { move: string; outcome: CallOutcome }[]
}
export interface Intake { name?: string; phone?: string; relation?: string; note?: string; agreed?: string; written?: string }
export interface Alike { id: string; category: string | null; state_title: string; distance: string; when: string; promise: string; why: string[]; me_too: number; you: boolean; number: string | null; title: string | null }
export interface SameThing { id: string | null; number: string; how: 'same' | 'merged' | 'split'; says: string; state_title: string; who: string; at: string; ended: string | null; first: boolean }
export interface MeToo { id: string; category: string; state_title: string; place: string; me_too: number; when: string; you: boolean }
export interface Near { area: string; area_name: string; area_path: string; grid: string | null; grid_name: string | null }
export interface Area { code: string; name: string; level: number; level_title: string; parent: string | null; path: string }
export interface Counts { buckets: Record<Bucket, number>; areas: { code: string; name: string; open: number }[] }
export interface Notice { id: string; at: string; title: string; says: string; case: string | null; read: boolean }
/* 百姓通: notices, and one's own matters beside them. */
export interface NewsItem {
  kind: 'notice' | 'matter'; id: string; at: string; title: string; says: string | null; state: string; state_title: string; from: string
  unread: boolean; waits_for_you: boolean; corrected: boolean; withdrawn: boolean; reminded: boolean; until: string | null
}
export type NoticeAsks = 'nothing' | 'read' | 'answer'
export interface NoticeText {
  version: number; title: string; words: string; question: string | null; reason: string | null; state: string
  photos: string[]; at: string; until: string; by: string | null; decided_by: string | null; why: string | null
}
export interface NoticeHouse { compound: string; building: string | null; unit: string | null }
export interface NoticeWhole {
  id: string; area: string; area_name: string; audience: 'all' | 'role' | 'houses'; audience_title: string; role: string | null
  state: 'waiting' | 'returned' | 'standing' | 'withdrawn'; state_title: string; houses: NoticeHouse[]; asks: NoticeAsks
  version: number; newest: number; at: string | null; until: string; reminded: string | null; reminders: number
  text: NoticeText; before: NoticeText[]; waiting: NoticeText   /* waiting: version 0: nothing */
  yours: { asked: boolean; read: string | null; done: string | null; answer: string | null }
  waits: boolean; may_correct: boolean; may_decide: boolean; may_withdraw: boolean; may_remind: boolean; may_watch: boolean
}
export interface NoticeRow {
  id: string; title: string; area_name: string; audience_title: string; asks: NoticeAsks; state: string; state_title: string
  version: number; at: string; until: string; should: number; opened: number; done: number; waits: boolean; may_decide: boolean
}
export interface SpreadPart { area: string; name: string; should: number; opened: number; done: number; missing: number }
export interface Spread { whole: SpreadPart; parts: SpreadPart[] }
export interface Absent { id: string | null; name: string; area_name: string; has_account: boolean; staff: boolean }
export interface NoticeAnswer { name: string; area_name: string; answer: string | null; at: string }
/* Windows that take appointments, and those who come to them. */
export interface WindowKey { scene: string; kind: string; window: string; area: string }
export interface VisitWindow extends WindowKey {
  title: string; area_name: string; items: string[]; slot_minutes: number; people: number; ahead_days: number
  says: string; kept: boolean; missed: number; barred: boolean; yours: boolean
}
export interface VisitSlot { starts: string; ends: string; free: number }
export type VisitState = 'booked' | 'displaced' | 'cancelled' | 'came' | 'missed'
export interface Visit extends WindowKey {
  id: string; version: number; code: string; state: VisitState; state_title: string
  window_title: string | null; area_name: string; category: string; case_id: string | null
  starts: string; ends: string; booked: string; own: boolean; says: string; bring: string; reason: string | null
  may_change: boolean; may_mark: boolean; must_call: boolean; change_until: string
  offer: { starts: string | null; ends: string | null; free: number }
  name: string | null; phone: string | null; note: string | null; agreed: string | null; by: string | null
}
export interface Closure extends WindowKey { id: string; from: string; until: string; reason: string; by: string; displaced: number }

/* Of the matters that were reported, how many were done within 24 h. */
export interface ShareRow { area: string; name: string; org: string | null; reported: number; quick: number; percent: string | null }
export interface Share { whole: ShareRow; from: string; until: string; formula: string; parts: ShareRow[]; orgs: ShareRow[] }
export interface SeenBy { id: string; at: string; who: string; kind: 'page' | 'clear' | 'listed' | 'export' | 'case' | 'call' | 'number' | 'reach'; what: string; tie: string; reason: string | null }
export interface PersonShown {
  id: string; name: string; sex: string | null; birth: string | null; phone: string | null; id_number: string | null
  address: string | null; area: string | null; area_path: string | null; shielded: boolean
}
export interface PersonOpened { person: PersonShown; tie: { says: string; id: string | null } | null }
/* What a second person must agree to. */
export interface Asked {
  id: string; at: string; kind: 'people' | 'cases' | 'deletion'; says: string; purpose: string; state: string; state_title: string
  format: string; asked_by: string; decided_by: string | null; rows: number; until: string | null
  yours: boolean; may_answer: boolean; may_fetch: boolean
}
/* What the administrators keep and look at. */
export interface Account {
  id: string; login: string; name: string; client: Client; state: 'active' | 'closed'; made_ms: string; version: number
}
/* Who is away, from when until when, and who stands in. */
export interface Leave { id: string; account: string; name: string; stand_in: string; stand_in_name: string; from: string; until: string; reason: string | null }
export interface Colleague { account: string; name: string; duty: string; area_name: string | null }
export interface AccountCode { account: string; login: string; code: string }
export interface AccountWhole {
  account: Account; has_password: boolean; totp: boolean; passkeys: number
  holds: {
    hold: string; duty: string; role: string; role_title: string; area: string; area_path: string; org_name: string | null
    from: string | null; until: string | null
  }[]
}
export interface Policy { kind: 'resident' | 'staff' | 'admin'; chars: number; classes: number; days: number; factor: Factors['demand'] }
export interface Decoy {
  id: string; made: string; name: string; birth: string; address: string; area: string; area_path: string; opened: number; last: string | null
}
export interface DecoyHit { id: string; at: string; account: string; who: string; kind: LookKind; reason: string | null }
export type LookKind = 'page' | 'clear' | 'list' | 'listed' | 'export' | 'over' | 'call' | 'number' | 'reach'
export interface Look extends DecoyHit { person: string | null; fields: string; tie: string }
export interface Org { id: string; name: string; kind: string; area: string; version: number }
export interface UpperShown {
  connected: boolean; url: string | null; name: string | null; waiting: number; stuck: number; oldest: string | null; heard: string | null
  keys: { id: string; made: string; until: string | null }[]
}
export interface UpperMessage {
  id: string; case_id: string; number: string; kind: string; state: string; why: string; made: string; since: string; next: string | null
  tries: number; ended: string | null
}
export interface UpperReached { reached: boolean; status: number; ms: number; skew_ms: number; says: string }
export interface MachineKey {
  id: string; title: string; account: string; areas: string[]; rights: string[]; made: string; until: string; ended: string | null
}
export interface Line {
  seq: number; at: string; act: string; title: string; account: string | null; subject: string | null; who: string; whom: string; says: string
}
export interface Refusal {
  at: string; account: string | null; name: string; act: string; act_title: string; word: string; title: string; source: string; times: number
}

export interface Person { account: string; name: string; title: string; area_name: string; client: Client }
export interface PhotoState { id: string; state: 'new' | 'ready' | 'refused'; says: string | null; place: { lat: number; lng: number } | null }
export interface Page<T> { items: T[]; next: string | null }

export interface LiveCase { case: string; state: string; version: number; move: string | null }
