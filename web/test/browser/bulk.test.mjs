/* Several cases at once: ticked, looked at before, handled together, and what each came to. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, openBrowser, reported, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

test('three are sent out at once; the one that a colleague was faster with says so', async () => {
  const stamp = Date.now() % 100000
  const names = [1, 2, 3].map(n => `楼道堆着纸箱 ${stamp}-${n}`)
  const pages = []
  for (const name of names) pages.push(await reported(browser, '王芳', name))
  const desk = await windowFor(browser, '周岚', { size: DESK })
  for (const name of names) await desk.getByRole('checkbox', { name: `选：${name}` }).check()
  await desk.getByText('选了 3 件').waitFor()
  await checkPage(desk, 'three ticked')
  await desk.getByRole('button', { name: '一起办' }).click()
  await desk.getByRole('heading', { name: '3 件一起办' }).waitFor()

  const other = await windowFor(browser, '吴强', { size: DESK })
  await other.getByRole('link', { name: names[1] }).click()
  await other.getByRole('button', { name: '上报' }).click()
  await other.getByRole('textbox', { name: '原因' }).fill('要街道出面。')
  await other.getByRole('form', { name: '上报' }).getByRole('button', { name: '上报' }).click()
  await other.locator('ol.time').getByText('上报', { exact: true }).waitFor()

  const pane = desk.getByRole('region', { name: '一起办' })
  await pane.getByRole('radio', { name: /^派单（/ }).check()
  await pane.getByRole('heading', { name: '会办 2 件，不办 1 件' }).waitFor()
  await pane.getByText(/吴强在 .*已经办了“上报”，请看最新情况再办。/).waitFor()
  await checkPage(desk, 'the preview')
  await pane.getByRole('form', { name: '派单' }).getByRole('radio').first().check()
  await pane.getByRole('button', { name: /^派给/ }).click()
  await pane.getByRole('heading', { name: '办成 2 件' }).waitFor()
  assert.equal(await pane.getByText(/办成了，现在是/).count(), 2)
  await checkPage(desk, 'what each came to')
  await pane.getByRole('button', { name: '好了' }).click()
  await desk.getByRole('link', { name: names[0] }).waitFor({ state: 'detached' })
  await Promise.all([...pages, desk, other].map(one => one.context().close()))
})

test('those that did not go are looked at again and tried again', async () => {
  const stamp = Date.now() % 100000
  const names = [1, 2].map(n => `井盖响 ${stamp}-${n}`)
  const pages = []
  for (const name of names) pages.push(await reported(browser, '赵建国', name))
  const desk = await windowFor(browser, '周岚', { size: DESK })
  for (const name of names) await desk.getByRole('checkbox', { name: `选：${name}` }).check()
  await desk.getByRole('button', { name: '一起办' }).click()
  const pane = desk.getByRole('region', { name: '一起办' })
  await pane.getByRole('radio', { name: /^派单（/ }).check()
  await pane.getByRole('heading', { name: '会办 2 件' }).waitFor()
  await pane.getByRole('form', { name: '派单' }).getByRole('radio').first().check()

  const other = await windowFor(browser, '周岚', { size: DESK })       /* after the preview */
  await other.getByRole('link', { name: names[0] }).click()
  await other.getByRole('button', { name: '受理', exact: true }).click()
  await other.locator('ol.time').getByText('受理', { exact: true }).waitFor()

  await pane.getByRole('button', { name: /^派给/ }).click()
  await pane.getByRole('heading', { name: '办成 1 件' }).waitFor()
  await pane.getByText(/没有办成：周岚在 .*已经办了“受理”/).waitFor()
  await checkPage(desk, 'one did not go')
  await pane.getByRole('button', { name: '再试没办成的 1 件' }).click()
  await pane.getByRole('heading', { name: '1 件一起办' }).waitFor()
  await pane.getByRole('radio', { name: /^派单（/ }).check()
  await pane.getByRole('form', { name: '派单' }).getByRole('radio').first().check()
  await pane.getByRole('button', { name: /^派给/ }).click()
  await pane.getByRole('heading', { name: '办成 1 件' }).waitFor()
  assert.equal(await pane.getByText(/没有办成/).count(), 0)
  await Promise.all([...pages, desk, other].map(one => one.context().close()))
})

test('all that a search found is handled together, as it was shown', async () => {
  const stamp = Date.now() % 100000
  const word = `雪松${String.fromCodePoint(0x4e00 + stamp % 2000)}${String.fromCodePoint(0x5e00 + stamp % 1999)}`
  const pages = []
  for (const n of [1, 2]) pages.push(await reported(browser, '王芳', `${word}压着电线 ${n}`))
  const desk = await windowFor(browser, '周岚', { size: DESK })
  await desk.goto(`${BASE}/desk/#/find`)
  await desk.getByRole('searchbox', { name: /^找什么/ }).fill(word)
  await desk.getByRole('button', { name: '找', exact: true }).click()
  await desk.getByRole('button', { name: '找到的一起办（最多 100 件）' }).click()
  const pane = desk.getByRole('region', { name: '一起办' })
  await pane.getByRole('heading', { name: '2 件一起办' }).waitFor()
  await checkPage(desk, 'what was found, together')
  await pane.getByRole('radio', { name: /^派单（/ }).check()
  await pane.getByRole('heading', { name: '会办 2 件' }).waitFor()
  await pane.getByRole('form', { name: '派单' }).getByRole('radio').first().check()
  await pane.getByRole('button', { name: /^派给/ }).click()
  await pane.getByRole('heading', { name: '办成 2 件' }).waitFor()
  await Promise.all([...pages, desk].map(one => one.context().close()))
})
