/* The grid worker without a network: the page opens, tasks and forms are there, what is done is kept on the phone and
 * goes out by itself, once. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, openBrowser, photo, report, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const WHAT = `楼道堆了纸箱 ${Date.now() % 100000}`

async function openSnap(page) {
  await page.getByRole('link', { name: '报事' }).click()
  await page.getByRole('link', { name: /身边问题/ }).click()
}

test('a report made without a network is sent once there is one', async () => {
  const page = await windowFor(browser, '刘敏')
  await page.evaluate(async () => { await navigator.serviceWorker.ready })
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await openSnap(page)
  await page.locator('textarea').waitFor()

  await page.context().setOffline(true)
  await page.goto(`${BASE}/grid/`)
  await page.reload()
  await page.getByText('没有网络，照常办').waitFor()

  await openSnap(page)
  await report(page, { what: WHAT, photos: [photo('rubbish')], words: '5 栋 1 单元', category: ['环境卫生', '垃圾卫生'] })
  await page.getByRole('button', { name: '发给社区' }).click()

  await page.getByText('1 件存在手机里').waitFor()
  await checkPage(page, 'outbox')

  await page.context().setOffline(false)
  await page.getByText('1 件存在手机里').waitFor({ state: 'detached', timeout: 40_000 })
  const found = await page.evaluate(async () => (await fetch('/api/v1/cases?view=mine&limit=50')).json())
  const sent = found.items.filter(item => item.title.includes(WHAT))
  assert.equal(sent.length, 1, 'sent exactly once')
  assert.equal(sent[0].photos.length, 1, 'with its photo')
  await page.context().close()
})

test('a report that the server refuses comes back to its form, photos and all, and goes out mended', async () => {
  const what = `单元门口堆了纸箱 ${Date.now() % 100000}`
  const page = await windowFor(browser, '刘敏')
  await openSnap(page)
  await page.locator('textarea').waitFor()
  await page.context().setOffline(true)
  await report(page, { what, photos: [photo('rubbish')], words: '6 栋 1 单元', category: ['环境卫生', '垃圾卫生'] })
  await page.getByRole('button', { name: '发给社区' }).click()
  await page.getByText('1 件存在手机里').waitFor()

  /* Meanwhile the list of kinds was changed: what was chosen is none of them any more. */
  await page.route('**/api/v1/cases', route => route.continue({ postData: route.request().postData().replace('垃圾卫生', '旧的类别') }))
  await page.context().setOffline(false)
  await page.getByText('类别里没有“旧的类别”这一项').waitFor()
  await page.unroute('**/api/v1/cases')
  page.complaints.length = 0                                       /* the browser reports the 400 as well */
  await checkPage(page, 'outbox, refused')
  await page.getByRole('link', { name: '改一改再发' }).click()
  await page.locator('.photos canvas').waitFor()
  assert.equal(await page.getByRole('textbox', { name: '情况' }).inputValue(), what)
  await page.getByRole('button', { name: /下一步/ }).click()
  assert.equal(await page.locator('.place input.in').inputValue(), '6 栋 1 单元')
  await page.getByRole('radio', { name: '市容环境', exact: true }).check()
  await page.getByRole('button', { name: '下一步：看一遍' }).click()
  await page.getByRole('button', { name: '发给社区' }).click()
  await page.getByRole('heading', { name: what }).waitFor()
  await page.locator('.photos--facts img').waitFor()
  await page.goto(`${BASE}/grid/`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  assert.equal(await page.getByText('改一改再发').count(), 0)
  await page.context().close()
})
