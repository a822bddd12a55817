/* What the browser tests share: one Chromium, a window per person, and the checks that every page must pass.  The
 * server's address comes in LINLI_URL; it runs on a demonstration database. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

export const BASE = process.env.LINLI_URL
if (!BASE) throw new Error('LINLI_URL is not set: the address of a server with a demonstration database')

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/* The browser's own word about each request while a test has taken the network away. */
const CUT_OFF = /ERR_INTERNET_DISCONNECTED/
const PHONE = { width: 360, height: 760 }
export const DESK = { width: 1440, height: 900 }

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}

/* A window of its own for one person, who walks in by the demonstration list.  `complaints` collects what the
 * browser's console and the content policy had to say. */
export async function windowFor(browser, client, { size = PHONE, large = false, nth = 0 } = {}) {
  const context = await browser.newContext({ viewport: size, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', hasTouch: size.width < 800 })
  const page = await context.newPage()
  page.complaints = []
  page.on('console', message => {
    if (message.type() === 'error' && !CUT_OFF.test(message.text())) page.complaints.push(message.text())
  })
  page.on('pageerror', error => page.complaints.push(String(error)))
  await page.addInitScript(type => localStorage.setItem('linli.type', type), large ? 'large' : 'normal')
  if (client) await walkIn(page, client, nth)
  return page
}

export async function walkIn(page, client, nth = 0) {
  const people = await (await page.request.get(`${BASE}/api/v1/demo/people`)).json()
  const person = people.items.filter(one => one.client === client)[nth]
  assert.ok(person, `the demonstration list has a person for ${client}`)
  await page.goto(`${BASE}/`)
  await page.getByRole('button', { name: new RegExp(person.name) }).first().click()
  await page.waitForURL(`${BASE}/${client}/**`)
  await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
  return person
}

/* No violation of WCAG 2.2 A and AA or of axe's best practice, no word in the console, no sideways scroll.  The window
 * is made as tall as the page first: a sticky dock covers whatever lies under it. */
export async function checkPage(page, name) {
  await settled(page)
  const size = page.viewportSize()
  const tall = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width: size.width, height: Math.max(size.height, tall) })
  await page.evaluate(AXE)
  const found = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }))
  await page.setViewportSize(size)
  const violations = found.violations.map(v => `${v.id}: ${v.help} (${v.nodes.map(n => n.target).join(' | ')})`)
  assert.deepEqual(violations, [], `${name}: accessibility`)
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth,
  }))
  assert.ok(scroll <= client, `${name}: scrolls sideways, ${scroll} > ${client}`)
  assert.deepEqual(page.complaints, [], `${name}: console`)
}

/* Nothing has moved for half a second.  (The live stream keeps the network busy for ever: idleness says nothing.) */
async function settled(page) {
  await page.waitForFunction(() => {
    const now = document.body.innerText.length * 100_000 + document.documentElement.scrollHeight
    const seen = globalThis.seenState
    if (seen?.now !== now) globalThis.seenState = { now, at: performance.now() }
    return seen?.now === now && performance.now() - seen.at > 500
  }, null, { polling: 100 })
}

/* A photo as a camera would give it, drawn here so that no file is needed. */
export async function photoBytes(page) {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 800
    canvas.height = 600
    const pen = canvas.getContext('2d')
    pen.fillStyle = '#8a9290'
    pen.fillRect(0, 0, 800, 600)
    pen.fillStyle = '#3b4341'
    pen.fillRect(200, 200, 300, 160)
    return canvas.toDataURL('image/jpeg').split(',')[1]
  })
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') }
}
