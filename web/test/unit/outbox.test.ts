import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOutbox, filledIn, type OutItem, type OutWire } from '../../src/core/outbox'
import { offline, Problem } from '../../src/core/problem'
import type { CaseCard, MoveBody } from '../../src/core/types'

/* A phone and a server that can be told to be away or to refuse. */
function world(kept: OutItem[] = []) {
  const rows = new Map(kept.map(item => [item.id, item]))
  const server = {
    away: false, refuse: new Map<string, Problem>(),
    log: [] as string[], version: 5, moves: [] as MoveBody[],
  }
  const answer = (key: string, line: string) => {
    if (server.away) throw offline()
    const refusal = server.refuse.get(key)
    if (refusal) throw refusal
    server.log.push(line)
  }
  const wire: OutWire = {
    sendPhoto: async (_, __, key) => { answer(key, `photo ${key}`); return { id: `id-${key}` } },
    openCase: async (body, key) => { answer(key, `open ${JSON.stringify(body.fields)}`); return { id: '1', version: 1 } as CaseCard },
    move: async (id, body, key) => {
      answer(key, `move ${id} ${body.move} v${body.version}`)
      server.moves.push(body)
      return { id, version: ++server.version } as CaseCard
    },
  }
  let shown: OutItem[] = []
  const sent: string[] = []
  const outbox = createOutbox(
    { all: async () => [...rows.values()], put: async item => { rows.set(item.id, item) }, remove: async id => { rows.delete(id) } },
    wire, { changed: items => { shown = items }, sent: item => { sent.push(item.id) } },
  )
  return { outbox, server, rows, sent, shown: () => shown }
}

function opening(id: string, at: number, photos: string[] = []): OutItem {
  return {
    id, at, title: id, photos: photos.map(key => ({ key, bytes: key, type: 'image/jpeg', id: null })),
    act: { kind: 'open', body: { scene: 's', kind: 'k', fields: { what: id } }, photoField: 'photos' },
    state: 'waiting', says: null, fix: null, badPhoto: null,
  }
}

function moving(id: string, at: number, on: string, version = 5): OutItem {
  return { ...opening(id, at), act: { kind: 'move', case: on, body: { move: id, version } } }
}

test('what cannot be sent waits, and goes once there is a network', async () => {
  const { outbox, server, rows, sent, shown } = world()
  server.away = true
  await outbox.add(opening('a', 1))
  await outbox.flush()
  assert.equal(shown()[0]!.state, 'waiting')
  server.away = false
  await outbox.flush()
  assert.deepEqual(sent, ['a'])
  assert.equal(rows.size, 0)
})

test('photos go first and their ids into the field', async () => {
  const { outbox, server } = world()
  await outbox.add(opening('a', 1, ['p', 'q']))
  await outbox.flush()
  assert.deepEqual(server.log, ['photo p', 'photo q', 'open {"what":"a","photos":["id-p","id-q"]}'])
})

test('a photo that went is not sent again after the network broke', async () => {
  const { outbox, server } = world()
  await outbox.add(opening('a', 1, ['p']))
  server.refuse.set('a', offline())
  await outbox.flush()
  server.refuse.clear()
  await outbox.flush()
  assert.equal(server.log.filter(line => line === 'photo p').length, 1)
})

test('a photo that is refused is the one to retake; the others have gone', async () => {
  const { outbox, server, shown } = world()
  server.refuse.set('q', new Problem('refused', 422, '这张照片打不开。'))
  await outbox.add(opening('a', 1, ['p', 'q', 'r']))
  await outbox.flush()
  const [item] = shown()
  assert.deepEqual([item!.state, item!.fix, item!.badPhoto, item!.says], ['stuck', 'retake', 1, '这张照片打不开。'])
  assert.deepEqual(server.log, ['photo p', 'photo r'])
  await outbox.mendPhoto('a', 1, null)
  await outbox.flush()
  assert.match(server.log.at(-1)!, /"photos":\["id-p","id-r"\]/)
})

test('one that is refused holds up nothing but its own case', async () => {
  const { outbox, server, shown, sent } = world()
  server.refuse.set('a', new Problem('conflict', 409, '周岚刚刚先办了。'))
  await outbox.add(moving('a', 1, '7'))
  await outbox.add(moving('b', 2, '7'))
  await outbox.add(moving('c', 3, '8'))
  await outbox.flush()
  assert.deepEqual(sent, ['c'])
  assert.deepEqual(shown().map(item => [item.id, item.state, item.fix]), [['a', 'stuck', 'look'], ['b', 'waiting', null]])
})

test('the second move on a case takes over the version that the first produced', async () => {
  const { outbox, server } = world()
  await outbox.add(moving('take', 1, '7'))
  await outbox.add(moving('answer', 2, '7'))
  await outbox.flush()
  assert.deepEqual(server.moves.map(body => body.version), [5, 6])
})

test('what was being sent when the phone died is sent again under the same key', async () => {
  const { outbox, server, sent } = world([{ ...opening('a', 1), state: 'sending' }])
  await outbox.load()
  await outbox.flush()
  assert.deepEqual(sent, ['a'])
  assert.equal(server.log.length, 1)
})

test('after a sign-in ran out everything waits for the next', async () => {
  const { outbox, server, shown, sent } = world()
  server.refuse.set('a', new Problem('signin', 401, '请再登录一次。'))
  await outbox.add(opening('a', 1))
  await outbox.add(opening('b', 2))
  await outbox.flush()
  assert.equal(shown()[0]!.fix, 'signin')
  assert.deepEqual(sent, [])
  server.refuse.clear()
  await outbox.signedIn()
  await outbox.flush()
  assert.deepEqual(sent, ['a', 'b'])
})

test('a flush asked for while one runs is done when everything has gone', async () => {
  const { outbox, sent } = world()
  await outbox.add(opening('a', 1))
  const first = outbox.flush()
  await outbox.add(opening('b', 2))
  await outbox.flush()
  await first
  assert.deepEqual(sent, ['a', 'b'])
})

test('what was refused fills its form again, as the form holds it', () => {
  const body = { scene: 's', kind: 'k', fields: { what: '灯', lamps: 3, urgent: false, where: { words: '门口' } } }
  const item = { act: { kind: 'open', body, photoField: 'photos' } } as unknown as OutItem
  assert.deepEqual(filledIn(item), {
    what: '灯', lamps: '3', urgent: false, where: { lat: null, lng: null, source: 'area', words: '门口', area: null },
  })
})
