/* 窗口、来信、代办: one page that takes down what somebody brings, writes, or has reported for them, with how they agreed; and
 * the receipt that they take home. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, chooseCategory, DESK, openBrowser, photo, PHONE, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

async function open(who, size, large = false) {
  const desk = await windowFor(browser, who, { size, large })
  await desk.goto(`${BASE}/desk/#/intake`)
  await desk.getByRole('heading', { name: '窗口、来信、代办' }).waitFor()
  await desk.getByRole('combobox', { name: '记到哪里' }).selectOption({ label: '接诉即办：来电' })
  return desk
}

/* The scene's own part, with her own community from the list. */
async function matter(desk, what) {
  await chooseCategory(desk, ['水电气热', '停水漏水'])
  await desk.getByRole('textbox', { name: '来电内容' }).fill(what)
  await desk.locator('.place input.in').fill('山水家园 3 栋')
  await desk.getByRole('button', { name: '选社区' }).click()
  await desk.getByRole('combobox', { name: '属于哪里' }).selectOption({ label: '滨湖社区' })
}

const register = desk => desk.getByRole('button', { name: '登记，出回执' }).click()

test('at the counter what is missing is told at its place, and the receipt has number and deadline', async () => {
  const desk = await open('周岚', DESK)
  await register(desk)
  await desk.getByText('请写名字。').waitFor()
  await desk.getByText('请写能打通的电话。').waitFor()
  await checkPage(desk, 'the counter, nothing filled in')
  await desk.getByRole('textbox', { name: '来的人叫什么' }).fill('何平')
  await desk.getByRole('textbox', { name: '电话', exact: true }).fill('13612345678')
  await matter(desk, '窗口说的停水')
  await register(desk)
  const receipt = desk.getByRole('region', { name: '受理回执' })
  await receipt.getByText(/何平：您的事已经登记/).waitFor()
  assert.match(await receipt.innerText(), /办件号\s*\d{4}-\d{4,}/)
  assert.match(await receipt.innerText(), /时限\s*2026 年 \d+ 月 \d+ 日 \d+:\d\d 前/)
  await checkPage(desk, 'a receipt')

  await desk.emulateMedia({ media: 'print' })
  assert.equal(await desk.getByRole('button', { name: '打印回执' }).isVisible(), false)
  assert.equal(await desk.getByRole('navigation', { name: '主菜单' }).isVisible(), false)
  assert.equal(await receipt.isVisible(), true)
  await desk.emulateMedia({ media: 'screen' })
  await desk.getByRole('button', { name: '登记下一件' }).click()
  assert.equal(await desk.getByRole('textbox', { name: '来的人叫什么' }).inputValue(), '')
  await desk.context().close()
})

test('on behalf of somebody how they agreed is asked for, and stands in the history with who noted it', async () => {
  const desk = await open('周岚', PHONE)
  await desk.getByRole('radio', { name: '替人代办' }).check()
  await desk.getByRole('combobox', { name: '记到哪里' }).selectOption({ label: '接诉即办：来电' })
  await desk.getByRole('textbox', { name: '替谁报' }).fill('陈秀英')
  await desk.getByRole('textbox', { name: '电话', exact: true }).fill('13797555520')
  await matter(desk, '替老人报的停水')
  await register(desk)
  await desk.getByText('请选本人是怎样同意的。').waitFor()
  await desk.getByRole('radio', { name: '监护人同意' }).check()
  await register(desk)
  await desk.getByText('请写是哪位监护人、什么时候同意的。').waitFor()
  await checkPage(desk, 'on behalf, at 360')
  await desk.getByRole('textbox', { name: '同意的情况' }).fill('儿子陈强，今天上午电话里')
  await register(desk)
  await desk.getByRole('region', { name: '受理回执' }).waitFor()
  await checkPage(desk, 'a receipt at 360')
  const at = await desk.getByRole('link', { name: '打开这件事' }).getAttribute('href')
  const shown = await (await desk.request.get(`${BASE}/api/v1/cases/${at.split('=')[1]}`)).json()
  assert.match(JSON.stringify(shown), /登记，监护人同意，周岚记下/)
  await desk.context().close()
})

test('a letter has its date and its scan, in large type too', async () => {
  const desk = await open('周岚', DESK, true)
  await desk.getByRole('radio', { name: '寄来的信' }).check()
  await desk.getByRole('combobox', { name: '记到哪里' }).selectOption({ label: '接诉即办：来电' })
  await desk.getByRole('textbox', { name: '信上的署名' }).fill('匿名')
  await desk.getByRole('textbox', { name: '电话', exact: true }).fill('13612345679')
  await matter(desk, '信里说的停水')
  await register(desk)
  await desk.getByText('请写信上的日期。').waitFor()
  await desk.getByLabel('信上的日期').fill('2026-11-20')
  await desk.locator('input[type=file]').setInputFiles([photo('drain-blocked')])
  await desk.locator('.photos canvas').first().waitFor()
  await desk.getByText(/^在传/).waitFor({ state: 'detached' })
  await checkPage(desk, 'a letter in large type')
  await register(desk)
  const receipt = desk.getByRole('region', { name: '受理回执' })
  await receipt.getByText('来信', { exact: true }).waitFor()
  await desk.context().close()
})
