import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApi, type Reply, type Request } from '../../src/core/api'
import { createLive, type LiveHandlers } from '../../src/core/live'
import { Problem } from '../../src/core/problem'
import { remembering, type Kept } from '../../src/core/remember'

function stream() {
  const opened: LiveHandlers[] = []
  const later: { ms: number; run: () => void }[] = []
  const live = createLive('/live', (_, handlers) => { opened.push(handlers); return { close() {} } }, (ms, run) => later.push({ ms, run }))
  return { live, opened, later }
}

test('news of a case reach whoever listens, others are passed over', () => {
  const { live, opened } = stream()
  const heard: unknown[] = []
  const off = live.on({ case: news => heard.push(news.case), inbox: unread => heard.push(unread) })
  live.start()
  opened[0]!.event('case', '{"case":"7","state":"new","version":1,"move":null}')
  opened[0]!.event('inbox', '{"unread":2}')
  opened[0]!.event('case', 'not json')
  opened[0]!.event('other', '{}')
  off()
  opened[0]!.event('inbox', '{"unread":3}')
  assert.deepEqual(heard, ['7', 2])
})

test('a stream closed for good is opened again, later each time, and says that news may be missing', () => {
  const { live, opened, later } = stream()
  let missed = 0
  live.on({ missed: () => missed++ })
  live.start()
  opened[0]!.opened()
  opened[0]!.failed(false)                      /* it resumes by itself */
  assert.equal(later.length, 0)
  opened[0]!.failed(true)
  later[0]!.run()
  opened[1]!.failed(true)
  assert.deepEqual(later.map(one => one.ms), [2000, 4000])
  later[1]!.run()
  opened[2]!.opened()
  assert.equal(missed, 1)
})

const json = (body: unknown, status = 200): Reply => ({ status, json: async () => body })

test('what is kept is answered without a network, what is not stays a problem', async () => {
  const kept = new Map<string, Kept>()
  let away = false
  const seen: (number | null | 'reached')[] = []
  const send = remembering(
    async ({ path }) => { if (away) throw new Error(); return json({ path }) },
    { get: async path => kept.get(path), put: async (path, one) => { kept.set(path, one) } },
    path => path.startsWith('/api/v1/scenes/'), () => 42,
    { reached: () => seen.push('reached'), missed: since => seen.push(since) },
  )
  const api = createApi(send, () => 'key')
  await api.scene('snap')
  away = true
  assert.deepEqual(await api.scene('snap'), { path: '/api/v1/scenes/snap' })
  await assert.rejects(api.inbox(), (error: Problem) => error.kind === 'offline')
  assert.deepEqual(seen, ['reached', 42, null])
})

test('a change carries its key, its type and the house’s own header', async () => {
  const sent: Request[] = []
  const api = createApi(async request => { sent.push(request); return json({}, 201) }, () => 'key-0001')
  await api.openCase({ scene: 'snap', kind: 'problem', fields: {} })
  await api.move('7', { move: 'rate', version: 3, stars: 5 }, 'key-0002')
  assert.deepEqual(sent[0]!.headers, { 'Content-Type': 'application/json', 'X-Linli': '1', 'Idempotency-Key': 'key-0001' })
  assert.equal(sent[1]!.headers['Idempotency-Key'], 'key-0002')
  assert.equal(sent[1]!.body, '{"move":"rate","version":3,"stars":5}')
})

test('empty parameters stay out of the address, others are encoded', async () => {
  const sent: Request[] = []
  const api = createApi(async request => { sent.push(request); return json({ items: [], next: null }) }, () => 'key')
  await api.cases({ view: 'inbox', area: '420602', category: '市容 & 环境', cursor: null })
  assert.equal(sent[0]!.path, '/api/v1/cases?view=inbox&area=420602&category=%E5%B8%82%E5%AE%B9%20%26%20%E7%8E%AF%E5%A2%83')
})

test('no answer at all is offline; a refusal is the server’s sentence', async () => {
  const away = createApi(async () => { throw new TypeError('fetch failed') }, () => 'key')
  await assert.rejects(away.start(), (error: Problem) => error.kind === 'offline' && /没连上网/.test(error.message))
  const busy = createApi(async () => json({ title: '人多', detail: '请过一分钟再试。' }, 429), () => 'key')
  await assert.rejects(busy.start(), (error: Problem) => error.kind === 'busy' && error.message === '请过一分钟再试。')
})
