/* One matter from the first photo to the last word, by clicking: a resident reports, the desk accepts and dispatches,
 * the grid worker answers with a photo, the resident rates.  Three windows stay open; each learns of the others' moves
 * without being touched. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, openBrowser, photo, report, walkIn, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

for (const large of [false, true]) {
  const type = large ? ', large' : ''
  const WHAT = `路口井盖裂了，车一过就响 ${Date.now() % 100000}`

  test(`a report is accepted, dispatched, answered and rated${type}`, async t => {
    const [resident, desk, grid] = await Promise.all([
      windowFor(browser, null, { large }), windowFor(browser, null, { large, size: DESK }), windowFor(browser, null, { large }),
    ])
    await resident.context().grantPermissions(['geolocation'])
    await resident.context().setGeolocation({ latitude: 32.0103, longitude: 112.1201, accuracy: 12 })
    await walkIn(resident, '王芳')
    await walkIn(desk, '周岚')
    await walkIn(grid, '刘敏')

    await t.test('the resident reports in three steps, with a photo and a place', async () => {
      await resident.getByRole('link', { name: /随手拍/ }).click()
      await report(resident, {
        what: WHAT, photos: [photo('manhole-open')], category: ['公用设施', '井盖缺失'],
        check: async step => {
          if (step === 2) {
            await resident.getByText('按您现在的位置').waitFor()
            await resident.getByRole('radio', { name: '不是' }).check()
          }
          await checkPage(resident, `report, step ${step}${type}`)
        },
      })
      await resident.getByRole('button', { name: '发给社区' }).click()
      await resident.getByRole('heading', { name: '办件进度' }).waitFor()
      await resident.getByRole('heading', { name: WHAT }).waitFor()
      await resident.locator('.photos--facts img').waitFor()
      await checkPage(resident, `case, just sent${type}`)
    })

    await t.test('the desk sees it without reloading, and accepts: the resident sees that', async () => {
      await desk.getByRole('link', { name: WHAT }).click()
      await desk.getByRole('button', { name: '受理', exact: true }).click()
      await resident.locator('ol.time').getByText('受理', { exact: true }).waitFor()
      await checkPage(desk, `accepted${type}`)
    })

    await t.test('the desk dispatches: both others see that', async () => {
      const form = desk.getByRole('form', { name: '派单' })
      await form.getByRole('button', { name: '派单' }).click()
      await desk.getByText('请选一个承办方。').waitFor()
      await checkPage(desk, `dispatch, nobody chosen${type}`)
      await form.getByRole('radio', { name: /刘敏/ }).check()
      await form.getByRole('textbox', { name: '交代一句' }).fill('先围起来，再换井盖。')
      await form.getByRole('button', { name: /^派给网格员 刘敏/ }).click()
      await desk.locator('ol.time').getByText(/交给网格员 刘敏/).waitFor()
      await resident.getByText(/^网格员 刘敏在办/).waitFor()
      await checkPage(resident, `case, in hands${type}`)
      await grid.getByRole('link', { name: WHAT }).waitFor()
    })

    await t.test('the grid worker has it in the list by deadline, and answers with words and a photo', async () => {
      const due = await grid.locator('.rows .due').allInnerTexts()
      assert.ok(due.length > 0, 'each task says when')
      await checkPage(grid, `tasks${type}`)
      await grid.getByRole('link', { name: WHAT }).click()
      await grid.getByRole('textbox', { name: '办得怎么样' }).fill('换了新井盖，车过没有响声。')
      await grid.locator('form input[type=file]').setInputFiles(photo('manhole-closed'))
      await grid.locator('form canvas').waitFor()
      await checkPage(grid, `answer${type}`)
      await grid.getByRole('button', { name: '办结反馈' }).click()
      await grid.locator('ol.time').getByText('换了新井盖').waitFor()
      await checkPage(grid, `answered${type}`)
    })

    await t.test('the resident, who touched nothing meanwhile, is asked and rates', async () => {
      await resident.getByRole('radio', { name: '满意', exact: true }).check()
      await resident.locator('ol.time img').first().waitFor()
      await checkPage(resident, `rate${type}`)
      await resident.getByRole('button', { name: '评价' }).click()
      await resident.getByText('您评了“满意”').waitFor()
      await resident.getByRole('button', { name: '没解决' }).waitFor()
      await checkPage(resident, `closed${type}`)
      await desk.getByText('居民评了“满意”').waitFor()
    })

    await t.test('the inbox told the resident, step by step', async () => {
      await resident.goto(`${BASE}/resident/#/inbox`)
      const told = resident.getByRole('listitem').filter({ hasText: WHAT })
      await told.nth(2).waitFor()
      await checkPage(resident, `told${type}`)
    })

    await Promise.all([resident, desk, grid].map(page => page.context().close()))
  })
}
