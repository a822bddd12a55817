/* Every page, in normal and large type, at 360 and 320 pixels or on the desk: no accessibility violation, no word in
 * the console, no sideways scroll. */
import { after, before, test } from 'node:test'
import { BASE, checkPage, DESK, openBrowser, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const PAGES = {
  resident: ['#/', '#/cases', '#/inbox', '#/me', '#/nowhere'],
  grid: ['#/', '#/inbox', '#/me'],
  desk: ['#/', '#/?bucket=handling', '#/?bucket=late', '#/?bucket=answered', '#/?bucket=ended', '#/inbox', '#/me'],
}

for (const large of [false, true]) {
  const type = large ? 'large' : 'normal'

  test(`the entrance, ${type}`, async () => {
    for (const width of [360, 320]) {
      const page = await windowFor(browser, null, { large, size: { width, height: 760 } })
      await page.goto(`${BASE}/`)
      await page.getByRole('heading', { name: '登录', exact: true }).waitFor()
      await checkPage(page, `entrance ${width} ${type}`)
      await page.context().close()
    }
  })

  for (const [client, hashes] of Object.entries(PAGES)) {
    test(`the pages of ${client}, ${type}`, async () => {
      const sizes = client === 'desk' ? [DESK, { width: 1000, height: 800 }, { width: 360, height: 760 }] : [{ width: 360, height: 760 }, { width: 320, height: 640 }]
      const page = await windowFor(browser, client, { large, size: sizes[0] })
      for (const size of sizes) {
        await page.setViewportSize(size)
        for (const hash of hashes) {
          await page.goto(`${BASE}/${client}/${hash}`)
          await checkPage(page, `${client} ${hash} ${size.width} ${type}`)
        }
        await checkFirstCase(page, client, `${client} case ${size.width} ${type}`)
      }
      await page.context().close()
    })
  }
}

async function checkFirstCase(page, client, name) {
  await page.goto(`${BASE}/${client}/#/${client === 'resident' ? 'cases' : ''}`)
  const link = page.locator('main a[href*="case"]').filter({ has: page.locator('b, :scope') }).first()
  await link.waitFor({ timeout: 5000 }).catch(() => undefined)
  if (await link.count() === 0) return
  await link.click()
  await page.locator('ol.time').waitFor()
  await checkPage(page, name)
}
