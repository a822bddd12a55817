/* One matter from the first photo to the last word, by clicking: a resident reports, the desk accepts and dispatches,
 * the grid worker answers with a photo, the resident rates.  Three windows stay open; each learns of the others' moves
 * without being touched. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, openBrowser, photoBytes, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const WHAT = `路灯杆歪了，晚上看不清路 ${Date.now() % 100000}`

test('a report is accepted, dispatched, answered and rated', async t => {
  const resident = await windowFor(browser, 'resident')
  const desk = await windowFor(browser, 'desk', { size: DESK })
  const grid = await windowFor(browser, 'grid')

  await t.test('the resident reports in three steps', async () => {
    await resident.locator('.go a').first().click()
    await resident.locator('input[type=file]').setInputFiles(await photoBytes(resident))
    await resident.locator('textarea').fill(WHAT)
    await checkPage(resident, 'report, step 1')
    await resident.getByRole('button', { name: /下一步/ }).click()

    await resident.locator('.place input.in').fill('3 栋 2 单元门口')
    await chooseCategory(resident)
    await checkPage(resident, 'report, step 2')
    await resident.getByRole('button', { name: '下一步：看一遍' }).click()

    await resident.getByRole('heading', { name: '发出以后' }).waitFor()
    await checkPage(resident, 'report, step 3')
    await resident.getByRole('button', { name: '发给社区' }).click()
    await resident.getByRole('heading', { name: '办件进度' }).waitFor()
    await resident.getByRole('heading', { name: WHAT }).waitFor()
    await checkPage(resident, 'case, just sent')
  })

  await t.test('the desk sees it without reloading, accepts and dispatches', async () => {
    await desk.getByRole('link', { name: WHAT }).click()
    await desk.getByRole('button', { name: '受理', exact: true }).click()
    await desk.getByRole('button', { name: '派单' }).click()
    await desk.getByText('请选一个承办方。').waitFor()
    await desk.getByRole('radio', { name: /刘敏|网格员/ }).first().check()
    await checkPage(desk, 'dispatch')
    await desk.getByRole('button', { name: /^派给/ }).click()
    await desk.locator('ol.time').getByText(/派/).first().waitFor()
  })

  await t.test('the grid worker answers with words and a photo', async () => {
    await grid.getByRole('link', { name: WHAT }).click()
    await grid.getByRole('textbox', { name: '办得怎么样' }).fill('灯杆扶正了，灯也亮了。')
    await grid.locator('form input[type=file]').setInputFiles(await photoBytes(grid))
    await checkPage(grid, 'answer')
    await grid.getByRole('button', { name: '办结反馈' }).click()
    await grid.locator('ol.time').getByText('灯杆扶正了').waitFor()
  })

  await t.test('the resident, who touched nothing meanwhile, is asked and rates', async () => {
    await resident.getByRole('radio', { name: '满意', exact: true }).check()
    await checkPage(resident, 'rate')
    await resident.getByRole('button', { name: '评价' }).click()
    await resident.getByText('您评了“满意”').waitFor()
    await checkPage(resident, 'closed')
  })

  await t.test('the inbox told the resident', async () => {
    await resident.goto(`${BASE}/resident/#/inbox`)
    await resident.locator('main li').first().waitFor()
    assert.ok(await resident.locator('main li').count() > 0)
  })
})

/* Categories may stand in groups: the group first, then one of it. */
async function chooseCategory(page) {
  const group = page.getByRole('group', { name: /先选大类/ }).getByRole('radio')
  if (await group.count() > 0) await group.last().check()
  await page.locator('fieldset').filter({ hasText: '类别' }).locator('.stack > :last-child').getByRole('radio').first().check()
}
