/* Signing in with a second factor, and 账号安全: an app, a passkey of Chromium's virtual authenticator, codes on paper. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, bindApp, checkPage, checkWidth, DESK, linli, newcomer, NARROW, openBrowser, signInBy, sixDigits, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const NAMED = BASE.replace('127.0.0.1', 'localhost')   /* passkeys are for names, not for addresses */
const STAFF = { name: '秦月', role: 'desk', duty: '社区值守', area: '420602004008', password: '湖边的猫每天数十二只鸭子' }
const ADMIN = { name: '何安', role: 'security', duty: '安全管理员', area: '420602', password: '山上的松树夜里给七只猫头鹰点灯' }

/* The browser says 4xx into its console; those that were meant are forgotten. */
const forgive = page => { page.complaints.length = 0 }

async function authenticator(page) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  })
}

test('staff bind an app first, sign in with its codes, each once, and with a code on paper when it is away', async () => {
  const { page, ...who } = await newcomer(browser, STAFF)
  await checkPage(page, 'a second factor is asked for')
  await page.goto(`${BASE}/desk/`)                                   /* there is no way round it */
  await page.getByRole('heading', { name: '再加一道锁' }).waitFor()
  forgive(page)
  const { secret, codes, used } = await bindApp(page, name => checkPage(page, name))
  await page.waitForURL(`${BASE}/desk/**`)

  const other = await windowFor(browser, null)
  await signInBy(other, BASE, who)
  await other.getByRole('heading', { name: '还差一步' }).waitFor()
  await checkPage(other, 'the second step')
  await other.setViewportSize(NARROW)
  await checkWidth(other, 'the second step, narrow')
  await other.getByLabel('动态口令').fill(used)
  await other.getByRole('button', { name: '登录', exact: true }).click()
  await other.getByText('动态口令不对，或刚刚用过').waitFor()
  forgive(other)
  await other.getByLabel('动态口令').fill(await sixDigits(other, secret, 1))
  await other.getByRole('button', { name: '登录', exact: true }).click()
  await other.waitForURL(`${BASE}/desk/**`)

  const third = await windowFor(browser, null)
  await signInBy(third, BASE, who)
  await third.getByRole('button', { name: '手机不在身边，用恢复码' }).click()
  await third.getByLabel('恢复码').fill(codes[0].toLowerCase())
  await third.getByRole('button', { name: '用恢复码登录' }).click()
  await third.waitForURL(`${BASE}/desk/**`)
  await signInBy(await windowFor(browser, null), BASE, who)
  await Promise.all([page, other, third].map(one => one.context().close()))
})

test('where one is signed in can be seen and ended, and another password ends it everywhere', async () => {
  const { page, ...who } = await newcomer(browser, { ...STAFF, size: DESK })
  const { secret } = await bindApp(page)
  await page.waitForURL(`${BASE}/desk/**`)
  const other = await windowFor(browser, null)
  await signInBy(other, BASE, who)
  await other.getByLabel('动态口令').fill(await sixDigits(other, secret, 1))
  await other.getByRole('button', { name: '登录', exact: true }).click()
  await other.waitForURL(`${BASE}/desk/**`)

  await page.goto(`${BASE}/desk/#/me`)
  await page.getByRole('link', { name: '账号安全' }).click()
  await page.getByText('就是这里').waitFor()
  await checkPage(page, 'security of an account, desk')
  await page.getByRole('button', { name: /^结束Linux 电脑的登录/ }).click()
  await page.getByText('那边的登录已经结束。').waitFor()
  const status = async one => (await one.request.get(`${BASE}/api/v1/sessions`)).status()
  assert.equal(await status(other), 401)

  await page.getByRole('button', { name: '解除动态口令' }).click()
  await page.getByText('请先填一次密码，确认是您本人。').waitFor()
  await page.getByLabel('密码', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: '解除动态口令' }).click()
  await page.getByText('请先绑定另一种，再解除这一种').waitFor()
  forgive(page)

  const before = await page.context().cookies()
  await page.getByLabel('原来的密码').fill(who.password)
  await page.getByLabel('新密码', { exact: true }).fill('湖边的狗每天数十三只白鹭')
  await page.getByRole('button', { name: /^改密码/ }).click()
  await page.getByText('密码改好了，别处的登录都结束了。').waitFor()
  assert.equal(await status(page), 200)
  await other.context().addCookies(before)
  assert.equal(await status(other), 401, 'the cookie from before is nobody')
  await Promise.all([page, other].map(one => one.context().close()))
})

test('an administrator binds a passkey, signs in with it, and gets in on paper only to bind another', async () => {
  const login = { ...ADMIN, base: NAMED }
  const { page, ...who } = await newcomer(browser, login)
  await authenticator(page)
  assert.equal(await page.getByRole('button', { name: /用手机验证器/ }).count(), 0)
  await checkPage(page, 'an administrator needs a passkey')
  await page.getByRole('button', { name: '用这台设备（通行密钥）' }).click()
  await page.getByRole('heading', { name: '恢复码，请抄下来' }).waitFor()
  const code = await page.locator('.codes li').first().innerText()
  await page.getByRole('button', { name: '我抄好了' }).click()
  await page.waitForURL(`${NAMED}/desk/**`)

  await page.goto(`${NAMED}/desk/#/me`)
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.waitForURL(`${NAMED}/`)
  await signInBy(page, NAMED, who)
  await page.getByRole('button', { name: '用通行密钥' }).click()
  await page.waitForURL(`${NAMED}/desk/**`)
  await page.goto(`${NAMED}/desk/#/me/security`)
  await page.getByText('第一把通行密钥').waitFor()
  forgive(page)                                                      /* the desk's own lists are not an administrator's */
  await checkPage(page, 'security of an account, phone')

  const lost = await windowFor(browser, null)
  await signInBy(lost, NAMED, who)
  await lost.getByRole('button', { name: '手机不在身边，用恢复码' }).click()
  await lost.getByLabel('恢复码').fill(code)
  await lost.getByRole('button', { name: '用恢复码登录' }).click()
  await lost.getByRole('heading', { name: '再加一道锁' }).waitFor()
  assert.equal((await lost.request.get(`${NAMED}/api/v1/accounts`)).status(), 403)
  await Promise.all([page, lost].map(one => one.context().close()))
})

