/* One matter, seen by everybody: what each may read and do on their own page, and nothing else. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, openBrowser, PHONE, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const WHERE = { lat: 32.0103, lng: 112.1201, source: 'map', words: '山水家园 3 栋', area: '420602004008003' }
const NOTHING = null       /* it is not there for them */
const ALIKE = ['并为同一件', '把后报的并进来', '合并', '拆分']
const FILING = ['改类别', '改位置']

const post = async (page, path, data) => {
  const answer = await page.request.post(`${BASE}/api/v1${path}`, { headers: { 'X-Linli': '1' }, data })
  assert.ok(answer.ok(), await answer.text())
  return answer.json()
}
const get = async (page, path) => (await page.request.get(`${BASE}/api/v1${path}`)).json()
const move = async (page, id, name, more = {}) => post(page, `/cases/${id}/moves`, { move: name, version: (await get(page, `/cases/${id}`)).version, ...more })
const close = pages => Promise.all(pages.map(page => page.context().close()))

const address = { resident: id => `/resident/#/cases/${id}`, grid: id => `/grid/#/cases/${id}`, desk: id => `/desk/#/find?case=${id}` }

/* Everything that they can do with it, as its buttons and open forms are called. */
async function offered(page) {
  return page.evaluate(() => {
    const act = document.querySelector('.card--act, .vow')
    const forms = [...act?.querySelectorAll('form') ?? []].map(one => one.getAttribute('aria-label'))
    const buttons = [...act?.querySelectorAll('.btns > button') ?? []].filter(one => !one.closest('form')).map(one => one.innerText.trim())
    return [...forms, ...buttons]
  })
}

/* Opens it as that person does, and compares with their row. */
async function seen(id, name, [client, words, moves], hidden) {
  const page = await windowFor(browser, name, { size: client === 'desk' ? DESK : PHONE })
  await page.goto(`${BASE}${address[client](id)}`)
  if (words === NOTHING) {
    await page.getByText('没有找到', { exact: true }).first().waitFor()
    assert.match(page.complaints.splice(0).join(), /404/, 'which the browser says, too')
    assert.deepEqual(await offered(page), [], `${name} can do nothing with what is not there`)
  } else {
    for (const one of words) await page.locator('main, aside, body').getByText(one).first().waitFor()
    assert.deepEqual((await offered(page)).sort(), [...moves].sort(), `what ${name} can do`)
  }
  const text = await page.locator('body').innerText()
  const open = words ?? []
  for (const one of hidden) if (!open.includes(one)) assert.ok(!text.includes(one), `${name} does not read “${one}”`)
  await checkPage(page, `${words === NOTHING ? 'not there' : 'seen'} by ${name}, ${id.slice(-4)}`)
  await close([page])
}

test('a daily matter in a department’s hands: the reporter, the grid, the desk, the department, the street and the city', async () => {
  const resident = await windowFor(browser, '王芳')
  const what = `路边摊占了盲道 ${Date.now() % 100000}`
  const { id } = await post(resident, '/cases', { scene: 'snap', kind: 'problem', fields: { category: '占道经营', what, where: WHERE, contact: '13712345520' } })
  const desk = await windowFor(browser, '周岚', { size: DESK })
  const org = (await get(desk, `/cases/${id}/targets`)).items.find(one => one.kind === 'org' && /城市管理执法局/.test(one.title))
  await move(desk, id, 'dispatch', { target: { kind: 'org', id: org.id } })
  await move(desk, id, 'note', { note: '摊主去年也占过，先劝' })

  const phone = '13712345520', masked = '137****5520', note = '摊主去年也占过，先劝'
  const hidden = [phone, note, what]
  const staff = [what, masked, note]
  const rows = {
    王芳: ['resident', [what, phone], ['公开设置']],
    赵建国: ['resident', NOTHING],
    刘敏: ['grid', staff, []],
    陈涛: ['grid', NOTHING],
    周岚: ['desk', staff, ['派单', '上报', '内部备注', ...FILING, ...ALIKE]],
    马丽: ['desk', NOTHING],
    孙丽: ['desk', staff, ['督办']],
    李师傅: ['grid', NOTHING],
    石伟: ['grid', staff, ['派单', '退回', '上报', '转办', '请协办', '申请暂缓', '办结反馈', '说进展', '内部备注', ...FILING, ...ALIKE]],
    高工: ['grid', NOTHING],
    吴强: ['desk', staff, ['派单', '上报', '下派', '内部备注', ...FILING, ...ALIKE]],
    唐蕊: ['desk', staff, ['督办']],
    何静: ['desk', staff, ['派单', '下派', '权属裁定', '报上级平台', '督办', ...FILING]],
    郑凯: ['desk', staff, ['下派', '权属裁定']],
    方正: ['desk', NOTHING],
    安宁: ['desk', NOTHING],
    纪明: ['desk', NOTHING],
  }
  for (const [name, row] of Object.entries(rows)) await seen(id, name, row, hidden)
  await close([resident, desk])
})

test('a quarrel, which is confidential: its reporter, the mediator, the street’s mediators, and nobody else', async () => {
  const resident = await windowFor(browser, '王芳')
  const phone = '13712345520', what = `楼上半夜弹琴 ${Date.now() % 100000}`, parties = '五楼的赵先生和四楼的钱女士'
  const fields = { category: '邻里', danger: false, persons: 2, what, parties, where: WHERE, contact: phone }
  const { id } = await post(resident, '/cases', { scene: 'dispute', kind: 'dispute', fields })
  const mediator = await windowFor(browser, '卢婷')
  await move(mediator, id, 'screen', { text: '两家都见了' })
  await move(mediator, id, 'mediate')

  const hidden = [parties, phone, what]
  const mine = ['记一次调解', '上报', '达成协议', '调解不成引导诉讼', '选调解员']
  const rows = {
    王芳: ['resident', [what, parties, phone], []],
    卢婷: ['grid', [what, parties], mine],
    曹勇: ['desk', ['这件事是保密的', '纠纷：邻里'], ['选调解员']],
    赵建国: ['resident', NOTHING], 刘敏: ['grid', NOTHING], 周岚: ['desk', NOTHING], 孙丽: ['desk', NOTHING], 石伟: ['grid', NOTHING], 吴强: ['desk', NOTHING],
    唐蕊: ['desk', NOTHING], 何静: ['desk', NOTHING], 郑凯: ['desk', NOTHING], 方正: ['desk', NOTHING], 安宁: ['desk', NOTHING], 纪明: ['desk', NOTHING],
  }
  for (const [name, row] of Object.entries(rows)) await seen(id, name, row, hidden)
  await close([resident, mediator])
})

test('the city looks at its counties one by one: the list, searching, the rates, notices', async () => {
  const resident = await windowFor(browser, '王芳')
  const what = `护栏倒在路上 ${Date.now() % 100000}`
  await post(resident, '/cases', { scene: 'snap', kind: 'problem', fields: { category: '道路损坏', what, where: WHERE, contact: '13712345520' } })
  const city = await windowFor(browser, '郑凯', { size: DESK })
  const areas = city.getByRole('navigation', { name: '辖区' })
  await areas.getByRole('link', { name: /^襄城区/ }).waitFor()
  await city.getByRole('link', { name: what }).waitFor()
  await checkPage(city, 'the city’s first page')
  await areas.getByRole('link', { name: /^樊城区/ }).click()
  await city.getByText('没有等着派的').waitFor()

  await city.goto(`${BASE}/desk/#/find`)
  await city.getByLabel('找什么').fill('护栏')
  await city.getByRole('button', { name: '找', exact: true }).click()
  await city.getByRole('link', { name: what }).waitFor()
  await city.getByLabel('区县').selectOption({ label: '樊城区' })
  await city.getByRole('button', { name: '找', exact: true }).click()
  await city.getByText('没有找到').waitFor()
  await checkPage(city, 'the city looks in one of its counties')
  for (const [address, title] of [['rates', '三率'], ['share', '24 小时办结率'], ['notices', '通知']]) {
    await city.goto(`${BASE}/desk/#/${address}`)
    await city.getByRole('heading', { level: 1, name: title }).waitFor()
    await checkPage(city, `the city’s ${address}`)
  }
  await close([resident, city])
})
