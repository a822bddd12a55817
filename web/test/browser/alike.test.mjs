/* What was reported already: shown before a neighbour sends it again, who says “me, too” instead; and what is looked for at the desk
 * is kept as a view of one's own. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BASE, checkPage, chooseCategory, DESK, openBrowser, PHONE, windowFor } from './harness.mjs'

let browser
before(async () => { browser = await openBrowser() })
after(() => browser?.close())

const close = pages => Promise.all(pages.map(page => page.context().close()))
const post = async (page, path, data) => {
  const answer = await page.request.post(`${BASE}/api/v1${path}`, { headers: { 'X-Linli': '1' }, data })
  assert.ok(answer.ok(), await answer.text())
  return answer.json()
}

/* A place of its own each time, so that nothing else lies near. */
const somewhere = () => ({ lat: 32.05 + (Date.now() % 9000) / 1e6, lng: 112.05 + (Date.now() % 7000) / 1e6, source: 'gps', words: '汉江边', area: '420602004008003' })

test('a neighbour finds it reported already, says “me, too”, takes it back, and is told nothing that is not theirs', async () => {
  const resident = await windowFor(browser, '王芳')
  const where = somewhere(), what = `井盖翘起来绊人 ${Date.now() % 100000}`
  const { id } = await post(resident, '/cases', { scene: 'snap', kind: 'problem', fields: { category: '井盖缺失', urgent: false, what, where, contact: '13712345520' } })

  const neighbour = await windowFor(browser, '赵建国')
  await neighbour.context().grantPermissions(['geolocation'])
  await neighbour.context().setGeolocation({ latitude: where.lat + 0.0003, longitude: where.lng, accuracy: 10 })
  await neighbour.goto(`${BASE}/resident/#/new/snap/problem`)
  await neighbour.getByRole('textbox', { name: '情况' }).fill('井盖翘起来了，会绊人')
  await neighbour.getByRole('button', { name: /下一步/ }).click()
  await neighbour.getByRole('button', { name: /定位|我在这里|现在的位置/ }).first().click()
  await chooseCategory(neighbour, ['公用设施', '井盖缺失'])
  await neighbour.getByRole('button', { name: '下一步：看一遍' }).click()
  await neighbour.getByRole('heading', { name: '附近已有人反映' }).waitFor()
  await checkPage(neighbour, 'reported already')
  const text = await neighbour.locator('main').innerText()
  for (const hidden of [what, '王芳', '13712345520']) assert.ok(!text.includes(hidden), `a neighbour does not read “${hidden}”`)
  await neighbour.getByRole('button', { name: '我也遇到了' }).click()
  await neighbour.getByText('记下了，办得怎么样会告诉您，不用再报。').waitFor()
  await neighbour.getByText('1 位邻居也遇到了。').waitFor()
  await checkPage(neighbour, 'me, too')

  const desk = await windowFor(browser, '周岚', { size: DESK })
  await desk.goto(`${BASE}/desk/#/find?case=${id}`)
  await desk.getByText(/1 位邻居/).waitFor()
  await neighbour.getByRole('button', { name: '收回' }).click()
  await neighbour.getByRole('button', { name: '我也遇到了' }).waitFor()
  await neighbour.getByRole('button', { name: '不是同一件' }).click()
  await neighbour.getByRole('heading', { name: '附近已有人反映' }).waitFor({ state: 'detached' })
  await neighbour.getByRole('heading', { name: '发出以后' }).waitFor()
  await close([resident, neighbour, desk])
})

test('two characters find it, by number too; what narrows them is kept as a view, used again and thrown away', async () => {
  const resident = await windowFor(browser, '王芳')
  const stamp = String(Date.now() % 100000)
  const { number } = await post(resident, '/cases', { scene: 'snap', kind: 'problem', fields: { category: '树木绿化', what: `香樟枝条压着晾衣绳 ${stamp}`, where: somewhere(), contact: '13712345520' } })

  const desk = await windowFor(browser, '周岚', { size: DESK })
  await desk.goto(`${BASE}/desk/#/find`)
  const form = desk.getByRole('form', { name: '找办件' })
  const find = async words => {
    await form.getByLabel('找什么').fill(words)
    await form.getByRole('button', { name: '找', exact: true }).click()
    await desk.getByRole('heading', { name: '找到的办件' }).waitFor()
  }
  await find('香樟')
  const found = desk.getByRole('region', { name: '找到的办件' })
  await found.getByRole('link', { name: `香樟枝条压着晾衣绳 ${stamp}` }).waitFor()
  assert.equal(await found.locator('mark').first().innerText(), '香樟')
  await checkPage(desk, 'found by two characters')
  await find(number)
  await found.getByRole('link', { name: `香樟枝条压着晾衣绳 ${stamp}` }).waitFor()
  await find('没有人写过的词句')
  await found.getByText('没有找到').waitFor()
  await checkPage(desk, 'found nothing')

  await form.getByLabel('找什么').fill('香樟')
  await form.getByLabel('状态').selectOption({ label: '待派' })
  await desk.getByText('存为我的视图').first().click()
  const keep = desk.getByRole('form', { name: '存为我的视图' })
  await keep.getByLabel('叫什么').fill(`树 ${stamp}`)
  await keep.getByRole('button', { name: '存下来' }).click()
  const views = desk.getByRole('navigation', { name: '我的视图' })
  await views.getByRole('button', { name: `树 ${stamp}` }).waitFor()
  await checkPage(desk, 'a view of one’s own')
  await desk.reload()
  await views.getByRole('button', { name: `树 ${stamp}` }).click()
  await found.getByRole('link', { name: `香樟枝条压着晾衣绳 ${stamp}` }).waitFor()
  assert.equal(await form.getByLabel('状态').inputValue(), 'waiting')

  const colleague = await windowFor(browser, '吴强', { size: DESK })
  await colleague.goto(`${BASE}/desk/#/find`)
  await colleague.getByRole('form', { name: '找办件' }).waitFor()
  assert.equal(await colleague.getByRole('button', { name: `树 ${stamp}` }).count(), 0, 'a view is its maker’s alone')
  await desk.getByText('存为我的视图').first().click()
  await desk.getByRole('button', { name: new RegExp(`^去掉\\s?树 ${stamp}$`) }).click()
  await views.getByRole('button', { name: `树 ${stamp}` }).waitFor({ state: 'detached' })
  await close([resident, desk, colleague])
})

test('a grid worker finds on the phone what lies in their grid, and nothing of another', async () => {
  const resident = await windowFor(browser, '王芳')
  const what = `石榴树压塌了花坛 ${Date.now() % 100000}`
  await post(resident, '/cases', { scene: 'snap', kind: 'problem', fields: { category: '树木绿化', what, where: somewhere(), contact: '13712345520' } })
  const finds = async (who, there) => {
    const page = await windowFor(browser, who, { size: PHONE })
    await page.goto(`${BASE}/grid/#/find`)
    await page.getByLabel('找什么').fill('石榴树')
    await page.getByRole('button', { name: '找', exact: true }).click()
    await page.getByRole('heading', { name: '找到的办件' }).waitFor()
    const link = page.getByRole('link', { name: what })
    await (there ? link.waitFor() : page.getByText('没有找到').waitFor())
    assert.equal(await link.count(), there ? 1 : 0)
    await checkPage(page, `${who} looks for it`)
    await close([page])
  }
  await finds('刘敏', true)
  await finds('陈涛', false)
  await close([resident])
})
