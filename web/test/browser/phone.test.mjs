/* What a phone brings of its own: photos with and without a position, pictures nobody can open, a position allowed or
 * refused, a keyboard, a setting that is remembered. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, test } from 'node:test'
import { BASE, checkPage, openBrowser, photo, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

async function reportPage(options = {}) {
  const page = await windowFor(browser, '王芳', options)
  await page.locator('.go a').first().click()
  await page.locator('textarea').waitFor()
  return page
}

async function toPlace(page) {
  await page.locator('textarea').fill('井盖松了，车一过就响。')
  await page.getByRole('button', { name: /下一步/ }).click()
  await page.locator('.place').waitFor()
}

/* The photo with an Exif block that says where it was taken: 32.0186 N, 112.1149 E. */
function taken(file) {
  const whole = fs.readFileSync(file)
  const tiff = Buffer.alloc(128)
  const entry = (at, tag, type, count, value) => {
    tiff.writeUInt16BE(tag, at); tiff.writeUInt16BE(type, at + 2); tiff.writeUInt32BE(count, at + 4); tiff.writeUInt32BE(value, at + 8)
  }
  tiff.write('MM\0*', 0, 'latin1'); tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(1, 8); entry(10, 0x8825, 4, 1, 26)
  tiff.writeUInt16BE(4, 26)
  entry(28, 1, 2, 2, 0x4e000000); entry(40, 2, 5, 3, 80); entry(52, 3, 2, 2, 0x45000000); entry(64, 4, 5, 3, 104)
  ;[32, 1, 6.96, 112, 6, 53.64].forEach((value, i) => { tiff.writeUInt32BE(Math.round(value * 100), 80 + i * 8); tiff.writeUInt32BE(100, 84 + i * 8) })
  const head = Buffer.from([0xff, 0xe1, 0, 2 + 6 + tiff.length, ...Buffer.from('Exif\0\0', 'latin1')])
  return { name: 'taken.jpg', mimeType: 'image/jpeg', buffer: Buffer.concat([whole.subarray(0, 2), head, tiff, whole.subarray(2)]) }
}

test('a photo that knows where it was taken says so for the person', async () => {
  const page = await reportPage()
  await page.locator('input[type=file]').setInputFiles(taken(photo('gate-road')))
  await page.locator('.photos canvas').waitFor()
  await toPlace(page)
  await page.getByText('按照片里的位置').waitFor()
  await page.context().close()
})

test('a picture that this phone cannot open is refused in words, with what to do', async () => {
  const page = await reportPage()
  await page.locator('input[type=file]').setInputFiles({ name: 'IMG_1.HEIC', mimeType: 'image/heic', buffer: Buffer.from('not a picture') })
  await page.getByText(/打不开 HEIC 照片/).waitFor()
  assert.equal(await page.locator('.photos canvas').count(), 0)
  await checkPage(page, 'a refused picture')
  await page.context().close()
})

test('nine photos are enough: the tenth is said to be too many, and one can be taken away again', async () => {
  const page = await reportPage()
  await page.locator('input[type=file]').setInputFiles(Array(10).fill(photo('dark-stairs')))
  await page.getByText(/最多 9 张，多选的 1 张没有放进来/).waitFor()
  await page.getByRole('button', { name: '删除第 9 张照片' }).waitFor()
  assert.equal(await page.locator('input[type=file]').count(), 0)
  await page.getByRole('button', { name: '删除第 3 张照片' }).click()
  assert.equal(await page.locator('.photos canvas').count(), 8)
  await checkPage(page, 'eight photos')
  await page.context().close()
})

test('the phone’s position is found when it is allowed, and the area with it', async () => {
  const page = await reportPage()
  await page.context().grantPermissions(['geolocation'])
  await page.context().setGeolocation({ latitude: 32.0186, longitude: 112.1149, accuracy: 12 })
  await toPlace(page)
  await page.getByText('按您现在的位置').waitFor()
  await page.locator('.place b').first().waitFor()
  await page.context().close()
})

test('a position refused is no obstacle', async () => {
  const page = await reportPage()
  await toPlace(page)
  await page.getByRole('button', { name: '用我的位置' }).click()
  await page.getByText(/写几个字也行/).waitFor()
  await page.getByRole('button', { name: '选网格' }).click()
  await page.getByRole('combobox').waitFor()
  await checkPage(page, 'position refused')
  await page.context().close()
})

test('what was typed survives a reload', async () => {
  const page = await reportPage()
  await toPlace(page)
  await page.locator('.place input.in').fill('北门外')
  await page.reload()
  await page.locator('.place').waitFor()
  assert.equal(await page.locator('.place input.in').inputValue(), '北门外')
  await page.getByRole('button', { name: '上一步' }).click()
  assert.match(await page.locator('textarea').inputValue(), /井盖松了/)
  await page.context().close()
})

test('the first stop of the keyboard leads to the text, and a new page begins at its heading', async () => {
  const page = await windowFor(browser, '王芳')
  await page.reload()
  await page.locator('main section').first().waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.textContent), '跳到正文')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main')
  await page.getByRole('link', { name: '办件', exact: true }).click()
  await page.waitForFunction(() => document.activeElement.tagName === 'H1')
  assert.match(await page.title(), /我的办件/)
  await page.context().close()
})

test('large type is remembered on this phone', async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 760 } })
  const page = await context.newPage()
  await page.goto(`${BASE}/`)
  await page.getByRole('button', { name: '大字' }).click()
  await page.reload()
  await page.getByRole('button', { name: '大字', pressed: true }).waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.dataset.type), 'large')
  await context.close()
})

test('a wrong password is answered with a sentence, and signing out ends at the entrance', async () => {
  const page = await windowFor(browser, null)
  await page.goto(`${BASE}/`)
  await page.getByLabel('账号').fill('nobody-here')
  await page.getByLabel('密码').fill('not-the-password')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('alert').waitFor()
  page.complaints.length = 0        /* the browser reports the 401 as well */
  await checkPage(page, 'wrong password')
  await page.context().close()

  const resident = await windowFor(browser, '王芳')
  await resident.getByRole('link', { name: '我的', exact: true }).click()
  await resident.getByRole('button', { name: '退出登录' }).click()
  await resident.waitForURL(`${BASE}/`)
  await resident.goto(`${BASE}/resident/#/cases`)
  await resident.waitForURL(/\/#\/\?next=/)
  await resident.context().close()
})

test('who has no business at the desk finds at the entrance what is theirs', async () => {
  const page = await windowFor(browser, '王芳')
  await page.goto(`${BASE}/desk/`)
  await page.waitForURL(`${BASE}/`)
  await page.getByRole('link', { name: /居民/ }).waitFor()
  await checkPage(page, 'entrance, signed in')
  await page.context().close()
})
