/* Appointments: a resident books a time at a window, moves it, loses it when the window closes and takes another; the
 * desk sees who comes and books for whoever telephones.  In normal and in large type. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, openBrowser, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const mine = async page => (await (await page.request.get(`${BASE}/api/v1/appointments`)).json()).items.find(one => one.state === 'booked' || one.state === 'displaced')
const pick = async (form, nth) => {
  await form.getByRole('group', { name: '几点' }).locator('label').nth(nth).click()
}

async function booked(page, large) {
  await page.getByRole('link', { name: '我的', exact: true }).click()
  await page.getByRole('link', { name: '我的预约' }).click()
  await page.getByRole('link', { name: '预约到窗口办' }).click()
  const form = page.getByRole('form', { name: '预约' })
  await form.locator('label', { hasText: '居住证明' }).click()
  await form.getByText('最早提前 14 天约').waitFor()
  await form.getByRole('group', { name: '哪一天' }).locator('label').nth(1).click()
  await pick(form, 2)
  await checkPage(page, `a time is chosen ${large}`)
  await form.getByRole('button', { name: '约这个时间' }).click()
  await page.getByText('到了报预约码').waitFor()
  await checkPage(page, `one’s own appointments ${large}`)
}

async function moved(page, large) {
  const card = page.getByRole('article', { name: '居住证明的预约' }).first()
  const before = await mine(page)
  await card.getByRole('button', { name: '改时间' }).click()
  const form = card.getByRole('form', { name: '改时间' })
  await form.getByRole('group', { name: '哪一天' }).locator('label').nth(1).click()
  await pick(form, 4)
  await checkPage(page, `another time ${large}`)
  await form.getByRole('button', { name: '改到这个时间' }).click()
  await form.waitFor({ state: 'detached' })
  const now = await mine(page)
  assert.notEqual(now.starts, before.starts)
  assert.equal(now.code, before.code)
  return now
}

async function closed(desk, visit, large) {
  await desk.getByRole('link', { name: '窗口预约' }).click()
  await desk.getByLabel('哪一天').first().fill(visit.starts.slice(0, 10))
  await desk.getByRole('cell', { name: visit.code }).waitFor()
  await checkPage(desk, `who comes on a day ${large}`)
  const form = desk.getByRole('form', { name: '停办一段时间' })
  await form.getByLabel('从什么时候').fill(visit.starts.slice(0, 16))
  await form.getByLabel('到什么时候').fill(visit.ends.slice(0, 16))
  await form.getByLabel('为什么不开').fill('系统升级')
  await form.getByRole('button', { name: '停办这段时间' }).click()
  await desk.getByRole('button', { name: '恢复办理' }).waitFor()
  await checkPage(desk, `a window stays shut ${large}`)
}

async function offered(page, large) {
  await page.getByText('系统升级').waitFor()                     /* by the live stream */
  await checkPage(page, `another time is offered ${large}`)
  await page.getByRole('button', { name: /^改到/ }).first().click()
  await page.getByText('到了报预约码').first().waitFor()
  const card = page.getByRole('article', { name: '居住证明的预约' }).first()
  await card.getByRole('button', { name: '取消预约' }).click()
  await card.getByRole('button', { name: '取消这个预约' }).click()
  await page.getByText('没有约着的').waitFor()
  assert.equal(await mine(page), undefined)
}

for (const [name, large] of [['王芳', false], ['赵建国', true]])
  test(`a time at a window is booked, moved, lost and taken anew${large ? ', in large type' : ''}`, async () => {
    const type = large ? 'in large type' : ''
    const page = await windowFor(browser, name, { large })
    await booked(page, type)
    const visit = await moved(page, type)
    const desk = await windowFor(browser, '邓丽', { size: DESK, large })
    await closed(desk, visit, type)
    await offered(page, type)
    await desk.getByRole('button', { name: '恢复办理' }).click()
    await desk.getByRole('button', { name: '恢复办理' }).waitFor({ state: 'detached' })
    await Promise.all([page, desk].map(one => one.context().close()))
  })

test('the desk books for whoever telephones, with their consent', async () => {
  const desk = await windowFor(browser, '邓丽', { size: DESK })
  await desk.getByRole('link', { name: '窗口预约' }).click()
  const form = desk.getByRole('form', { name: '替来电、到场的人约' })
  await form.getByLabel('办什么事').selectOption('高龄津贴')
  await form.getByRole('group', { name: '哪一天' }).locator('label').last().click()
  await form.getByRole('group', { name: '几点' }).locator('label').last().click()
  await form.getByRole('textbox', { name: '姓名' }).fill('陈秀英')
  await form.getByRole('textbox', { name: '电话' }).fill('1379755')
  await form.getByRole('button', { name: '约这个时间' }).click()
  await form.getByText('手机号是 11 位').waitFor()
  desk.complaints.length = 0                                       /* the browser notes that it was 400 */
  await checkPage(desk, 'a number is not whole')
  await form.getByRole('group', { name: '几点' }).locator('label').last().click()
  await form.getByRole('textbox', { name: '电话' }).fill('13797555520')
  await form.getByRole('button', { name: '约这个时间' }).click()
  await desk.getByText(/约好了，预约码 \d{6}/).waitFor()
  await desk.context().close()
})

test('an application leads to an appointment about it', async () => {
  const page = await windowFor(browser, '王芳')
  const where = { lat: 32.0103, lng: 112.1201, source: 'map', words: '山水家园 3 栋', area: '420602004008003' }
  const fields = { category: '居住证明', whom: '我自己', way: '送到家', contact: '13712345520', where }
  const made = await page.request.post(`${BASE}/api/v1/cases`, { headers: { 'X-Linli': '1' }, data: { scene: 'service', kind: 'application', fields } })
  assert.equal(made.status(), 201)
  await page.goto(`${BASE}/resident/#/cases/${(await made.json()).id}`)
  await page.getByRole('link', { name: '约个时间，不用排队' }).click()
  const form = page.getByRole('form', { name: '预约' })
  await form.getByRole('group', { name: '哪一天' }).locator('label').last().click()
  await pick(form, 0)
  await form.getByRole('button', { name: '约这个时间' }).click()
  await page.getByText('到了报预约码').waitFor()
  await checkPage(page, 'an application with its appointment')
  await page.getByRole('button', { name: '取消预约' }).click()
  await page.getByRole('button', { name: '取消这个预约' }).click()
  await page.getByRole('link', { name: '约个时间，不用排队' }).waitFor()
  await page.context().close()
})
