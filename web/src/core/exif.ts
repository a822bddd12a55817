/* Where a JPEG was taken, read from its Exif block before the photo is made smaller (which drops it).  Strict and
 * bounded: anything odd means "not known".  Cameras write WGS-84. */
import type { Point } from './coords'

export function photoPlace(bytes: Uint8Array): Point | null {
  try {
    const tiff = exifBlock(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    return tiff && gpsOf(tiff)
  } catch (error) {
    if (error instanceof RangeError) return null       /* the block ends before its own entries do */
    throw error
  }
}

const APP1 = 0xffe1
const EXIF = 0x45786966

function exifBlock(view: DataView): DataView | null {
  if (view.getUint16(0) !== 0xffd8) return null
  let at = 2
  while (at + 10 < view.byteLength) {
    const marker = view.getUint16(at)
    const length = view.getUint16(at + 2)
    if (marker === APP1 && view.getUint32(at + 4) === EXIF) {
      return new DataView(view.buffer, view.byteOffset + at + 10, Math.min(length - 8, view.byteLength - at - 10))
    }
    if ((marker & 0xff00) !== 0xff00 || marker === 0xffda || length < 2) return null
    at += 2 + length
  }
  return null
}

const GPS_IFD = 0x8825

function gpsOf(tiff: DataView): Point | null {
  const little = tiff.getUint16(0) === 0x4949
  const entries = entriesAt(tiff, tiff.getUint32(4, little), little)
  const gpsAt = entries.get(GPS_IFD)
  if (gpsAt === undefined) return null
  const gps = entriesAt(tiff, tiff.getUint32(gpsAt, little), little)
  const lat = degrees(tiff, gps.get(2), little)
  const lng = degrees(tiff, gps.get(4), little)
  if (lat === null || lng === null || (lat === 0 && lng === 0)) return null
  const letter = (tag: number) => String.fromCharCode(tiff.getUint8(gps.get(tag) ?? 0))
  return { lat: letter(1) === 'S' ? -lat : lat, lng: letter(3) === 'W' ? -lng : lng }
}

/* Tag -> where its value (or the offset to it) stands. */
function entriesAt(tiff: DataView, at: number, little: boolean): Map<number, number> {
  const count = Math.min(tiff.getUint16(at, little), 200)
  const found = new Map<number, number>()
  for (let i = 0; i < count; i++) found.set(tiff.getUint16(at + 2 + i * 12, little), at + 2 + i * 12 + 8)
  return found
}

function degrees(tiff: DataView, entry: number | undefined, little: boolean): number | null {
  if (entry === undefined) return null
  const at = tiff.getUint32(entry, little)
  const [d, m, s] = [0, 8, 16].map(o => tiff.getUint32(at + o, little) / tiff.getUint32(at + o + 4, little)) as [number, number, number]
  const value = d + m / 60 + s / 3600
  return Number.isFinite(value) && value <= 180 ? value : null
}
