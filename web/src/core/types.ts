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
  scenes: SceneBrief[]
  acts: string[]
}

export type FieldType = 'choice' | 'yesno' | 'text' | 'photos' | 'place' | 'phone' | 'number' | 'date' | 'person'

export interface Field {
  name: string; title: string; type: FieldType
  help?: string | null
  required: boolean; max: number | null
  ask: string | null
  options: { value: string; group: string | null; note?: string | null }[]
  voice: boolean; grade: string; default: string | null
}

export type Need = 'reason' | 'text' | 'photo' | 'target' | 'stars'

export interface MoveRule { name: string; title: string; from: string[]; to: string; needs: Need[]; by: string }

export interface CaseKind {
  name: string; title: string
  fields: Field[]
  stop: { when: string; say: string }[]
  states: { name: string; title: string }[]
  begins: string; ends: string[]
  moves: MoveRule[]
  clocks: unknown; public: boolean
}

export interface Scene {
  name: string; title: string; version: number
  home: SceneBrief['home']
  cases: CaseKind[]
}

export type DueState = 'far' | 'soon' | 'late' | 'hold' | 'kept' | 'done'
export interface Due { at: string | null; which: string | null; state: DueState }
export interface Station { label: string; state: 'past' | 'now' | 'next'; you: boolean }
export type Bucket = 'waiting' | 'handling' | 'late' | 'answered' | 'ended'

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
}

export interface Entry {
  seq: number; at: string; act: string; move: string | null
  title: string; text: string | null; who: string; photos: string[]; state: string | null
}

export interface Case extends CaseCard {
  fields: { name: string; title: string; type: string; value: unknown; text: string }[]
  reporter: { name: string; phone: string | null; you: boolean }
  holder: { title: string; org: string | null; account: string | null; duty: string | null } | null
  moves: Move[]
  timeline: Entry[]
  rating: { stars: number; text: string | null } | null    /* no stars: not rated */
}

export interface Target {
  kind: 'account' | 'org' | 'duty'
  id: string | null; duty: string | null; area: string | null
  title: string; note: string | null; open: number
}

export interface MoveBody {
  move: string; version: number
  text?: string; reason?: string; photos?: string[]
  target?: Pick<Target, 'kind' | 'id' | 'duty' | 'area'>
  stars?: number
}

export interface Place {
  lat: number | null; lng: number | null
  source: 'gps' | 'photo' | 'area' | 'map'
  words: string; area: string | null
}

export interface NewCase { scene: string; kind: string; fields: Record<string, unknown>; channel?: string }
export interface Preview { relay: Station[]; promise: string; stop: string | null }
export interface Alike { id: string; category: string | null; state_title: string; distance: string; when: string; promise: string }
export interface Near { area: string; area_name: string; area_path: string; grid: string | null; grid_name: string | null }
export interface Area { code: string; name: string; level: number; level_title: string; parent: string | null; path: string }
export interface Counts { buckets: Record<Bucket, number>; areas: { code: string; name: string; open: number }[] }
export interface Notice { id: string; at: string; title: string; says: string; case: string | null; read: boolean }
export interface SeenBy { id: string; at: string; who: string; kind: 'page' | 'clear' | 'listed' | 'export'; what: string; tie: string; reason: string | null }
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
export interface Person { account: string; name: string; title: string; area_name: string; client: Client }
export interface PhotoState { id: string; state: 'new' | 'ready' | 'refused'; says: string | null; place: { lat: number; lng: number } | null }
export interface Page<T> { items: T[]; next: string | null }

export interface LiveCase { case: string; state: string; version: number; move: string | null }
