/* The administrators' pages, shown to whom the server lets: 系统, 安全, 审计, the protector, and a resident who leaves. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, checkWidth, DESK, NARROW, openBrowser, PHONE, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const some = () => Math.random().toString(36).slice(2, 8)
const title = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor()
const told = (page, text) => page.getByRole('status').getByText(text).waitFor()

/* Of each administrator: their pages, and nobody else's. */
const PAGES = {
  方正: ['', 'orgs', 'keys', 'upper'],
  何静: ['upper'],
  安宁: ['', 'accounts', 'policies', 'decoys'],
  纪明: ['', 'journal', 'journal?kind=rights', 'journal?kind=export', 'journal?kind=deletion', 'journal?kind=refused', 'looks', 'waiting'],
}
for (const [who, paths] of Object.entries(PAGES)) {
  for (const large of [false, true]) {
    test(`the pages of ${who}, ${large ? 'large' : 'normal'}, at a desk and on a phone`, async () => {
      const page = await windowFor(browser, who, { large, size: DESK })
      for (const path of paths) {
        for (const size of [DESK, PHONE]) {
          await page.setViewportSize(size)
          await page.goto(`${BASE}/desk/#/${path}`)
          await page.getByRole('heading', { level: 1 }).waitFor()
          await checkPage(page, `manage ${who} ${path || 'home'} ${size.width} ${large ? 'large' : 'normal'}`)
        }
        await page.setViewportSize(NARROW)
        await checkWidth(page, `manage ${who} ${path}, 320 pixels`)
      }
      await page.context().close()
    })
  }
}

test('an administrator is offered their own pages alone, and no list of matters is fetched for them', async () => {
  const links = async who => {
    const page = await windowFor(browser, who, { size: DESK })
    const asked = []
    page.on('request', request => asked.push(new URL(request.url()).pathname))
    await page.goto(`${BASE}/desk/#/`)
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await checkPage(page, `the first page of ${who}`)
    const names = await page.getByRole('navigation', { name: '主菜单' }).getByRole('link').allInnerTexts()
    await page.context().close()
    return { names: names.map(one => one.replace(/\d+\+?$/, '').trim()), asked }
  }
  const system = await links('方正'), security = await links('安宁'), audit = await links('纪明'), desk = await links('周岚')
  assert.deepEqual(system.names, ['单位', '接口密钥', '上级平台', '消息'])
  assert.deepEqual(security.names, ['账号', '登录要求', '诱饵人员', '消息'])
  assert.deepEqual(audit.names, ['操作记录', '谁看了谁', '等第二个人', '消息'])
  assert.ok(!desk.names.some(name => [...system.names, ...security.names, ...audit.names].includes(name) && name !== '消息'))
  for (const { asked } of [system, security, audit]) assert.deepEqual(asked.filter(path => path.includes('/cases')), [])
  assert.ok(desk.asked.some(path => path.includes('/cases')))
})

test('an account is opened, given a duty, helped when its telephone is gone, and closed', async () => {
  const page = await windowFor(browser, '安宁', { size: DESK })
  const login = `new-${some()}`
  await page.goto(`${BASE}/desk/#/accounts`)
  const form = page.getByRole('form', { name: '开一个账号' })
  await form.getByLabel('姓名').fill('秦岭')
  await form.getByLabel('登录名').fill('demo-zhoulan')
  await form.getByRole('button', { name: /^开通/ }).click()
  await form.getByText(/已经有人用/).waitFor()
  page.complaints.length = 0                         /* the browser's own word about the 409 */
  await checkPage(page, 'an account whose login is taken')
  await form.getByLabel('登录名').fill(login)
  await form.getByRole('button', { name: /^开通/ }).click()
  await page.getByRole('heading', { name: `${login} 的开通码` }).waitFor()
  assert.match(await page.locator('.once').innerText(), /^[0-9A-Z]{8,}$/)
  await checkPage(page, 'a code for the first password')
  await page.getByRole('button', { name: '我记下了' }).click()
  await page.getByLabel('姓名或登录名').fill(login)
  await page.getByRole('button', { name: '找', exact: true }).click()
  await page.getByRole('heading', { name: '找到的账号' }).waitFor()
  await page.locator('main li a', { hasText: '秦岭' }).click()
  await page.getByRole('heading', { name: '秦岭' }).waitFor()

  const give = page.getByRole('form', { name: '给职责' })
  await give.getByLabel('角色').selectOption({ label: '社区值守' })
  await give.getByLabel('街道、乡镇').selectOption({ label: '檀溪街道' })
  await give.getByLabel('社区、村').selectOption({ label: '滨湖社区' })
  await checkPage(page, 'a duty about to be given')
  await give.getByRole('button', { name: '给他这个职责' }).click()
  await page.locator('#h-duties ~ ul').getByText(/滨湖社区/).waitFor()
  await give.getByLabel('角色').selectOption({ label: '审计管理员' })
  await give.getByRole('button', { name: '给他这个职责' }).click()
  await give.getByText(/要由不同的人担任/).waitFor()
  page.complaints.length = 0

  await page.getByRole('button', { name: '清掉第二重验证' }).click()
  await page.getByText(/恢复码都作废/).waitFor()
  await page.getByRole('button', { name: '不清', exact: true }).click()
  await page.getByRole('button', { name: '清掉第二重验证' }).click()
  await checkPage(page, 'a step that is not easily taken back')
  await page.getByRole('button', { name: '清掉', exact: true }).click()
  await told(page, '第二重验证清掉了。')
  await page.getByRole('button', { name: '收回社区值守' }).click()
  await page.getByRole('button', { name: '收回社区值守', exact: true }).click()
  await page.getByText('没有职责，登录了也什么都办不了。').waitFor()
  await page.getByRole('button', { name: '停用秦岭的账号' }).click()
  await page.getByRole('button', { name: '停用', exact: true }).click()
  await page.getByRole('heading', { name: '秦岭（已停用）' }).waitFor()
  await page.setViewportSize(PHONE)
  await checkPage(page, 'an account that was closed, on a phone')
  await page.context().close()

  const audit = await windowFor(browser, '纪明', { size: DESK })
  await audit.goto(`${BASE}/desk/#/journal?kind=rights`)
  await audit.getByText(/职责：社区值守，角色：社区值守，辖区：襄城区 檀溪街道 滨湖社区/).first().waitFor()
  await audit.locator('main li', { hasText: '停用账号' }).first().getByRole('link').nth(1).click()
  await audit.waitForURL(/account=\d+/)
  await audit.waitForFunction(() =>              /* the whole list stands there until its own has come */
    [...document.querySelectorAll('main li')].filter(li => li.innerText.includes('开一个账号')).length === 1)
  assert.equal(await audit.locator('main li', { hasText: '授予职责' }).count(), 1)
  await checkPage(audit, 'what was done to one account')
  await audit.context().close()
})

test('a demand that residents are spared is refused in words', async () => {
  const page = await windowFor(browser, '安宁', { size: DESK })
  await page.goto(`${BASE}/desk/#/policies`)
  await page.getByRole('button', { name: '改居民的要求' }).click()
  const form = page.getByRole('form', { name: '改居民的要求' })
  await form.getByLabel('多少天一换').fill('90')
  await form.getByRole('button', { name: /^按这个要求/ }).click()
  await form.getByText('居民的密码不要求定期更换。').waitFor()
  page.complaints.length = 0
  await checkPage(page, 'a policy that is refused')
  await page.setViewportSize(PHONE)
  await checkPage(page, 'a policy that is refused, on a phone')
  await page.getByRole('button', { name: '不改', exact: true }).click()
  await page.getByRole('button', { name: '改居民的要求' }).waitFor()
  await page.context().close()
})

test('a decoy is set, somebody opens it, and who that was stands beside it', async () => {
  const name = `范${['冰', '雨', '雪', '云', '月'][Date.now() % 5]}${['洁', '晴', '舟', '山'][Date.now() % 4]}`
  const security = await windowFor(browser, '安宁', { size: DESK })
  await security.goto(`${BASE}/desk/#/decoys`)
  const form = security.getByRole('form', { name: '设一个诱饵人员' })
  await form.getByLabel('姓名').fill(name)
  await form.getByLabel('小区').fill('山水家园')
  await form.getByLabel('街道、乡镇').selectOption({ label: '檀溪街道' })
  await form.getByLabel('社区、村').selectOption({ label: '滨湖社区' })
  await form.getByLabel('网格').selectOption({ label: '第 3 网格' })
  await form.getByRole('button', { name: '设下' }).click()
  const row = security.locator('main ul.card > li', { hasText: name })
  await row.getByText('还没有人打开过').waitFor()

  const desk = await windowFor(browser, '周岚', { size: DESK })
  await desk.goto(`${BASE}/desk/#/people`)
  await desk.getByRole('textbox', { name: '姓名' }).fill(name)
  await desk.getByRole('button', { name: '找', exact: true }).click()
  await desk.getByRole('link', { name: '范*' }).click()
  await desk.getByRole('textbox', { name: '原因' }).fill('听说过这个人')
  await desk.getByRole('button', { name: '打开' }).click()
  await desk.getByRole('heading', { name: '范*' }).waitFor()

  await security.reload()
  await row.getByText(/被打开过 1 次/).waitFor()
  await row.getByRole('button', { name: `谁看过${name}` }).click()
  await row.getByText('写的原因：听说过这个人').waitFor()
  await row.getByText('社区值守 周岚（滨湖社区）').first().waitFor()
  await checkPage(security, 'a decoy that was opened')
  await security.setViewportSize(PHONE)
  await checkPage(security, 'a decoy that was opened, on a phone')
  const audit = await windowFor(browser, '纪明', { size: DESK })
  await audit.goto(`${BASE}/desk/#/journal`)
  await audit.locator('main li', { hasText: '社区值守 周岚' }).first().getByRole('link', { name: '他看过谁' }).click()
  await title(audit, '谁看了谁')
  await audit.getByText('写的原因：听说过这个人').first().waitFor()
  await checkPage(audit, 'whom one account looked at')
  await audit.setViewportSize(PHONE)
  await checkPage(audit, 'whom one account looked at, on a phone')

  await row.getByRole('button', { name: `撤掉${name}` }).click()
  await row.getByRole('button', { name: '撤掉', exact: true }).click()
  await row.waitFor({ state: 'detached' })
  await Promise.all([security, desk, audit].map(one => one.context().close()))
})

test('a wrong password stands among what was refused, found by its address', async () => {
  const page = await windowFor(browser, '纪明', { size: DESK })
  const stranger = await windowFor(browser, null)
  for (const account of ['demo-zhoulan', `nobody-${some()}`]) {
    const answer = await stranger.request.post(`${BASE}/api/v1/sessions`, { headers: { 'X-Linli': '1' }, data: { account, password: '不对的密码' } })
    assert.equal(answer.status(), 401)
  }
  await page.request.post(`${BASE}/api/v1/inbox/read`, { headers: { 'X-Linli': '1' }, data: { until: '1' } })   /* the next batch */
  await page.goto(`${BASE}/desk/#/journal?kind=refused`)
  const row = page.locator('main li', { hasText: '登录' }).filter({ hasText: '没有登录的人' }).first()
  await row.waitFor()
  await row.getByRole('link', { name: '127.0.0.1' }).click()
  await page.waitForURL(/source=127/)
  assert.equal(await page.getByLabel('网络地址').inputValue(), '127.0.0.1')
  await row.getByRole('link', { name: '只看这个操作' }).click()
  await page.waitForURL(/act=session\.open/)
  await row.waitFor()
  await checkPage(page, 'what was refused')
  await page.setViewportSize(PHONE)
  await checkPage(page, 'what was refused, on a phone')
  await page.getByRole('checkbox', { name: /^不归哪个区县的/ }).check()
  await page.waitForURL(/nowhere=1/)
  await checkPage(page, 'what was refused and belongs nowhere, on a phone')
  await Promise.all([page, stranger].map(one => one.context().close()))
})

test('an organisation is registered; a key for a person is refused in words', async () => {
  const page = await windowFor(browser, '方正', { size: DESK })
  const name = `测试物业 ${some()}`
  await page.goto(`${BASE}/desk/#/orgs`)
  const form = page.getByRole('form', { name: '登记单位' })
  await form.getByLabel('名称').fill(name)
  await form.getByRole('radio', { name: '物业' }).check()
  await form.getByLabel('负责什么').fill('物业、绿化')
  await form.getByRole('button', { name: '登记' }).click()
  await told(page, `${name}登记好了。`)
  await checkPage(page, 'an organisation that was registered')

  await page.goto(`${BASE}/desk/#/keys`)
  const people = await (await page.request.get(`${BASE}/api/v1/demo/people`)).json()
  const key = page.getByRole('form', { name: '发一把接口密钥' })
  await key.getByLabel('谁的机器').fill('水务公司')
  await key.getByLabel('账号编号').fill(people.items.find(one => one.name === '王芳').account)
  await key.getByLabel('用到哪天').fill('2027-06-30')
  await key.getByRole('button', { name: '发密钥' }).click()
  await key.getByText(/不能用居民或管理员的账号/).waitFor()
  page.complaints.length = 0
  await checkPage(page, 'a key that is refused')
  await key.getByLabel('账号编号').fill(people.items.find(one => one.name === '李师傅').account)
  await key.getByRole('button', { name: '发密钥' }).click()
  await page.getByRole('heading', { name: '新的接口密钥' }).waitFor()
  await page.setViewportSize(PHONE)
  await checkPage(page, 'a new key, on a phone')
  await page.getByRole('button', { name: '我记下了' }).click()
  await page.getByRole('button', { name: '停用水务公司' }).click()
  await page.getByRole('button', { name: '停用', exact: true }).click()
  await told(page, '密钥停用了，那台机器马上进不来。')
  await page.context().close()
})

test('the protector puts and lifts a shield with a reason, and nobody at the desk finds the person meanwhile', async () => {
  const page = await windowFor(browser, '温静', { size: DESK })
  const desk = await windowFor(browser, '周岚', { size: DESK })
  const find = async (where, name) => {
    await where.goto(`${BASE}/desk/#/people`)
    await where.reload()                             /* what was found before is not taken for what is found now */
    await where.getByRole('textbox', { name: '姓名' }).fill(name)
    await where.getByRole('button', { name: '找', exact: true }).click()
    await where.getByRole('heading', { name: '找到的人' }).waitFor()
  }
  await find(page, '孙桂兰')
  await page.locator('main li a').first().click()
  await page.getByRole('textbox', { name: '原因' }).fill('接到求助，核实情况')
  await page.getByRole('button', { name: '打开' }).click()
  const form = page.getByRole('form', { name: '保护这位居民' })
  await form.waitFor()
  page.complaints.length = 0                         /* the browser's own word about the 422 */
  await checkPage(page, 'a resident, before the shield')
  await page.setViewportSize(PHONE)
  await checkPage(page, 'a resident, before the shield, on a phone')
  await page.setViewportSize(DESK)
  const before = await (async () => { await find(desk, '孙桂兰'); return desk.locator('main section[aria-labelledby=h-found] li').count() })()
  await form.getByLabel('原因').fill('人身安全')
  await form.getByRole('button', { name: '保护起来' }).click()
  await page.getByText(/^受保护人员：/).waitFor()
  await checkPage(page, 'a resident behind the shield')
  await find(desk, '孙桂兰')
  assert.equal(await desk.locator('main section[aria-labelledby=h-found] li').count(), before - 1)
  assert.equal(await desk.getByRole('button', { name: '列出受保护的人' }).count(), 0, 'nobody else lists them')
  const list = await windowFor(browser, '温静', { size: DESK })
  await list.goto(`${BASE}/desk/#/people`)
  await list.getByRole('button', { name: '列出受保护的人' }).click()
  await list.getByRole('region', { name: '受保护的人' }).getByText('（受保护）').first().waitFor()
  await checkPage(list, 'who is shielded')
  const lift = page.getByRole('form', { name: '撤掉保护' })
  await lift.getByLabel('原因').fill('危险解除')
  await lift.getByRole('button', { name: '撤掉保护' }).click()
  await form.waitFor()
  await Promise.all([page, desk, list].map(one => one.context().close()))
})

test('what waits for a second person is seen by the audit, with no button to answer it', async () => {
  const desk = await windowFor(browser, '周岚', { size: DESK })
  const purpose = `核对名册 ${some()}`
  const answer = await desk.request.post(`${BASE}/api/v1/exports`, {
    headers: { 'X-Linli': '1' },
    data: { kind: 'people', area: '420602004008', format: 'xlsx', purpose, born_until: '1946-11-23' },
  })
  assert.equal(answer.status(), 201)
  assert.equal((await answer.json()).state, 'waiting')
  const page = await windowFor(browser, '纪明', { size: DESK })
  await page.goto(`${BASE}/desk/#/waiting`)
  await page.getByText(purpose).waitFor()
  assert.equal(await page.getByRole('button', { name: '同意' }).count(), 0)
  await checkPage(page, 'what waits, seen by the audit')
  await page.setViewportSize(PHONE)
  await checkPage(page, 'what waits, seen by the audit, on a phone')
  await Promise.all([desk, page].map(one => one.context().close()))
})

test('a resident is told what goes before they leave, and is not taken at one click', async () => {
  for (const large of [false, true]) {
    const page = await windowFor(browser, '王芳', { large })
    await page.goto(`${BASE}/resident/#/me`)
    await page.getByRole('link', { name: '注销账号和信息' }).click()
    await title(page, '注销账号和信息')
    await page.getByRole('button', { name: '注销我的账号和信息' }).click()
    await page.getByText('请写“注销”两个字，确定是您要办。').waitFor()
    await checkPage(page, `leaving ${large ? 'large' : 'normal'}`)
    await page.getByRole('link', { name: '不注销' }).click()
    await title(page, '我的')
    await page.context().close()
  }
})
