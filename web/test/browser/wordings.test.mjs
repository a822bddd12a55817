/* What staff write with: templates filled in for the case, articles that come while one types; and old cases taken in. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, DESK, openBrowser, reported, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

test('a template is kept, offered beside the answer, and filled in', async () => {
  const name = `收到 ${Date.now() % 100000}`
  const desk = await windowFor(browser, '周岚', { size: DESK })
  await desk.getByRole('link', { name: '常用文字' }).click()
  const form = desk.getByRole('form', { name: '添一条答复模板' })
  await form.getByRole('combobox', { name: '哪个场景' }).selectOption({ label: '随手拍' })
  await form.getByRole('textbox', { name: '标题' }).fill(name)
  await form.getByRole('textbox', { name: '居民看到的话' }).fill('您好{姓名}')
  desk.complaints.length = 0
  await form.getByRole('button', { name: '存下' }).click()
  await form.getByText('“{姓名}”不会填。').waitFor()
  assert.match(desk.complaints.splice(0).join(), /400/)
  await form.getByRole('textbox', { name: '居民看到的话' }).fill('{办件号} 收到了，{承办方}去看。')
  await form.getByRole('textbox', { name: /^给同事看的话/ }).fill('先打个电话')
  await checkPage(desk, 'a template is written')
  await form.getByRole('button', { name: '存下' }).click()
  await desk.getByRole('list').getByText('先打个电话').first().waitFor()

  const what = `楼道灯不亮 ${Date.now() % 100000}`
  const page = await reported(browser, '王芳', what)
  await desk.getByRole('link', { name: '办件', exact: true }).click()
  await desk.getByRole('link', { name: what }).click()
  await desk.getByRole('button', { name, exact: true }).click()
  const text = desk.getByRole('textbox', { name: '交代一句' })
  assert.match(await text.inputValue(), /^\d{4}-\d{4} 收到了，社区值守.*去看。$/)
  await desk.getByText('给同事看的话，居民看不到：先打个电话').waitFor()
  await checkPage(desk, 'a template is used')
  await Promise.all([page, desk].map(one => one.context().close()))
})

test('an article comes while one types, and says where it is written', async () => {
  const title = `高龄津贴 ${Date.now() % 100000}`
  const desk = await windowFor(browser, '周岚', { size: DESK })
  await desk.getByRole('link', { name: '常用文字' }).click()
  await desk.getByRole('radio', { name: '政策问答' }).check()
  const form = desk.getByRole('form', { name: '添一条政策问答' })
  await form.getByRole('textbox', { name: '标题' }).fill(title)
  await form.getByRole('textbox', { name: '怎么回答' }).fill('满 80 岁，带身份证到社区窗口登记。')
  await form.getByRole('textbox', { name: '出处' }).fill('示例，待核定')
  await checkPage(desk, 'an article is written')
  await form.getByRole('button', { name: '存下' }).click()
  await desk.getByText(`“${title}”存好了。`).waitFor()

  const what = `老人问津贴 ${Date.now() % 100000}`
  const page = await reported(browser, '王芳', what)
  await desk.getByRole('link', { name: '办件', exact: true }).click()
  await desk.getByRole('link', { name: what }).click()
  const text = desk.getByRole('textbox', { name: '交代一句' })
  await text.fill('请告诉老人高龄津贴')
  const quote = desk.getByRole('button', { name: `写进去：${title}` })
  await quote.waitFor()
  await checkPage(desk, 'an article is suggested')
  await quote.click()
  assert.match(await text.inputValue(), /带身份证到社区窗口登记。（来源：示例，待核定）$/)
  await Promise.all([page, desk].map(one => one.context().close()))
})

test('old cases: looked through first, the wrong row told and fetched, the good one taken once', async () => {
  const stamp = Date.now() % 100000
  const csv = `工单编号,来电时间,办结时间,所属社区,类别,来电内容,处理结果\r\nT${stamp},2026-10-03 09:12,2026-10-04 10:00,滨湖社区,其他,旧工单 ${stamp},办好了\r\nU${stamp},昨天,,滨湖社区,其他,=1+1,\r\n`
  const desk = await windowFor(browser, '周岚', { size: DESK })
  await desk.getByRole('link', { name: '导入历史办件' }).click()
  const choose = () => desk.getByLabel('文件').setInputFiles({ name: '十月.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await choose()
  await desk.getByRole('button', { name: '先看一遍' }).click()
  await desk.getByRole('heading', { name: '能收 1 件，1 行有错' }).waitFor()
  await desk.getByRole('cell', { name: '看不出是什么时间，请写成 2026-11-03 09:12。' }).waitFor()
  await checkPage(desk, 'a file is looked through')
  const [file] = await Promise.all([desk.waitForEvent('download'), desk.getByRole('button', { name: '下载有错的 1 行' }).click()])
  const chunks = []
  for await (const chunk of await file.createReadStream()) chunks.push(chunk)
  assert.match(Buffer.concat(chunks).toString(), /昨天,,滨湖社区,其他,'=1\+1,,来电时间：看不出/)
  await desk.getByRole('button', { name: '收下这 1 件' }).click()
  await desk.getByRole('heading', { name: '收下了 1 件，1 行有错' }).waitFor()
  await choose()
  await desk.getByRole('button', { name: '先看一遍' }).click()
  await desk.getByText('另有 1 行以前收过，不再收。').waitFor()
  await desk.context().close()
})
