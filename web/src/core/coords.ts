/* Coordinates are kept as WGS-84 (CGCS2000 agrees to decimetres) with their source, and converted at the edge:
 * Chinese maps and phones also speak GCJ-02 (offset by 100 to 700 m, inside China only) and BD-09. */

export interface Point { lat: number; lng: number }

const A = 6378245
const EE = 0.00669342162296594323
const BD = (Math.PI * 3000) / 180

export function inChina({ lat, lng }: Point): boolean {
  return lat >= 0.8293 && lat <= 55.8271 && lng >= 72.004 && lng <= 137.8347
}

export function wgsToGcj(p: Point): Point {
  if (!inChina(p)) return { ...p }
  const d = offset(p)
  return { lat: p.lat + d.lat, lng: p.lng + d.lng }
}

/* The offset has no closed inverse; three steps bring the error below a millimetre. */
export function gcjToWgs(p: Point): Point {
  if (!inChina(p)) return { ...p }
  let guess = { ...p }
  for (let i = 0; i < 3; i++) {
    const there = wgsToGcj(guess)
    guess = { lat: guess.lat + p.lat - there.lat, lng: guess.lng + p.lng - there.lng }
  }
  return guess
}

export function gcjToBd({ lat, lng }: Point): Point {
  const r = Math.hypot(lng, lat) + 0.00002 * Math.sin(lat * BD)
  const a = Math.atan2(lat, lng) + 0.000003 * Math.cos(lng * BD)
  return { lat: r * Math.sin(a) + 0.006, lng: r * Math.cos(a) + 0.0065 }
}

export function bdToGcj(p: Point): Point {
  const lat = p.lat - 0.006
  const lng = p.lng - 0.0065
  const r = Math.hypot(lng, lat) - 0.00002 * Math.sin(lat * BD)
  const a = Math.atan2(lat, lng) - 0.000003 * Math.cos(lng * BD)
  return { lat: r * Math.sin(a), lng: r * Math.cos(a) }
}

export function metresBetween(a: Point, b: Point): number {
  const rad = Math.PI / 180
  const dLat = (b.lat - a.lat) * rad
  const dLng = (b.lng - a.lng) * rad
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLng / 2) ** 2
  return 2 * 6371008.8 * Math.asin(Math.sqrt(h))
}

function offset({ lat, lng }: Point): Point {
  const x = lng - 105
  const y = lat - 35
  const rad = (lat * Math.PI) / 180
  const magic = 1 - EE * Math.sin(rad) ** 2
  return {
    lat: (offsetLat(x, y) * 180) / (((A * (1 - EE)) / (magic * Math.sqrt(magic))) * Math.PI),
    lng: (offsetLng(x, y) * 180) / ((A / Math.sqrt(magic)) * Math.cos(rad) * Math.PI),
  }
}

/* Both axes share these two waves. */
function wave(v: number): number {
  return ((20 * Math.sin(v * Math.PI) + 40 * Math.sin((v / 3) * Math.PI)) * 2) / 3
}

function ripple(x: number): number {
  return ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3
}

function swell(v: number, near: number, nearLength: number, far: number): number {
  return ((near * Math.sin((v / nearLength) * Math.PI) + far * Math.sin((v / 30) * Math.PI)) * 2) / 3
}

function offsetLat(x: number, y: number): number {
  return -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) +
    ripple(x) + wave(y) + swell(y, 160, 12, 320)
}

function offsetLng(x: number, y: number): number {
  return 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) +
    ripple(x) + wave(x) + swell(x, 150, 12, 300)
}
