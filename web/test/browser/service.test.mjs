/* A service asked for on the phone: what to bring stands beside the choice, what is known is not asked again,
 * and more papers are asked for once.  Both in normal and in large type. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, DESK, openBrowser, openCase, photo, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const next = page => page.getByRole('button', { name: /下一步/ }).click()

async function apply(page, what, large = '') {
  await page.locator('a[href="#/new/service/application"]').first().click()
  await page.locator('label', { hasText: '居住证明' }).first().click()
  const guide = page.getByRole('region', { name: '居住证明怎么办' })
  await guide.getByText('要带的材料').waitFor()
  await guide.getByText('1 个工作日').waitFor()
  await guide.getByText('示例，待核定').waitFor()
  await page.locator('textarea').fill(what)
  await checkPage(page, `a service's guide ${large}`)
  await next(page)
  await page.getByRole('region', { name: '住在哪里' }).getByText('已知，不用再填').waitFor()
  await page.locator('label', { hasText: '我自己' }).first().click()
  await page.locator('label', { hasText: '送到家' }).click()
  await checkPage(page, `what is known ${large}`)
  await next(page)
  await page.getByRole('region', { name: '电话' }).getByText('已知，不用再填').waitFor()
  await checkPage(page, `the last step ${large}`)
}

for (const large of [false, true])
  test(`a service says what to bring and asks for nothing that is known, in ${large ? 'large' : 'normal'} type`, async () => {
    const page = await windowFor(browser, '王芳', { large })
    await apply(page, '孩子上学要用。', large ? 'in large type' : '')
    await page.getByRole('button', { name: '电话：要填别的' }).click()
    await page.locator('input[type=tel]').waitFor()
    await page.context().close()
  })

test('it is asked for, more papers are asked for once, and the desk is not offered to ask again', async () => {
  const what = `孩子上学要用 ${Date.now() % 100000}`
  const page = await windowFor(browser, '王芳')
  await apply(page, what)
  await page.getByRole('button', { name: '发给社区' }).click()
  await page.waitForURL(/#\/cases\//)

  const desk = await windowFor(browser, '邓丽', { size: DESK })
  await openCase(desk, 'desk', what)
  await desk.getByRole('button', { name: '请补材料' }).click()
  const form = desk.getByRole('form', { name: '请补材料' })
  await form.getByRole('radio', { name: '等待材料' }).check()
  await form.getByRole('textbox').last().fill('请补租房合同，三页都要。')
  await checkPage(desk, 'papers asked for')
  await form.getByRole('button', { name: '请补材料' }).click()
  await desk.getByRole('button', { name: '窗口收齐了' }).waitFor()

  await page.getByText('请补租房合同').first().waitFor()
  const give = page.getByRole('form', { name: '补交材料' })
  if (!(await give.count())) await page.getByRole('button', { name: '补交材料' }).click()
  await give.getByRole('textbox').last().fill('合同三页都在这里。')
  await give.locator('input[type=file]').setInputFiles(photo('gate-road'))
  await give.locator('.photos canvas').first().waitFor()
  await checkPage(page, 'papers handed in')
  await give.getByRole('button', { name: '补交材料' }).click()
  await give.waitFor({ state: 'detached' })
  await openCase(desk, 'desk', what)
  await desk.getByRole('button', { name: '受理', exact: true }).waitFor()
  assert.equal(await desk.getByRole('button', { name: '请补材料' }).count(), 0)
  await Promise.all([page, desk].map(one => one.context().close()))
})
