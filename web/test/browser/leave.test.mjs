/* Being away: a colleague is asked to stand in, sees what is in the other's hands, and no longer when it ends. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, openBrowser, reported, serverNow, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const HOUR = 3_600_000
const local = at => new Date(at + 8 * HOUR).toISOString().slice(0, 16)

test('a colleague stands in for a while, is told, and hears when it ends', async () => {
  const phone = await windowFor(browser, '刘敏')
  await phone.goto(`${BASE}/grid/#/me`)
  await phone.getByRole('link', { name: '请假代班' }).click()
  await phone.getByText('没有安排代班').waitFor()
  await checkPage(phone, 'nobody stands in')
  const form = phone.getByRole('form', { name: '请同事代班' })
  const colleague = form.getByRole('combobox', { name: '谁来代' })
  const offered = await colleague.locator('option').allInnerTexts()
  assert.ok(offered.some(one => one.startsWith('陈涛，网格员')), offered.join('；'))
  assert.ok(!offered.some(one => one.startsWith('刘敏')), 'nobody stands in for themselves')
  await colleague.selectOption({ label: offered.find(one => one.startsWith('陈涛')) })
  const now = await serverNow(phone)
  await form.getByLabel('到什么时候').fill(local(now - HOUR))
  phone.complaints.length = 0
  await form.getByRole('button', { name: '请他代班' }).click()
  await form.getByText('代到什么时候，要晚于开始和现在。').waitFor()
  assert.match(phone.complaints.splice(0).join(), /422/)
  await form.getByLabel('到什么时候').fill(local(now + 3 * HOUR))
  await form.getByLabel('为什么').fill('去医院复查')
  await form.getByRole('button', { name: '请他代班' }).click()
  const arranged = phone.getByRole('region', { name: '已经安排的' })
  await arranged.getByText('陈涛代您').waitFor()
  await arranged.getByText('去医院复查').waitFor()
  await checkPage(phone, 'somebody stands in')

  const other = await windowFor(browser, '陈涛')
  await other.goto(`${BASE}/grid/#/me/leave`)
  await other.getByText('您代网格员 刘敏').waitFor()
  assert.equal(await other.getByText('去医院复查').count(), 0, 'why is not for who stands in')
  await other.goto(`${BASE}/grid/#/inbox`)
  await other.getByText(/请您代网格员 刘敏办件。/).first().waitFor()

  await arranged.getByRole('button', { name: '提前结束' }).click()
  await checkPage(phone, 'before it is ended')
  await arranged.getByRole('button', { name: '结束代班' }).click()
  await phone.getByText('没有安排代班').waitFor()
  await other.reload()
  await other.getByText('网格员 刘敏回来了，您的代班到此为止。').first().waitFor()
  await Promise.all([phone, other].map(one => one.context().close()))
})

test('what is looked for lies in one grid, and the view that was kept says which', async () => {
  const what = `围墙砖松了 ${Date.now() % 100000}`
  const page = await reported(browser, '王芳', what)
  const desk = await windowFor(browser, '周岚', { size: DESK })
  await desk.goto(`${BASE}/desk/#/find`)
  const form = desk.getByRole('form', { name: '找办件' })
  const grid = form.getByRole('combobox', { name: '网格' })
  const find = () => form.getByRole('button', { name: '找', exact: true }).click()
  await form.getByLabel('找什么').fill(what)
  await find()
  const found = desk.getByRole('region', { name: '找到的办件' })
  const hit = found.getByRole('link', { name: what })
  await hit.waitFor()
  const own = (await found.locator('.meta').first().innerText()).split('\n').at(-1).trim()
  const grids = await grid.locator('option').allInnerTexts()
  assert.ok(grids.includes(own), `${own} is one of ${grids.join('、')}`)
  await grid.selectOption({ label: grids.slice(1).find(one => one !== own) })
  await find()
  await found.getByText('没有找到').waitFor()
  await checkPage(desk, 'not in that grid')
  await grid.selectOption({ label: own })
  await find()
  await hit.waitFor()

  const title = `这一格 ${Date.now() % 1000}`
  await desk.getByText('存为我的视图').click()
  await desk.getByLabel('叫什么').fill(title)
  await desk.getByRole('button', { name: '存下来' }).click()
  await desk.getByRole('navigation', { name: '我的视图' }).getByRole('button', { name: title }).waitFor()
  await desk.reload()
  await desk.getByRole('navigation', { name: '我的视图' }).getByRole('button', { name: title }).click()
  await hit.waitFor()
  await desk.waitForFunction(label => [...document.querySelectorAll('select')].some(one => one.selectedOptions[0]?.textContent === label), own)
  await checkPage(desk, 'the grid of the view')
  await desk.getByRole('button', { name: `去掉${title}` }).click().catch(() => undefined)
  await Promise.all([page, desk].map(one => one.context().close()))
})
