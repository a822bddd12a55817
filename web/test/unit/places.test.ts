import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isArea, liesIn, parentOf, pathDown } from '../../src/core/areas'
import { bdToGcj, gcjToBd, gcjToWgs, inChina, metresBetween, wgsToGcj } from '../../src/core/coords'
import { photoPlace } from '../../src/core/exif'

const TANXI = { lat: 32.0186, lng: 112.1149 }

test('an area lies below another on level boundaries only', () => {
  assert.ok(liesIn('420602004008003', '420602004008'))
  assert.ok(liesIn('420602004008', '420602004008'))
  assert.ok(!liesIn('420602004008', '42060200400'))
  assert.ok(!liesIn('420602', '420602004'))
  assert.ok(!isArea('4206020'))
})

test('the way down to an area names each level once', () => {
  assert.deepEqual(pathDown('420602004', '420602004008003'), ['420602004', '420602004008', '420602004008003'])
  assert.deepEqual(pathDown('420606', '420602004008'), [])
  assert.equal(parentOf('420602004008'), '420602004')
  assert.equal(parentOf('42'), null)
})

test('GCJ-02 is off by some hundred metres in China and not at all abroad', () => {
  const off = metresBetween(TANXI, wgsToGcj(TANXI))
  assert.ok(off > 100 && off < 700, `${off}`)
  const paris = { lat: 48.8566, lng: 2.3522 }
  assert.ok(!inChina(paris))
  assert.deepEqual(wgsToGcj(paris), paris)
})

test('a known point of Beijing comes out where the reference has it', () => {
  const gcj = wgsToGcj({ lat: 39.90734, lng: 116.39089 })
  assert.ok(metresBetween(gcj, { lat: 39.90874, lng: 116.39714 }) < 10, JSON.stringify(gcj))
})

test('there and back again is the same place to a centimetre', () => {
  assert.ok(metresBetween(gcjToWgs(wgsToGcj(TANXI)), TANXI) < 0.01)
  assert.ok(metresBetween(bdToGcj(gcjToBd(TANXI)), TANXI) < 1)
})

/* A JPEG's head with one Exif block: the GPS entries as cameras write them. */
function jpegAt(lat: [number, number, number], lng: [number, number, number], refs = 'NE'): Uint8Array {
  const tiff = new DataView(new ArrayBuffer(140))
  const entry = (at: number, tag: number, type: number, count: number, value: number) => {
    tiff.setUint16(at, tag); tiff.setUint16(at + 2, type); tiff.setUint32(at + 4, count); tiff.setUint32(at + 8, value)
  }
  tiff.setUint16(0, 0x4d4d); tiff.setUint16(2, 42); tiff.setUint32(4, 8)
  tiff.setUint16(8, 1); entry(10, 0x8825, 4, 1, 26)
  tiff.setUint16(26, 4)
  entry(28, 1, 2, 2, refs.charCodeAt(0) << 24); entry(40, 2, 5, 3, 80)
  entry(52, 3, 2, 2, refs.charCodeAt(1) << 24); entry(64, 4, 5, 3, 104)
  ;[...lat, ...lng].forEach((value, i) => { tiff.setUint32(80 + i * 8, Math.round(value * 100)); tiff.setUint32(84 + i * 8, 100) })
  const bytes = new Uint8Array(12 + 140)
  const head = new DataView(bytes.buffer)
  head.setUint16(0, 0xffd8); head.setUint16(2, 0xffe1); head.setUint16(4, 148); head.setUint32(6, 0x45786966)
  bytes.set(new Uint8Array(tiff.buffer), 12)
  return bytes
}

test('the position of a photo is read from its Exif block', () => {
  const found = photoPlace(jpegAt([32, 1, 6.96], [112, 6, 53.64]))!
  assert.ok(metresBetween(found, TANXI) < 1, JSON.stringify(found))
  assert.ok(photoPlace(jpegAt([32, 1, 0], [112, 6, 0], 'SW'))!.lat < 0)
})

test('a photo without a position, cut short or no photo at all has none', () => {
  assert.equal(photoPlace(new Uint8Array()), null)
  assert.equal(photoPlace(new TextEncoder().encode('not a photo at all, really')), null)
  assert.equal(photoPlace(jpegAt([0, 0, 0], [0, 0, 0])), null)
  const whole = jpegAt([32, 1, 6.96], [112, 6, 53.64])
  for (let n = 0; n < whole.length; n++) photoPlace(whole.slice(0, n))
})
