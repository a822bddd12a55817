/* The desk when things are not smooth: two people at once, only a keyboard, a server that goes away. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, wayTo, openBrowser, report, reported, tabTo, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

let made = 0
async function darkStairs(name) {
  const what = `楼道灯坏了，夜里看不见 ${Date.now() % 100000}-${++made}`
  return { what, page: await reported(browser, name, what) }
}

test('two desks at once: the second is told who did what, and keeps what was written', async () => {
  const { what, page } = await darkStairs('王芳')
  const first = await windowFor(browser, '周岚', { size: DESK })
  const second = await windowFor(browser, '吴强', { size: DESK })
  await second.route('**/api/v1/live', route => route.abort())     /* news do not reach it */
  await second.reload()
  await first.getByRole('link', { name: what }).click()
  await second.getByRole('link', { name: what }).click()
  await second.getByRole('button', { name: '上报' }).click()
  await second.getByRole('textbox', { name: '原因' }).fill('要街道出面。')

  await first.getByRole('button', { name: '受理', exact: true }).click()
  await first.locator('ol.time').getByText('受理', { exact: true }).waitFor()
  second.complaints.length = 0
  await second.getByRole('form', { name: '上报' }).getByRole('button', { name: '上报' }).click()
  await second.getByText(/周岚在 .*已经办了“受理”，请看最新情况再办。/).waitFor()
  await second.locator('ol.time').getByText('受理', { exact: true }).waitFor()
  assert.equal(await second.getByRole('textbox', { name: '原因' }).inputValue(), '要街道出面。')
  assert.match(second.complaints.splice(0).join(), /409/)          /* the browser's own word about it */
  await checkPage(second, 'somebody was faster')
  await Promise.all([page, first, second].map(one => one.context().close()))
})

test('a dispatch by the keyboard alone', async () => {
  const { what, page } = await darkStairs('赵建国')
  const desk = await windowFor(browser, '周岚', { size: DESK })
  const row = desk.getByRole('link', { name: what })
  await row.waitFor()
  await tabTo(desk, row)
  await desk.keyboard.press('Enter')
  await desk.getByRole('heading', { name: what }).waitFor()
  const choices = desk.getByRole('form', { name: '派单' }).getByRole('radio')
  await choices.first().waitFor()
  await tabTo(desk, choices.first())
  await desk.keyboard.press('Space')
  const send = desk.getByRole('button', { name: /^派给/ })
  await send.waitFor()
  await tabTo(desk, send)
  await desk.keyboard.press('Enter')
  await desk.locator('ol.time').getByText(/^派单，交给/).waitFor()
  await page.getByText(/在办，/).first().waitFor()
  await Promise.all([page, desk].map(one => one.context().close()))
})

test('the server goes away: what was written stays, and goes out by itself when it is back', async () => {
  const way = await wayTo()
  const page = await windowFor(browser, '王芳', { proxy: way.proxy })
  const what = `水管漏水，路面湿滑 ${Date.now() % 100000}`
  await page.goto(`${BASE}/resident/#/new/snap/problem`)
  await report(page, { what })

  await way.shut()
  await page.getByRole('button', { name: '发给社区' }).click()
  await page.getByText('没发出去，内容还在。').waitFor()
  await checkPage(page, 'the server is away, a report')
  await page.goto(`${BASE}/resident/#/cases`)
  await page.getByText(/没有网络，现在看不到您的办件/).waitFor()
  await checkPage(page, 'the server is away, a list')

  await way.reopen()
  await page.getByText(/没有网络/).waitFor({ state: 'detached' })
  await page.goBack()
  await page.getByRole('button', { name: '发给社区' }).waitFor()
  await way.shut()
  await page.getByRole('button', { name: '发给社区' }).click()
  await page.getByText('没发出去，内容还在。').waitFor()
  await way.reopen()
  await page.getByRole('heading', { name: '办件进度' }).waitFor()
  await page.getByRole('heading', { name: what }).waitFor()
  await page.context().close()
  await way.shut()
})

test('areas narrow the list, and what is looked at stands in the address', async () => {
  const desk = await windowFor(browser, '吴强', { size: DESK })
  await desk.getByRole('link', { name: /^滨湖社区/ }).click()
  await desk.getByRole('link', { name: /^第 3 网格/ }).click()
  await desk.waitForURL(/area=420602004008003/)
  await desk.getByRole('link', { name: /^在办/ }).click()
  await desk.reload()
  await desk.getByRole('link', { name: /^第 3 网格/ }).and(desk.locator('[aria-current]')).waitFor()
  await desk.getByRole('link', { name: /^在办/ }).and(desk.locator('[aria-current]')).waitFor()
  const grids = await desk.locator('tbody .meta > span:last-child').allInnerTexts()
  assert.ok(grids.every(one => one.includes('第 3 网格')), grids.join())
  await desk.context().close()
})
