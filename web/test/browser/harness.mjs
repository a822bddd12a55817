/* What the browser tests share: one Chromium, a window per person, and the checks that every page must pass.  They run
 * against a demonstration server with a clock that can be moved:
 *   LINLI_URL    its address
 *   LINLI_DB     its database, for what an administrator does on the command line
 *   LINLI        the program (default: build/linli)
 *   LINLI_SHOTS  a folder, to keep a picture of every page that was checked */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

export const BASE = process.env.LINLI_URL
if (!BASE) throw new Error('LINLI_URL is not set: the address of a demonstration server, started with --test-clock')

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/* The browser's own word about each request while a test has taken the network away. */
const CUT_OFF = /ERR_(INTERNET_DISCONNECTED|PROXY_CONNECTION_FAILED|SOCKS_CONNECTION_FAILED|CONNECTION_(REFUSED|RESET)|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|NETWORK_CHANGED|FAILED)/
const TAP = 44
export const PHONE = { width: 360, height: 780 }
export const NARROW = { width: 320, height: 640 }
export const DESK = { width: 1440, height: 900 }

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}

/* An act of an administrator, on the server's own machine. */
export function linli(...words) {
  const program = process.env.LINLI ?? `${ROOT}build/linli`
  return execFileSync(program, words, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/* A window of its own; with a name, that person of the demonstration list is signed in and on their first page.
 * `complaints` collects what the browser's console and the content policy had to say. */
export async function windowFor(browser, name, { size = PHONE, large = false, proxy } = {}) {
  const context = await browser.newContext({ viewport: size, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', hasTouch: size.width < 800, proxy })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)     /* what goes out by itself takes ten seconds */
  page.complaints = []
  page.on('console', message => {
    if (message.type() === 'error' && !CUT_OFF.test(message.text())) page.complaints.push(message.text())
  })
  page.on('pageerror', error => page.complaints.push(String(error)))
  await page.addInitScript(type => { localStorage['linli.type'] ??= type }, large ? 'large' : 'normal')
  if (name) await signIn(page, name)
  return page
}

export async function signIn(page, name) {
  const person = await personNamed(page, name)
  const answer = await page.request.post(`${BASE}/api/v1/demo/sessions`, { headers: { 'X-Linli': '1' }, data: { account: person.account } })
  assert.equal(answer.status(), 201)
  await page.goto(`${BASE}/${person.client}/`)
  await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
  return person
}

/* As a visitor does it: one tap on the entrance page. */
export async function walkIn(page, name) {
  const person = await personNamed(page, name)
  await page.goto(`${BASE}/`)
  await page.getByRole('button', { name: new RegExp(name) }).click()
  await page.waitForURL(`${BASE}/${person.client}/**`)
  await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
}

async function personNamed(page, name) {
  const people = await (await page.request.get(`${BASE}/api/v1/demo/people`)).json()
  const person = people.items.find(one => one.name === name)
  assert.ok(person, `the demonstration list has ${name}`)
  return person
}

/* No violation of WCAG 2.2 A and AA or of axe's best practice, no word in the console, no sideways scroll, nothing on
 * a phone too small for a thumb. */
export async function checkPage(page, name) {
  await settled(page)
  await keepShot(page, name)
  await checkReading(page, name)
  await checkWidth(page, name)
  await checkPanes(page, name)
  if (page.viewportSize().width <= PHONE.width) await checkTargets(page, name)
  assert.deepEqual(page.complaints, [], `${name}: console`)
}

/* The window is made as tall as the page first: a sticky dock covers whatever lies under it. */
async function checkReading(page, name) {
  const size = page.viewportSize()
  const tall = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width: size.width, height: Math.max(size.height, tall) })
  await page.evaluate(AXE)
  const found = await page.evaluate(runOnly => globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] }), RULES)
  await page.setViewportSize(size)
  const violations = found.violations.map(v => `${v.id}: ${v.help} (${v.nodes.map(n => n.target).join(' | ')})`)
  assert.deepEqual(violations, [], `${name}: accessibility`)
}

export async function checkWidth(page, name) {
  await settled(page)
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth,
  }))
  assert.ok(scroll <= client, `${name}: scrolls sideways, ${scroll} > ${client}`)
}

/* The desk's panes scroll one by one: when the whole page scrolls as well, what is clicked slips away under the pointer. */
async function checkPanes(page, name) {
  if (page.viewportSize().width < DESK.width || !await page.locator('.desk > .panes').count()) return
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollHeight, client: document.documentElement.clientHeight,
  }))
  assert.ok(scroll <= client, `${name}: the desk scrolls as a whole, ${scroll} > ${client}`)
}

/* Links inside a sentence are let off; a real input inside its label is measured as that label, a link that is stretched
 * over its row as that row. */
async function checkTargets(page, name) {
  const small = await page.evaluate(tap => {
    const targets = document.querySelectorAll('a[href], button, select, summary, textarea, input:not([type=radio], [type=checkbox], [type=file]), label:has(input)')
    return [...targets].flatMap(one => {
      const box = (one.closest('.hit') ?? one).getBoundingClientRect()
      const inSentence = one.tagName === 'A' && getComputedStyle(one).display === 'inline' && !one.closest('.hit')
      const unseen = box.width === 0 || one.closest('.skip, .vh') || one.matches('.photos a')
      return inSentence || unseen || (box.height >= tap && box.width >= tap) ? [] : [`${one.outerHTML.slice(0, 80)} ${box.width} × ${box.height}`]
    })
  }, TAP)
  assert.deepEqual(small, [], `${name}: too small for a thumb`)
}

async function keepShot(page, name) {
  const folder = process.env.LINLI_SHOTS
  if (!folder) return
  fs.mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name.replace(/[^\p{L}\p{N}]+/gu, '-')}.png`, fullPage: page.viewportSize().width < 800 })
}

/* Nothing has moved for a third of a second.  (The live stream keeps the network busy for ever: idleness says nothing.) */
async function settled(page) {
  await page.waitForFunction(() => {
    const now = document.body.innerText.length * 100_000 + document.documentElement.scrollHeight
    const seen = globalThis.seenState
    if (seen?.now !== now) globalThis.seenState = { now, at: performance.now() }
    return seen?.now === now && performance.now() - seen.at > 350
  }, null, { polling: 70 })
}

/* A real photo, of the demonstration's own. */
export const photo = name => `${ROOT}data/demo/${name}.jpg`

/* The three steps of a report, by the scene's own form: what and photo, where and which kind, one look. */
export async function report(page, { what, photos = [], words = '3 栋 2 单元门口', category = ['其他', '其他'], check = async () => {} }) {
  if (photos.length > 0) {
    await page.locator('input[type=file]').setInputFiles(photos)
    await page.locator('.photos canvas').nth(photos.length - 1).waitFor()
    await page.getByText(/^在传/).waitFor({ state: 'detached' })
  }
  await page.getByRole('textbox', { name: '情况' }).fill(what)
  await check(1)
  await page.getByRole('button', { name: /下一步/ }).click()
  await page.locator('.place input.in').fill(words)
  await chooseCategory(page, category)
  await check(2)
  await page.getByRole('button', { name: '下一步：看一遍' }).click()
  await page.getByRole('heading', { name: '发出以后' }).waitFor()
  await check(3)
}

/* Somebody's report, just sent: the window stays on it. */
export async function reported(browser, who, what, photos = []) {
  const page = await windowFor(browser, who)
  await page.goto(`${BASE}/resident/#/new/snap/problem`)
  await report(page, { what, photos })
  await page.getByRole('button', { name: '发给社区' }).click()
  await page.getByRole('heading', { name: what }).waitFor()
  return page
}

/* The matter on that person's page, from their list. */
export async function openCase(page, client, what, bucket = 'waiting') {
  await page.goto(`${BASE}/${client}/#/${client === 'desk' ? `?bucket=${bucket}` : ''}`)
  await page.getByRole('link', { name: what }).first().click()
  await page.locator('ol.time').waitFor()
}

/* At the desk: gives it to the worker of that name, or to the first there is; answers with the name. */
export async function dispatch(desk, what, name = '') {
  await openCase(desk, 'desk', what)
  await desk.getByRole('form', { name: '派单' }).getByRole('radio', { name: new RegExp(`网格员.*${name}`) }).first().check()
  await desk.getByRole('button', { name: /^派给/ }).click()
  const told = desk.locator('ol.time').getByText(/^派单，交给网格员/)
  await told.waitFor()
  return (await told.innerText()).match(/网格员 (\S+?)(（|$)/)[1]
}

export async function chooseCategory(page, [group, one]) {
  await page.getByRole('group', { name: /先选大类/ }).getByRole('radio', { name: group, exact: true }).check()
  await page.getByRole('radio', { name: one, exact: true }).last().check()
}

/* The keyboard alone: on until the one that is meant has the focus. */
export async function tabTo(page, target) {
  for (let i = 0; i < 200; i++) {
    if (await target.evaluate(one => one === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  assert.fail('the keyboard does not reach it')
}

/* A way to the server that can be shut: what a page sees of a server that is away.  It is a SOCKS proxy, so that
 * addresses stay as they are; the server answers to no other name than its own. */
export async function wayTo() {
  const { hostname, port } = new URL(BASE)
  const open = new Set()
  const server = createServer(near => {
    open.add(near)
    near.on('error', () => near.destroy()).on('close', () => open.delete(near))
    near.once('data', () => {                                      /* the greeting: no password needed */
      near.write(Buffer.from([5, 0]))
      near.once('data', () => {                                    /* where to: it is known */
        const far = connect(Number(port), hostname)
        far.on('error', () => near.destroy()).on('close', () => near.destroy())
        near.on('close', () => far.destroy())
        near.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        near.pipe(far).pipe(near)
      })
    })
  })
  const listen = at => new Promise(done => { server.listen(at, '127.0.0.1', done) })
  await listen(0)
  const own = server.address().port
  return {
    proxy: { server: `socks5://127.0.0.1:${own}`, bypass: '<-loopback>' },
    shut: () => new Promise(done => { server.close(done); open.forEach(one => one.destroy()) }),
    reopen: () => listen(own),
  }
}

/* What an authenticator app shows (RFC 6238), by the server's clock; `ahead` half minutes on, since each is taken once. */
export async function sixDigits(page, secret, ahead = 0) {
  const bits = [...secret.replace(/[\s=]/g, '')].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor((await serverNow(page)) / 30_000) + ahead))
  const made = createHmac('sha1', key).update(step).digest()
  return String((made.readUInt32BE(made[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/* Somebody with a duty who has just set the first password, on the page that asks for a second factor. */
export async function newcomer(browser, { name, role, duty, area, password, base = BASE, size = PHONE }) {
  const login = `new-${Math.random().toString(36).slice(2, 10)}`
  const { account, code } = JSON.parse(linli('account', 'make', `login=${login}`, `name=${name}`, 'client=desk', 'area=420602', '--json'))
  linli('hold', 'give', `account=${account}`, `duty=${duty}`, `role=${role}`, `area=${area}`)
  const page = await windowFor(browser, null, { size })
  await page.goto(`${base}/#/claim`)
  await page.getByLabel('账号').fill(login)
  await page.getByRole('textbox', { name: '开通码' }).fill(code)
  await page.getByLabel('新密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '设好密码，进去' }).click()
  await page.getByRole('heading', { name: '再加一道锁' }).waitFor()
  return { page, login, account, password }
}

export async function signInBy(page, base, { login, password }) {
  await page.goto(`${base}/`)
  await page.getByLabel('账号').fill(login)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
}

/* From 再加一道锁 to the desk, with an app; answers with its secret and the codes on paper. */
export async function bindApp(page, check = async () => {}) {
  await page.getByRole('button', { name: /用手机验证器/ }).click()
  await page.getByRole('img', { name: '给验证器扫的二维码' }).waitFor()
  await check('a picture to scan')
  await page.getByRole('button', { name: '扫不了，手工输入密钥' }).click()
  const secret = (await page.locator('.secret').innerText()).replace(/\s/g, '')
  const used = await sixDigits(page, secret)
  await page.getByLabel('验证器上的六位数').fill(used)
  await page.getByRole('button', { name: '绑定动态口令' }).click()
  await page.getByRole('heading', { name: '恢复码，请抄下来' }).waitFor()
  await check('codes on paper')
  const codes = (await page.locator('.codes li').allInnerTexts()).map(one => one.trim())
  assert.equal(codes.length, 10)
  await page.getByRole('button', { name: '我抄好了' }).click()
  return { secret, codes, used }
}

/* The server's time. */
export async function serverNow(page) {
  return Date.parse((await (await page.request.get(`${BASE}/api/v1/start`)).json()).now)
}

export async function moveClock(page, ms) {
  const now = new Date((await serverNow(page)) + ms + 8 * 3_600_000).toISOString().replace('Z', '+08:00')
  const answer = await page.request.post(`${BASE}/api/v1/clock`, { headers: { 'X-Linli': '1' }, data: { now } })
  assert.ok(answer.ok(), await answer.text())
}
