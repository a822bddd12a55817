/* Residents on staff screens, and what the residents see of it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, openBrowser, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const WHY = `核对低保材料 ${Date.now() % 100000}`

test('a resident is found, opened with a reason, seen in clear with another, and reads it all under 我的', async () => {
  const desk = await windowFor(browser, '周岚', { size: DESK })
  await desk.getByRole('link', { name: '居民', exact: true }).click()
  await desk.getByRole('textbox', { name: '姓名' }).fill('王芳')
  await desk.getByRole('button', { name: '找', exact: true }).click()
  await desk.getByRole('heading', { name: '找到的人' }).waitFor()
  const rows = desk.getByRole('link', { name: '王*' })
  assert.ok(await rows.count() > 0)
  assert.equal(await desk.getByText('王芳', { exact: true }).count(), 0)
  await checkPage(desk, 'residents found')
  await rows.last().click()                          /* not the one who reports: nothing is in hand for them */
  await desk.getByRole('form', { name: '写明原因' }).waitFor()
  desk.complaints.length = 0                         /* the browser's own word about the 422 */
  await checkPage(desk, 'a resident, asked why')
  await desk.getByRole('textbox', { name: '原因' }).fill(WHY)
  await desk.getByRole('button', { name: '打开' }).click()
  await desk.getByRole('heading', { name: '王*' }).waitFor()
  await checkPage(desk, 'a resident, masked')
  const form = desk.getByRole('form', { name: '看完整的号码' })
  await form.getByRole('textbox', { name: '原因' }).fill(`${WHY}，打电话约时间`)
  await form.getByRole('button', { name: '看完整的' }).click()
  await desk.getByRole('heading', { name: '王芳' }).waitFor()
  await checkPage(desk, 'a resident, in clear')

  const phone = await windowFor(browser, '王芳')
  await phone.goto(`${BASE}/resident/#/me`)
  await phone.getByRole('link', { name: '谁看过我的信息' }).click()
  await phone.getByRole('heading', { name: '谁看过我的信息', level: 1 }).waitFor()
  await phone.locator('main').getByText(/周岚/).first().waitFor()
  await checkPage(phone, 'who looked at me')
  await Promise.all([desk, phone].map(one => one.context().close()))
})

test('a grid worker looks for a resident on the phone', async () => {
  const page = await windowFor(browser, '刘敏')
  await page.goto(`${BASE}/grid/#/people`)
  await page.getByRole('textbox', { name: '姓名' }).fill('没有这个人')
  await page.getByRole('button', { name: '找', exact: true }).click()
  await page.getByText('没有找到').waitFor()
  await checkPage(page, 'residents, on the phone')
  await page.context().close()
})

test('a long list waits for a second person, who agrees in their own window, and is then fetched', async () => {
  const desk = await windowFor(browser, '周岚', { size: DESK })
  const leader = await windowFor(browser, '孙丽', { size: DESK })
  await desk.goto(`${BASE}/desk/#/people`)
  const form = desk.getByRole('form', { name: '导出名单' })
  const purpose = `高龄津贴核对 ${Date.now() % 100000}`
  await form.getByLabel('出生不晚于').fill('1946-11-23')
  await form.getByRole('textbox', { name: '用途' }).fill(purpose)
  await form.getByRole('button', { name: '申请导出' }).click()
  await desk.getByText('等另一个人同意').first().waitFor()
  await checkPage(desk, 'an export that waits')
  await leader.goto(`${BASE}/desk/#/people`)
  const waiting = leader.getByRole('listitem').filter({ hasText: purpose })
  await waiting.waitFor()
  await checkPage(leader, 'a request that waits for me')
  await waiting.getByRole('button', { name: '同意', exact: true }).click()
  await waiting.waitFor({ state: 'detached' })
  await desk.getByRole('button', { name: '下载' }).first().waitFor()
  const [file] = await Promise.all([desk.waitForEvent('download'), desk.getByRole('button', { name: '下载' }).first().click()])
  assert.match(file.suggestedFilename(), /居民名单.*\.xlsx$/)
  await checkPage(desk, 'an export that is ready')
  await Promise.all([desk, leader].map(one => one.context().close()))
})
