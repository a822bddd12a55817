/* 百姓通: a notice written, let out by a second person, read and answered, corrected, withdrawn; who has not read it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, DESK, openBrowser, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

async function written(desk, title, more = async () => {}) {
  await desk.getByRole('link', { name: '通知', exact: true }).click()
  const form = desk.getByRole('form', { name: '写一条通知' })
  await form.getByRole('textbox', { name: '标题' }).fill(title)
  await form.getByRole('textbox', { name: '内容' }).fill('明天 9:00 至 12:00 停水，请提前备水。')
  await more(form)
  await checkPage(desk, 'a notice is written')
  await form.getByRole('button', { name: '发通知' }).click()
  await desk.getByText('写好了，等另一个人复核。').waitFor()
}

async function letOut(browser, title) {
  const leader = await windowFor(browser, '孙丽', { size: DESK })
  await leader.getByRole('link', { name: '通知', exact: true }).click()
  await leader.getByRole('radio', { name: '等复核的' }).check()
  await leader.getByRole('link', { name: title }).click()
  await leader.getByRole('heading', { name: '请您复核' }).waitFor()
  await checkPage(leader, 'a notice waits for a second person')
  await leader.getByRole('button', { name: '同意发出' }).click()
  await leader.getByText('发出去了。').waitFor()
  await leader.context().close()
}

for (const large of [false, true]) {
  test(`a notice reaches a resident, who answers it${large ? ', in large type' : ''}`, async () => {
    const title = `停水通知 ${Date.now() % 100000}`
    const desk = await windowFor(browser, '周岚', { size: DESK, large })
    await written(desk, title, async form => {
      await form.getByRole('radio', { name: '回一句话' }).check()
      await form.getByRole('textbox', { name: '请大家回答什么' }).fill('要不要送水？')
    })
    const page = await windowFor(browser, '王芳', { large })
    assert.equal(await page.getByRole('link', { name: title }).count(), 0)
    await letOut(browser, title)
    await page.getByRole('link', { name: title }).waitFor()      /* by the live stream, without loading anew */
    await checkPage(page, 'a resident’s first page with a notice')
    await page.getByRole('link', { name: '看全部通知' }).click()
    await page.getByRole('heading', { name: '24 小时办结' }).waitFor()
    await checkPage(page, 'the one list')
    await page.getByRole('link', { name: title }).click()
    const answer = page.getByRole('textbox', { name: '要不要送水？' })
    await answer.fill('要两桶')
    await checkPage(page, 'a notice is read')
    await page.getByRole('button', { name: /^回给/ }).click()
    await page.getByText(/回了：要两桶/).waitFor()

    const grid = await windowFor(browser, '刘敏', { large })
    await grid.getByRole('link', { name: '我的', exact: true }).click()
    await grid.getByRole('link', { name: /^通知/ }).click()
    await grid.getByRole('link', { name: title }).click()
    await grid.getByText('要两桶').waitFor()
    await grid.getByRole('button', { name: '看还有谁没回' }).click()
    await grid.getByRole('heading', { name: '还没回的' }).waitFor()
    await checkPage(grid, 'who has not answered')

    await desk.getByText('要两桶').waitFor({ timeout: 1 }).catch(() => desk.reload())
    await desk.getByText('要两桶').waitFor()
    await checkPage(desk, 'how far a notice has come')
    await Promise.all([page, grid, desk].map(one => one.context().close()))
  })
}

test('a correction and a withdrawal are seen by whoever had read it', async () => {
  const title = `停电通知 ${Date.now() % 100000}`
  const desk = await windowFor(browser, '周岚', { size: DESK })
  await written(desk, title)
  await letOut(browser, title)
  const page = await windowFor(browser, '王芳')
  await page.getByRole('link', { name: title }).click()
  await page.getByRole('heading', { name: title }).waitFor()

  await desk.reload()
  await desk.getByRole('button', { name: '更正', exact: true }).click()
  const form = desk.getByRole('form', { name: '更正这条通知' })
  await form.getByRole('textbox', { name: '内容' }).fill('改到后天。')
  await form.getByRole('textbox', { name: '为什么更正' }).fill('施工改期')
  await checkPage(desk, 'a notice is corrected')
  await form.getByRole('button', { name: '更正', exact: true }).click()
  await desk.getByRole('heading', { name: '等复核的更正' }).waitFor()
  await letOut(browser, title)
  await page.getByText('更正过：施工改期').waitFor()
  await page.getByText('原来写的（1 份）').click()
  await checkPage(page, 'a corrected notice')

  await desk.reload()
  await desk.getByRole('textbox', { name: '要撤回的话，为什么' }).fill('不停了')
  await desk.getByRole('button', { name: '撤回这条通知' }).click()
  await page.getByText('这条通知撤回了：不停了').waitFor()
  await checkPage(page, 'a withdrawn notice')
  await Promise.all([page, desk].map(one => one.context().close()))
})

test('the desk sees how much was done within a day, and how that is reckoned', async () => {
  const desk = await windowFor(browser, '周岚', { size: DESK })
  await desk.getByRole('link', { name: '24 小时办结' }).click()
  await desk.getByText('怎么算的').click()
  await desk.getByText(/不予受理、撤回、合并的和保密的不算在内/).waitFor()
  await checkPage(desk, 'the share done within a day')
  await desk.context().close()
})
