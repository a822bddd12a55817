/* What of a case becomes public: reviewed at the desk, wished for or not by whoever reported it, read by neighbours. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, dispatch, openBrowser, openCase, photo, report, reported, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const unique = words => `${words} ${Date.now() % 100000}`
const close = pages => Promise.all(pages.map(page => page.context().close()))
const does = async (page, name) => {
  await page.getByRole('button', { name, exact: true }).first().click()
  return page.getByRole('form', { name, exact: true })
}

/* Reported with a photo, handled and answered. */
async function answered(what) {
  const resident = await reported(browser, '王芳', what, [photo('manhole-open')])
  const desk = await windowFor(browser, '周岚', { size: DESK })
  const worker = await windowFor(browser, await dispatch(desk, what))
  await openCase(worker, 'grid', what)
  let form = await does(worker, '内部备注')
  await form.getByRole('button', { name: '内部备注' }).click()
  await form.getByText('请写备注。').waitFor()
  await form.getByRole('textbox', { name: '备注' }).fill('去年也断过，找老张')
  await checkPage(worker, 'a note among staff')
  await form.getByRole('button', { name: '内部备注' }).click()
  await worker.locator('ol.time').getByText('去年也断过，找老张').waitFor()
  form = worker.getByRole('form', { name: '办结反馈' })
  if (!(await form.isVisible())) await worker.getByRole('button', { name: '办结反馈', exact: true }).click()
  await form.getByRole('textbox', { name: '办得怎么样' }).fill('断枝已经锯掉运走')
  await form.locator('input[type=file]').setInputFiles([photo('manhole-open')])
  await form.locator('.photos canvas').first().waitFor()
  await form.getByText(/^在传/).waitFor({ state: 'detached' })
  await form.getByRole('button', { name: '办结反馈' }).click()
  await worker.locator('ol.time').getByText('断枝已经锯掉运走').waitFor()
  return { id: worker.url().match(/cases\/(\d+)/)[1], pages: [resident, desk, worker] }
}

async function toReview(desk, id) {
  await desk.goto(`${BASE}/desk/#/?bucket=answered&case=${id}`)
  await desk.locator('ol.time').waitFor()
}

test('reviewed: a telephone stands in the way until it is covered, a face is covered on the photo', async () => {
  const what = unique('树枝断了，打 13907195566 找我')
  const { id, pages } = await answered(what)
  const [resident, desk] = pages
  await toReview(desk, id)
  const form = await does(desk, '审核公开')
  await form.getByText(/“13907195566”像手机号码/).first().waitFor()
  await checkPage(desk, 'reviewing, a number found')
  await form.getByRole('textbox', { name: '公开的题目' }).fill('树枝断了')
  for (let cover = form.getByRole('button', { name: /^用 × 盖住/ }); await cover.count() > 0;) {
    await cover.first().click()
    await desk.waitForTimeout(900)
  }
  assert.match(await form.getByRole('textbox', { name: '公开的内容' }).inputValue(), /139×{6}66/)

  const first = form.getByRole('group', { name: '第 1 张照片', exact: true })
  await first.getByRole('radio', { name: '公开', exact: true }).check()
  await first.getByRole('button', { name: '加一块' }).click()
  await first.getByRole('button', { name: '左移' }).press('Enter')
  await first.getByRole('radio', { name: '圆的' }).check()
  await first.locator('svg').scrollIntoViewIfNeeded()
  const box = await first.locator('svg').boundingBox()
  await desk.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.1)
  await desk.mouse.down()
  await desk.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.3, { steps: 4 })
  await desk.mouse.up()
  await first.getByRole('radio', { name: '第 2 块' }).waitFor()
  await checkPage(desk, 'reviewing, two spots covered')
  const sent = desk.waitForRequest(request => request.url().endsWith('/moves'))
  await form.getByRole('button', { name: '审核公开' }).click()
  const { photos } = (await sent).postDataJSON().public
  assert.equal(photos.length, 1)
  assert.deepEqual(photos[0].marks[0], { shape: 'box', x: 0.38, y: 0.4, w: 0.2, h: 0.2 })
  assert.equal(photos[0].marks[1].shape, 'oval')
  await desk.locator('ol.time').getByText(/^(审核公开|公开了这件事)/).waitFor()

  const neighbour = await windowFor(browser, '赵建国')
  await neighbour.getByRole('link', { name: /^公开的办件/ }).click()
  const shown = neighbour.getByRole('article').filter({ hasText: what.match(/\d+$/)[0] })
  await shown.getByText('断枝已经锯掉运走').waitFor()
  await shown.getByText(/139×{6}66/).first().waitFor()
  await checkPage(neighbour, 'public cases, for a neighbour')

  assert.equal(await resident.getByText('找老张').count(), 0)
  const changed = await does(resident, '公开设置')
  await checkPage(resident, 'what the reporter wants, changed')
  await changed.getByRole('radio', { name: /^不公开/ }).check()
  await changed.getByRole('button', { name: '公开设置' }).click()
  await resident.locator('ol.time').getByText(/公开设置/).first().waitFor()
  await resident.getByText('不公开，只有办的人看得到。').waitFor()
  await neighbour.reload()
  await neighbour.getByRole('heading', { name: '公开的办件', exact: true }).waitFor()
  await shown.waitFor({ state: 'detached' })
  await close([...pages, neighbour])
})

test('reviewing reads and works on a phone and in large type', async () => {
  const what = unique('路牌倒了')
  const { id, pages } = await answered(what)
  for (const size of [{ width: 360, height: 780 }, DESK]) {
    const desk = await windowFor(browser, '周岚', { size, large: true })
    await toReview(desk, id)
    const form = await does(desk, '审核公开')
    await form.getByRole('group', { name: '第 1 张照片', exact: true }).getByRole('radio', { name: '公开', exact: true }).check()
    await form.getByRole('button', { name: '加一块' }).click()
    await checkPage(desk, `reviewing, large type, ${size.width}`)
    await close([desk])
  }
  await close(pages)
})

test('the choice is put in plain words when it is sent, and 不公开 is kept', async () => {
  const what = unique('楼下有积水')
  const page = await windowFor(browser, '王芳', { large: true })
  await page.goto(`${BASE}/resident/#/new/snap/problem`)
  await report(page, { what })
  const choice = page.getByRole('group', { name: '办好以后，公开不公开' })
  assert.ok(await choice.getByRole('radio', { name: /^公开，不写姓名/ }).isChecked())
  await choice.getByRole('radio', { name: /^不公开/ }).check()
  await checkPage(page, 'public or not, before it is sent')
  await page.getByRole('button', { name: '发给社区' }).click()
  await page.getByText('不公开，只有办的人看得到。').waitFor()
  await checkPage(page, 'not public, on the page of the case')
  await page.goto(`${BASE}/resident/#/public`)
  await page.getByRole('heading', { name: '公开的办件', exact: true }).waitFor()
  await checkPage(page, 'public cases, large type')
  await close([page])
})

test('the three rates at the desk, with their formula in words', async () => {
  for (const [size, large] of [[DESK, false], [DESK, true], [{ width: 360, height: 780 }, false], [{ width: 360, height: 780 }, true]]) {
    const desk = await windowFor(browser, '吴强', { size, large })
    await desk.goto(`${BASE}/desk/#/rates?period=90`)
    await desk.getByRole('rowheader', { name: '合计' }).waitFor()
    await desk.getByText('“已解决”的件数 ÷').waitFor()
    await checkPage(desk, `rates, ${size.width}, ${large ? 'large' : 'normal'} type`)
    await desk.getByLabel('怎么分').selectOption('area')
    await desk.getByRole('columnheader', { name: '辖区' }).waitFor()
    await close([desk])
  }
})
