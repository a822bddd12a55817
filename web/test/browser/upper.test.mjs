/* The platform above the county: whether one is connected, the key that both share, and what waits. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, openBrowser, PHONE, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

test('without a platform it says so; a key is made, shown once, and ended', async () => {
  const page = await windowFor(browser, '方正', { size: DESK })
  await page.goto(`${BASE}/desk/#/upper`)
  await page.getByRole('heading', { level: 1, name: '上级平台' }).waitFor()
  await page.getByText('还没有接上。平台的地址由本机的管理人员写进设置').waitFor()
  await page.getByText('没有发不出去的').waitFor()
  await checkPage(page, 'the platform above, at a desk')

  const keys = page.getByRole('region', { name: '共用的密钥' })
  const before = await keys.getByText(/^编号/).count()
  await keys.getByRole('button', { name: '做一把新的' }).click()
  const once = page.getByRole('heading', { name: /^新的密钥，编号 / })
  const id = (await once.innerText()).match(/编号 (\S+)/)[1]
  await page.getByText('只显示这一次。').waitFor()
  await checkPage(page, 'a key for the platform, shown once')
  await page.getByRole('button', { name: '我记下了' }).click()
  await once.waitFor({ state: 'detached' })
  await keys.getByText(id, { exact: true }).waitFor()
  await keys.getByRole('button', { name: `停用 ${id}` }).click()
  await keys.getByText('用这把密钥发来的马上不收。').waitFor()
  await keys.getByRole('button', { name: '停用', exact: true }).click()
  await keys.getByText(id, { exact: true }).waitFor({ state: 'detached' })
  assert.equal(await keys.getByText(/^编号/).count(), before)
  await page.context().close()
})

test('the centre sees what waits and makes no keys; the desk is not shown the page', async () => {
  const centre = await windowFor(browser, '何静', { size: DESK })
  await centre.goto(`${BASE}/desk/#/upper`)
  await centre.getByRole('heading', { name: '等着发的', exact: true }).waitFor()
  assert.equal(await centre.getByRole('button', { name: '做一把新的' }).count(), 0)
  await checkPage(centre, 'the platform above, at the centre')
  await centre.setViewportSize(PHONE)
  await checkPage(centre, 'the platform above, narrow')
  const desk = await windowFor(browser, '周岚', { size: DESK })
  assert.equal(await desk.getByRole('link', { name: '上级平台' }).count(), 0)
  await Promise.all([centre, desk].map(page => page.context().close()))
})
