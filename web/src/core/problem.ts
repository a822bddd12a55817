/* What went wrong, as one sentence for the person.  The server's own sentence comes first; ours say what to do when
 * there was no answer at all. */

export interface Fault { where: string | null; says: string }

export type ProblemKind = 'offline' | 'signin' | 'factor' | 'conflict' | 'refused' | 'gone' | 'busy' | 'server'

export class Problem extends Error {
  readonly kind: ProblemKind
  readonly status: number
  readonly faults: Fault[]

  constructor(kind: ProblemKind, status: number, says: string, faults: Fault[] = []) {
    super(says)
    this.kind = kind
    this.status = status
    this.faults = faults
  }

  /* The faults that belong to fields, by the field's name: "fields/contact" -> contact. */
  byField(): Record<string, string> {
    const found: Record<string, string> = {}
    for (const { where, says } of this.faults) {
      const name = where?.replace(/^fields\//, '').split('/')[0]
      if (name) found[name] ??= says
    }
    return found
  }
}

interface Body { type?: string; title?: string; detail?: string | null; problems?: Fault[] }

const OWN: Record<ProblemKind, string> = {
  offline: '没连上网，连上后再试一次。',
  signin: '您离开得久了，请再登录一次。',
  factor: '登录还差一步，请先验证。',
  conflict: '刚刚有人先动了这件事，请看一眼再办。',
  refused: '有几处要改一下。',
  gone: '没找到这一页，可能已经收起来了，或者不归您看。',
  busy: '现在人多，请过一分钟再试。',
  server: '我们这边出了点问题，内容还在。请过一会儿再试。',
}

export function offline(): Problem {
  return new Problem('offline', 0, OWN.offline)
}

export function problemFrom(status: number, body: unknown): Problem {
  const { type, title, detail, problems } = (typeof body === 'object' && body !== null ? body : {}) as Body
  const kind = type === '/problems/second-factor' ? 'factor' : kindOf(status)
  return new Problem(kind, status, detail || title || OWN[kind], Array.isArray(problems) ? problems : [])
}

function kindOf(status: number): ProblemKind {
  if (status === 401) return 'signin'
  if (status === 409) return 'conflict'
  if (status === 404 || status === 410) return 'gone'
  if (status === 429 || status === 503) return 'busy'
  return status >= 500 ? 'server' : 'refused'
}

export function sentence(error: unknown): string {
  return error instanceof Problem ? error.message : OWN.server
}
