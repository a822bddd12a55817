/* The telephone desk: the number first, what it reported before, words that survive a reload, a number to read out; and
 * urging, by the keyboard alone. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, DESK, openBrowser, PHONE, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const NUMBER = `139${String(Date.now()).slice(-8)}`

async function fill(desk, what) {
  await desk.getByRole('textbox', { name: '来电号码' }).fill(NUMBER)
  await desk.getByRole('textbox', { name: '来电内容' }).fill(what)
}

test('a call is taken down by the keyboard, kept over a reload, and has a number to read out', async () => {
  const what = `从昨晚停水漏水 ${Date.now() % 100000}`
  const desk = await windowFor(browser, '秦岚', { size: DESK })
  await desk.getByRole('link', { name: '接电话' }).click()
  await desk.getByRole('heading', { name: '接电话' }).waitFor()
  await desk.waitForFunction(() => document.activeElement?.type === 'tel')
  await desk.keyboard.type(NUMBER)
  await desk.getByText('这个号码还没有报过事。').waitFor()
  await desk.getByRole('textbox', { name: '来电内容' }).fill(what)
  await desk.getByRole('group', { name: '像是这几类' }).getByRole('button', { name: '停水漏水' }).waitFor()
  await checkPage(desk, 'a call is taken down')
  await desk.reload()
  await desk.getByRole('textbox', { name: '来电内容' }).waitFor()
  assert.equal(await desk.getByRole('textbox', { name: '来电内容' }).inputValue(), what)
  assert.equal(await desk.getByRole('textbox', { name: '来电号码' }).inputValue(), '')

  await desk.keyboard.press('Control+Enter')
  await desk.locator('.err').first().waitFor()
  await fill(desk, what)
  await desk.getByRole('group', { name: '像是这几类' }).getByRole('button', { name: '停水漏水' }).click()
  await place(desk)
  await desk.keyboard.press('Control+Enter')
  await desk.getByText('请念给来电人').waitFor()
  await checkPage(desk, 'a call has its number')

  await desk.keyboard.press('Alt+n')
  await desk.getByRole('textbox', { name: '来电号码' }).fill(NUMBER)
  await desk.getByText('还有 1 件没办完。').waitFor()
  await desk.keyboard.press('Alt+u')
  const urge = desk.getByRole('textbox', { name: '来电人催什么' })
  await urge.waitFor()
  await urge.fill('说老人等着用水')
  await checkPage(desk, 'a caller urges')
  await desk.getByRole('button', { name: '转给承办方' }).click()
  await desk.getByText(/催办记下了/).waitFor()
  await desk.context().close()
})

test('in large type and on a narrow screen the page holds', async () => {
  for (const [size, large] of [[DESK, true], [PHONE, false]]) {
    const desk = await windowFor(browser, '秦岚', { size, large })
    await desk.goto(`${desk.url().split('#')[0]}#/phone`)
    await desk.getByRole('textbox', { name: '来电号码' }).fill(NUMBER)
    await desk.getByText(/没办完|办完了|没有报过/).first().waitFor()
    await checkPage(desk, `the telephone desk at ${size.width}`)
    await desk.context().close()
  }
})

test('who does not answer the telephone has no such page in the menu', async () => {
  const desk = await windowFor(browser, '何静', { size: DESK })
  await desk.getByRole('link', { name: '找办件' }).waitFor()
  assert.equal(await desk.getByRole('link', { name: '接电话' }).count(), 0)
  await desk.context().close()
})

/* In words, and the street from the list. */
async function place(desk) {
  await desk.locator('.place input.in').fill('山水家园 3 栋')
  await desk.getByRole('button', { name: '选社区' }).click()
  await desk.getByRole('combobox', { name: '属于哪里' }).selectOption({ label: '檀溪街道' })
}
