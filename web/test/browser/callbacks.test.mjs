/* 回访: the list of who is still to be called, the number in clear for whoever calls, what came of it by one key; and that
 * the one whose number it is sees who took it out. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, openBrowser, PHONE, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

async function ask(page, path, body) {
  const answer = await page.request.post(`${BASE}/api/v1${path}`, { headers: { 'X-Linli': '1', 'Idempotency-Key': crypto.randomUUID() }, data: body })
  assert.ok(answer.ok(), `${path}: ${await answer.text()}`)
  return answer.json()
}

async function move(page, item, name, more = {}) {
  return { ...item, ...await ask(page, `/cases/${item.id}/moves`, { move: name, version: item.version, ...more }) }
}

/* What she is registered by, in the clear, as the community's desk may see it. */
async function numberOf(name) {
  const desk = await windowFor(browser, '周岚', { size: DESK })
  const found = await ask(desk, '/people/search', { name, area: '420602004008' })
  const { person } = await ask(desk, `/people/${found.items[0].id}/reveal`, { reason: '核对电话' })
  await desk.context().close()
  return person.phone
}

/* Taken down at the telephone, done by the city management bureau. */
async function answered(what) {
  const phone = await numberOf('王芳')
  const desk = await windowFor(browser, '秦岚', { size: DESK })
  const bureau = await windowFor(browser, '石伟')
  let item = await ask(desk, '/cases', {
    scene: 'hotline', kind: 'call', channel: 'phone', intake: { name: '王芳', phone },
    fields: { category: '施工噪声', what, contact: phone, where: { lat: 32.0103, lng: 112.1201, area: '420602004008003' } },
  })
  const targets = await (await desk.request.get(`${BASE}/api/v1/cases/${item.id}/targets`)).json()
  const { kind, id } = targets.items.find(one => one.title.includes('城市管理'))
  item = await move(desk, item, 'dispatch', { target: { kind, id } })
  item = await move(bureau, item, 'sign')
  item = await move(bureau, item, 'answer', { text: '已责令停止夜间施工' })
  await bureau.context().close()
  return { desk, item, phone }
}

const rows = page => page.getByRole('list', { name: '等回访的事' }).getByRole('listitem')
const row = (page, number) => rows(page).filter({ hasText: number })

/* The newest stands last, perhaps pages behind. */
async function turnTo(page, number) {
  const more = page.getByRole('button', { name: '再看后面的' })
  await rows(page).first().waitFor()
  while (!await row(page, number).count() && await more.count()) {
    const seen = await rows(page).count()
    await more.click()
    await rows(page).nth(seen).waitFor()
  }
  await row(page, number).waitFor()
  return row(page, number)
}

test('somebody who had no hand in it calls back: the number by a look, the outcome by one key', async () => {
  const { desk, item, phone } = await answered('半夜打桩')
  const caller = await windowFor(browser, '郑宇', { size: DESK })
  await caller.getByRole('link', { name: '回访', exact: true }).click()
  await caller.getByRole('heading', { name: '回访', level: 1 }).waitFor()
  await (await turnTo(caller, item.number)).getByRole('link').click()
  const pane = caller.getByRole('complementary', { name: '正在回访' })
  await pane.getByText('已责令停止夜间施工').waitFor()
  await pane.getByText(item.number).waitFor()
  assert.equal(await pane.getByText(phone).count(), 0)
  await pane.getByRole('button', { name: '看号码' }).click()
  await pane.getByRole('link', { name: phone }).waitFor()
  await checkPage(caller, 'a call-back')

  await pane.getByRole('button', { name: '无人接听' }).click()
  const tried = await turnTo(caller, item.number)
  await tried.getByText('打过 1 次没打通').waitFor()
  await tried.getByText('无人接听').waitFor()
  await row(caller, item.number).getByRole('link').click()
  await pane.getByText('打过 1 次没打通，上次：无人接听。').waitFor()
  await pane.getByRole('button', { name: '回访没解决' }).click()
  await pane.getByRole('form', { name: '回访没解决' }).waitFor()
  await checkPage(caller, 'a call-back, not solved')
  await pane.getByRole('button', { name: '满意', exact: true }).click()
  await row(caller, item.number).waitFor({ state: 'detached' })

  const resident = await windowFor(browser, '王芳')
  await resident.goto(`${BASE}/resident/#/me/looks`)
  const look = resident.getByRole('listitem').filter({ hasText: item.number })
  await look.getByText('为了回访，看了您完整的电话号码').waitFor()
  await look.getByText(/郑宇/).waitFor()
  for (const page of [desk, caller, resident]) await page.context().close()
})

test('whoever handled it does not find it on the list, and narrow it is a page of its own', async () => {
  const { desk, item, phone } = await answered('凌晨还在打桩')
  await desk.goto(`${BASE}/desk/#/callbacks`)
  await desk.getByRole('heading', { name: '回访', level: 1 }).waitFor()
  await desk.getByText(/没有等您回访的|还没打过/).first().waitFor()
  assert.equal(await row(desk, item.number).count(), 0)
  await checkPage(desk, 'the call-backs of who handled them')

  const caller = await windowFor(browser, '郑宇', { size: PHONE })
  await caller.goto(`${BASE}/desk/#/callbacks`)
  await turnTo(caller, item.number)
  await checkPage(caller, 'call-backs at 360')
  await row(caller, item.number).getByRole('link').click()
  await caller.getByRole('button', { name: '看号码' }).click()
  await caller.getByRole('link', { name: phone }).waitFor()
  await checkPage(caller, 'a call-back at 360')
  await caller.getByRole('button', { name: '回访不愿答' }).click()
  await caller.getByRole('heading', { name: '回访', level: 1 }).waitFor()
  assert.equal(await row(caller, item.number).count(), 0)
  for (const page of [desk, caller]) await page.context().close()
})
