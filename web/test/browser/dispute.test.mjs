/* A confidential matter: opened by who has it in hand, by others with a reason, and its reporter sees both. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import fs from 'node:fs'
import { BASE, checkPage, DESK, openBrowser, serverNow, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const post = async (page, path, data) => {
  const answer = await page.request.post(`${BASE}/api/v1${path}`, { headers: { 'X-Linli': '1' }, data })
  assert.ok(answer.ok(), await answer.text())
  return answer.json()
}

/* A quarrel of the resident's, and what it is called. */
async function quarrel(page) {
  const what = `楼上漏水，两家说不拢 ${Date.now() % 100000}`
  const fields = { category: '邻里', danger: false, persons: 2, what, parties: '张三和李四', where: { lat: 32.0103, lng: 112.1201, source: 'gps', words: '3 栋', area: '420602004008003' } }
  return { what, ...(await post(page, '/cases', { scene: 'dispute', kind: 'dispute', fields })) }
}

test('a confidential matter opens by a look that its reporter sees', async () => {
  const resident = await windowFor(browser, '王芳')
  const { id, what } = await quarrel(resident)

  const mediator = await windowFor(browser, '卢婷')
  await mediator.goto(`${BASE}/grid/#/cases/${id}`)
  await mediator.getByText('张三和李四').or(mediator.getByText(what)).first().waitFor()
  await mediator.locator('ol.time').waitFor()

  const street = await windowFor(browser, '曹勇', { size: DESK })
  await street.goto(`${BASE}/desk/#/find?case=${id}`)
  await street.getByText('这件事是保密的').waitFor()
  await street.getByRole('heading', { name: '纠纷：邻里' }).waitFor()
  assert.ok(!(await street.locator('body').innerText()).includes(what), 'its title is nobody’s words')
  assert.equal(await street.locator('ol.time').count(), 0)
  await street.getByRole('button', { name: '打开看' }).click()
  await street.getByText('请写明为什么要看。').waitFor()
  await checkPage(street, 'a confidential matter that is shut')
  await street.getByLabel('为什么要看').fill('派调解员以前要了解')
  await street.getByRole('button', { name: '打开看' }).click()
  await street.locator('ol.time').waitFor()

  await resident.goto(`${BASE}/resident/#/cases/${id}`)
  const looks = resident.getByRole('region', { name: '谁看过这件事' })
  await looks.getByText('派调解员以前要了解').waitFor()
  await looks.getByText(/卢婷/).waitFor()
  await checkPage(resident, 'who looked at a confidential matter')
  await Promise.all([resident, mediator, street].map(page => page.context().close()))
})

const move = async (page, id, name, more = {}) => {
  const { version } = await (await page.request.get(`${BASE}/api/v1/cases/${id}`)).json()
  return post(page, `/cases/${id}/moves`, { move: name, version, ...more })
}

test('who mediates calls its reporter by a look, and mediators are offered first', async () => {
  const resident = await windowFor(browser, '王芳')
  const { id } = await quarrel(resident)
  const mediator = await windowFor(browser, '卢婷')
  await move(mediator, id, 'screen', { text: '两家都见了' })
  await mediator.goto(`${BASE}/grid/#/cases/${id}`)
  await mediator.getByRole('button', { name: '看号码' }).click()
  await mediator.getByRole('link', { name: /^1\d{10}$/ }).waitFor()
  await checkPage(mediator, 'the number of who reported it')
  await resident.goto(`${BASE}/resident/#/me/looks`)
  await resident.getByText('为了办您报的事，看了您完整的电话号码').first().waitFor()

  const street = await windowFor(browser, '曹勇', { size: DESK })
  await street.goto(`${BASE}/desk/#/find?case=${id}`)
  const form = street.getByRole('form', { name: '选调解员' })
  await form.getByRole('radio').first().waitFor()
  assert.deepEqual((await form.getByRole('radio').evaluateAll(all => all.slice(0, 2).map(one => one.closest('label').innerText))).map(text => text.split(/[ \n]/)[0]), ['调解员', '街道调解'])
  await form.getByRole('radio', { name: /调解员 卢婷/ }).check()
  await checkPage(street, 'a mediator being chosen')
  await form.getByRole('button', { name: /^请调解员 卢婷来调解$/ }).click()
  await resident.goto(`${BASE}/resident/#/cases/${id}`)
  await resident.getByText(/选调解员，交给调解员 卢婷/).waitFor()
  await Promise.all([resident, mediator, street].map(page => page.context().close()))
})

/* Beijing's wall clock, as the form takes it. */
const wall = ms => new Date(ms + 8 * 3_600_000).toISOString()

test('a session is written down, the agreement is a paper, and anybody checks it', async () => {
  const resident = await windowFor(browser, '王芳')
  const { id } = await quarrel(resident)
  const mediator = await windowFor(browser, '卢婷')
  await move(mediator, id, 'screen', { text: '两家都见了' })
  await move(mediator, id, 'mediate')

  await mediator.goto(`${BASE}/grid/#/cases/${id}`)
  const session = mediator.getByRole('form', { name: '记一次调解' })
  if (!(await session.count())) await mediator.getByRole('button', { name: '记一次调解' }).first().click()
  await session.getByRole('button', { name: '记一次调解' }).click()
  await session.getByText('请写是哪天几点。').waitFor()
  await session.getByLabel('什么时候').fill(wall(await serverNow(mediator)).slice(0, 16))
  await session.getByLabel('在哪里').fill('社区调解室')
  await session.getByLabel('在场的有谁').fill('张三\n李四')
  await session.getByLabel('说了什么').fill('楼上同意修，楼下要求赔八百元。')
  await checkPage(mediator, 'minutes being written')
  await session.getByRole('button', { name: '记一次调解' }).click()
  const minutes = mediator.getByRole('region', { name: '笔录' })
  await minutes.getByText('楼上同意修，楼下要求赔八百元。').waitFor()
  await minutes.getByText('在场：张三、李四').waitFor()

  const agree = mediator.getByRole('form', { name: '达成协议' })
  if (!(await agree.count())) await mediator.getByRole('button', { name: '达成协议' }).first().click()
  await agree.getByLabel('协议内容').fill('楼上修好防水，赔五百元，双方不再追究。')
  await agree.getByLabel('第 1 条，谁').fill('张三')
  await agree.getByLabel('做什么').fill('修好卫生间防水')
  await agree.getByLabel('哪天以前').fill(wall(await serverNow(mediator) + 7 * 86_400_000).slice(0, 10))
  await checkPage(mediator, 'an agreement being written')
  await agree.getByRole('button', { name: '达成协议' }).click()
  await mediator.getByRole('region', { name: '文书' }).getByText('人民调解协议书').waitFor()

  await resident.goto(`${BASE}/resident/#/cases/${id}`)
  const fetch = resident.getByRole('button', { name: /取 PDF：人民调解协议书/ })
  for (let i = 0; i < 20 && !(await fetch.count()); i++) {
    await resident.waitForTimeout(1_000)
    await resident.reload()
    await resident.getByRole('heading', { name: '文书' }).waitFor()
  }
  await checkPage(resident, 'a case with minutes and a paper')
  const [download] = await Promise.all([resident.waitForEvent('download'), fetch.click()])
  const file = await download.path()
  assert.ok(fs.readFileSync(file).subarray(0, 5).equals(Buffer.from('%PDF-')))
  if (process.env.LINLI_SHOTS) fs.copyFileSync(file, `${process.env.LINLI_SHOTS}/agreement.pdf`)

  const anybody = await windowFor(browser, null)
  await anybody.goto(`${BASE}/#/check`)
  await anybody.getByLabel('核验码').fill('00000-00000-00000-00000')
  await anybody.getByRole('button', { name: '核对' }).click()
  await anybody.getByText('没有这个核验码').waitFor()
  anybody.complaints.length = 0      /* the browser notes that it was 404 */
  await checkPage(anybody, 'a paper to be checked')

  const code = execFileSync('pdftotext', ['-enc', 'UTF-8', file, '-'], { encoding: 'utf8' }).match(/核验码[:：]\s*([0-9A-Z-]{20,29})/)[1]
  const genuine = fs.readFileSync(file), changed = Buffer.concat([genuine, Buffer.from('\n')])
  const check = async (typed, buffer) => {
    await anybody.getByLabel('核验码').fill(typed)
    await anybody.getByLabel(/PDF 文件/).setInputFiles(buffer ? [{ name: '协议书.pdf', mimeType: 'application/pdf', buffer }] : [])
    await anybody.getByRole('button', { name: '核对' }).click()
    return anybody.getByRole('status')
  }
  await (await check(code)).getByText(/^是真的。.*人民调解委员会 .*出具。$/).waitFor()
  await (await check(code.toLowerCase(), genuine)).getByText(/出具，文件没有改过。$/).waitFor()
  await checkPage(anybody, 'a paper that is genuine')
  await (await check(code, changed)).getByText(/^文件改过了，不能当真。/).waitFor()
  await checkPage(anybody, 'a paper that was changed')
  const other = code.replace(/.$/, last => (last === '2' ? '3' : '2'))
  await check(other)
  await anybody.getByText('没有这个核验码').waitFor()
  anybody.complaints.length = 0
  await Promise.all([resident, mediator, anybody].map(page => page.context().close()))
})
