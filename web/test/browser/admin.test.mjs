/* What an administrator does on the command line reaches people's screens: a new scene, a new account. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { BASE, bindApp, checkPage, linli, openBrowser, photo, ROOT, sixDigits, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const LAMP = `scene: lamp
title: 路灯报修
home: {for: [resident], icon: bulb, order: 2}
cases:
  fault:
    title: 路灯不亮
    fields:
      sort:   {title: 怎么坏了, type: choice, options: [不亮, 一闪一闪, 灯杆歪了], required: true}
      number: {title: 灯杆上的号, type: text, max: 20}
      lamps:  {title: 坏了几盏, type: number, required: true}
      since:  {title: 从哪天开始, type: date}
      photos: {title: 照片, type: photos, max: 3}
      where:  {title: 位置, type: place, required: true}
    states: {new: 待受理, handling: 处置中, closed: 已办结}
    begins: new
    ends: closed
    moves:
      accept: {title: 受理, from: new, to: handling, by: duty("社区值守"), tell: reporter}
      finish: {title: 修好了, from: handling, to: closed, by: holder, needs: [text, photo], tell: reporter}
    route:
      - {to: duty("社区值守")}
`

test('a scene that was just loaded stands on the home page and can be reported, with no client changed', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-scene-'))
  fs.cpSync(`${ROOT}scenes/lists`, path.join(folder, 'lists'), { recursive: true })
  fs.mkdirSync(path.join(folder, 'lamp'))
  fs.writeFileSync(path.join(folder, 'lamp', 'scene.yaml'), LAMP)
  linli('scene', 'load', path.join(folder, 'lamp', 'scene.yaml'), '--area', '420602')
  fs.rmSync(folder, { recursive: true })

  const page = await windowFor(browser, '王芳')
  await checkPage(page, 'home with two scenes')
  await page.getByRole('link', { name: /路灯报修/ }).click()
  await page.locator('input[type=file]').setInputFiles(photo('dark-stairs'))
  await page.getByRole('textbox', { name: '灯杆上的号' }).fill('BH-0217')
  await page.getByText(/^在传/).waitFor({ state: 'detached' })
  await checkPage(page, 'another scene, step 1')
  await page.getByRole('button', { name: /下一步/ }).click()
  await page.locator('.place input.in').fill('中心花园东侧')
  await page.getByRole('radio', { name: '灯杆歪了' }).check()
  await checkPage(page, 'another scene, step 2')
  await page.getByRole('button', { name: /下一步/ }).click()
  await page.getByRole('textbox', { name: '坏了几盏' }).fill('3')
  await page.getByLabel('从哪天开始').fill('2026-01-05')
  await page.getByRole('heading', { name: '发出以后' }).waitFor()
  await checkPage(page, 'another scene, step 3')
  await page.getByRole('button', { name: '发给社区' }).click()
  await page.getByRole('heading', { name: '办件进度' }).waitFor()
  await page.getByText('BH-0217').first().waitFor()
  await checkPage(page, 'another scene, sent')
  await page.context().close()
})

test('a one-time code makes the first password, once', async () => {
  const login = `desk-${Date.now() % 1_000_000}`
  const { account, code } = JSON.parse(linli('account', 'make', `login=${login}`, 'name=秦月', 'client=desk', 'area=420602', '--json'))
  linli('hold', 'give', `account=${account}`, 'duty=社区值守', 'role=desk', 'area=420602004008')

  const page = await windowFor(browser, null)
  await page.goto(`${BASE}/`)
  await page.getByRole('link', { name: /用开通码设密码/ }).click()
  const enter = page.getByRole('button', { name: '设好密码，进去' })
  await enter.click()
  await page.getByText('请填开通码，在管理员给您的条子上。').waitFor()
  await checkPage(page, 'a code, nothing filled in')
  await page.getByLabel('账号').fill(login)
  await page.getByRole('textbox', { name: '开通码' }).fill(code)
  await page.getByLabel('新密码', { exact: true }).fill('太短了')
  await enter.click()
  await page.getByText(/密码至少 12 个字符/).waitFor()
  page.complaints.length = 0                                       /* the browser reports the 400 as well */
  await checkPage(page, 'a code, password too short')
  await page.getByLabel('新密码', { exact: true }).fill('湖边的猫每天数十二只鸭子')
  await enter.click()
  const { secret } = await bindApp(page)
  await page.waitForURL(`${BASE}/desk/**`)
  await page.getByRole('link', { name: /秦月/ }).waitFor()

  const again = await windowFor(browser, null)
  await again.goto(`${BASE}/#/claim`)
  await again.getByLabel('账号').fill(login)
  await again.getByRole('textbox', { name: '开通码' }).fill(code)
  await again.getByLabel('新密码', { exact: true }).fill('湖边的狗每天数十二只鸭子')
  await again.getByRole('button', { name: '设好密码，进去' }).click()
  await again.getByText(/开通码不对，或已经过了一小时/).waitFor()

  await again.goto(`${BASE}/`)
  await again.getByLabel('账号').fill(login)
  await again.getByLabel('密码', { exact: true }).fill('湖边的猫每天数十二只鸭子')
  await again.getByRole('button', { name: '登录', exact: true }).click()
  await again.getByLabel('动态口令').fill(await sixDigits(again, secret, 1))
  await again.getByRole('button', { name: '登录', exact: true }).click()
  await again.waitForURL(`${BASE}/desk/**`)
  assert.ok(await again.getByRole('heading', { level: 1 }).count() > 0)
  await Promise.all([page, again].map(one => one.context().close()))
})
