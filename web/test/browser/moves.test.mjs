/* Moves that ask for something of their own. */
import { after, before, test } from 'node:test'
import { checkPage, DESK, dispatch, openBrowser, openCase, reported, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

test('putting off: one of the scene’s reasons is chosen, words may follow, whoever leads agrees, and the resident reads both', async () => {
  const what = `路灯一闪一闪 ${Date.now() % 100000}`
  const resident = await reported(browser, '王芳', what)
  const desk = await windowFor(browser, '周岚', { size: DESK })
  await dispatch(desk, what, '刘敏')
  await desk.context().close()

  const grid = await windowFor(browser, '刘敏')
  await openCase(grid, 'grid', what)
  await grid.getByRole('button', { name: '申请暂缓' }).click()
  const form = grid.getByRole('form', { name: '申请暂缓' })
  await form.getByRole('textbox', { name: '说明一句' }).fill('灯具明天到货')
  await form.getByRole('button', { name: '申请暂缓' }).click()
  await form.getByText('请选一种原因。').waitFor()
  await checkPage(grid, 'put off, no reason chosen')
  await form.getByRole('radio', { name: '等待材料' }).check()
  await checkPage(grid, 'put off, a reason chosen')
  await form.getByRole('button', { name: '申请暂缓' }).click()
  await grid.getByRole('button', { name: '继续办' }).waitFor()
  const leader = await windowFor(browser, '孙丽', { size: DESK })
  await openCase(leader, 'desk', what, 'handling')
  await leader.getByRole('button', { name: '同意暂缓', exact: true }).click()
  await resident.locator('ol.time').getByText('等待材料，灯具明天到货').waitFor()
  await resident.getByText('暂停计时：等待材料，灯具明天到货。').first().waitFor()
  await checkPage(resident, 'put off, for the resident')
  await Promise.all([resident, grid, leader].map(page => page.context().close()))
})
