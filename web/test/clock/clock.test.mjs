/* What the clock does by itself, seen on the screens.  The server's clock is moved, so this runs after all the others
 * and everybody signs in anew. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, dispatch, moveClock, openBrowser, openCase, photo, reported, windowFor } from '../browser/harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

test('nobody accepts: it warns, then it is supervised and goes one level up', async () => {
  const what = `雨篦子堵了，门口积水 ${Date.now() % 100000}`
  const resident = await reported(browser, '王芳', what, [photo('drain-blocked')])

  await moveClock(resident, 100 * MINUTE)
  const soon = await windowFor(browser, '周岚', { size: DESK })
  await openCase(soon, 'desk', what)
  await soon.locator('.pane .due--soon').getByText(/还剩 \d+ 分钟/).first().waitFor()
  await soon.locator('ol.time').getByText(/受理.*快到/).waitFor()
  await checkPage(soon, 'time runs short')
  await soon.context().close()

  await moveClock(resident, 30 * MINUTE)
  const late = await windowFor(browser, '吴强', { size: DESK })
  await openCase(late, 'desk', what)
  await late.locator('.pane .due').first().waitFor()              /* the level above has a deadline of its own */
  await late.locator('.pane .tag').getByText('督办').waitFor()
  await late.locator('.pane .relay .now').getByText(/您/).waitFor()
  await checkPage(late, 'late and supervised')
  await late.goto(`${BASE}/desk/#/inbox`)
  await late.getByRole('listitem').filter({ hasText: what }).first().waitFor()
  await checkPage(late, 'what the level above is told')
  await late.context().close()

  const leader = await windowFor(browser, '孙丽', { size: DESK })
  await leader.goto(`${BASE}/desk/#/inbox`)
  await leader.getByRole('listitem').filter({ hasText: what }).getByText(/督办/).first().waitFor()
  await leader.context().close()

  await resident.getByText(/正在督办/).waitFor()
  await checkPage(resident, 'what the resident sees of it')
  await resident.context().close()
})

test('not solved: it opens again and goes one level up, for fifteen days', async () => {
  const what = `垃圾没清干净，味道很大 ${Date.now() % 100000}`
  const resident = await reported(browser, '赵建国', what)
  const desk = await windowFor(browser, '周岚', { size: DESK })
  const worker = await dispatch(desk, what)
  await answerAs(worker, what)

  await resident.getByRole('button', { name: '没解决' }).click()
  await resident.getByRole('textbox', { name: '原因' }).waitFor()
  const form = resident.getByRole('form', { name: '没解决' })
  await form.getByRole('button', { name: '没解决' }).click()
  await resident.getByText(/请写一句原因/).waitFor()
  await checkPage(resident, 'not solved, no reason given')
  await resident.getByRole('textbox', { name: '原因' }).fill('墙角还有一堆，没人动。')
  await form.getByRole('button', { name: '没解决' }).click()
  await resident.locator('ol.time').getByText('墙角还有一堆').waitFor()
  await resident.locator('.vow .relay .now').getByText(/在办/).waitFor()
  await checkPage(resident, 'opened again')
  await desk.locator('ol.time').getByText('墙角还有一堆').waitFor()
  assert.doesNotMatch(await desk.locator('.pane .relay .now').innerText(), new RegExp(worker), 'it went up')
  await checkPage(desk, 'opened again, at the desk')

  await moveClock(resident, 16 * DAY)
  await Promise.all([resident, desk].map(one => one.context().close()))
})

async function answerAs(name, what) {
  const grid = await windowFor(browser, name)
  await openCase(grid, 'grid', what)
  await grid.getByRole('textbox', { name: '办得怎么样' }).fill('清过了。')
  await grid.locator('form input[type=file]').setInputFiles(photo('rubbish'))
  await grid.locator('form canvas').waitFor()
  await grid.getByRole('button', { name: '办结反馈' }).click()
  await grid.locator('ol.time').getByText('清过了。').waitFor()
  await grid.context().close()
}
