/* Every page, in normal and large type: no accessibility violation, no word in the console, no sideways scroll (down to
 * 320 pixels in large type), nothing too small for a thumb. */
import { after, before, test } from 'node:test'
import { BASE, checkPage, checkWidth, DESK, NARROW, openBrowser, PHONE, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const STACKED = { width: 1000, height: 800 }
const PAGES = {
  resident: { who: '王芳', hashes: ['#/', '#/cases', '#/inbox', '#/me', '#/nowhere'] },
  grid: { who: '陈涛', hashes: ['#/', '#/new', '#/inbox', '#/me', '#/me/leave'] },
  desk: {
    who: '周岚',
    hashes: ['#/', '#/?bucket=handling', '#/?bucket=late', '#/?bucket=answered', '#/?bucket=ended', '#/inbox', '#/me', '#/me/leave', '#/find', '#/new', '#/new/snap/problem'],
  },
}

for (const large of [false, true]) {
  const type = large ? 'large' : 'normal'

  test(`the entrance, ${type}`, async () => {
    const page = await windowFor(browser, null, { large })
    for (const hash of ['#/', '#/claim']) {
      await page.goto(`${BASE}/${hash}`)
      await page.getByRole('heading', { name: hash === '#/' ? '登录' : '用开通码设密码', exact: true }).waitFor()
      await checkPage(page, `entrance ${hash} ${type}`)
      await narrow(page, `entrance ${hash} ${type}`)
    }
    await page.setViewportSize(DESK)
    await page.goto(`${BASE}/`)
    await checkPage(page, `entrance at a desk ${type}`)
    await page.context().close()
  })

  for (const [client, { who, hashes }] of Object.entries(PAGES)) {
    const size = client === 'desk' ? DESK : PHONE

    test(`the pages of ${client}, ${type}`, async () => {
      const page = await windowFor(browser, who, { large, size })
      for (const hash of hashes) {
        await page.goto(`${BASE}/${client}/${hash}`)
        await checkPage(page, `${client} ${hash} ${type}`)
        await narrow(page, `${client} ${hash} ${type}`)
      }
      await openFirst(page, client)
      await checkPage(page, `${client} case ${type}`)
      await narrow(page, `${client} case ${type}`)
      await page.context().close()
    })
  }

  test(`the desk where its panes stack, ${type}`, async () => {
    const page = await windowFor(browser, '周岚', { large, size: STACKED })
    await checkPage(page, `stacked desk ${type}`)
    await openFirst(page, 'desk')
    await checkPage(page, `stacked desk case ${type}`)
    await page.setViewportSize(PHONE)
    await checkPage(page, `desk case on a phone ${type}`)
    await page.context().close()
  })
}

async function narrow(page, name) {
  const size = page.viewportSize()
  await page.setViewportSize(NARROW)
  await checkWidth(page, `${name}, 320 pixels`)
  await page.setViewportSize(size)
}

async function openFirst(page, client) {
  await page.goto(`${BASE}/${client}/#/${client === 'resident' ? 'cases' : '?bucket=handling'}`)
  await page.locator('main :is(h3, td) a').first().click()
  await page.locator('ol.time').waitFor()
}
