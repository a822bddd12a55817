/* A photo from the camera or the album, made ready to send: its position read first, then at most 2560 pixels and
 * JPEG, so that a phone's traffic and patience are spared.  What the browser cannot open is refused in words. */
import type { Point } from '../core/coords'
import { photoPlace } from '../core/exif'
import { newKey } from './net'

export interface Picked {
  key: string
  bytes: Blob
  type: string
  place: Point | null
  picture: ImageBitmap | null      /* small, for the preview; a canvas needs no blob: address */
  id: string | null
  progress: number                 /* 0 to 1 on the way up */
  says: string | null
}

const SIDE_MAX = 2560
const PREVIEW_SIDE = 320
const QUALITY = 0.86
const EXIF_REACH = 256 * 1024

export async function readyPhoto(file: File): Promise<Picked> {
  const place = await placeOf(file)
  const picture = await createImageBitmap(file).catch(() => { throw new Error(unreadable(file)) })
  const bytes = await jpeg(picture, file)
  const preview = await createImageBitmap(picture, { resizeWidth: fit(picture, PREVIEW_SIDE), resizeQuality: 'medium' })
  picture.close()
  return { key: newKey(), bytes, type: bytes.type, place, picture: preview, id: null, progress: 0, says: null }
}

/* One that was made ready before, from its bytes. */
export async function photoAgain(key: string, bytes: Blob): Promise<Picked> {
  const picture = await createImageBitmap(bytes, { resizeWidth: PREVIEW_SIDE, resizeQuality: 'medium' }).catch(() => null)
  return { key, bytes, type: bytes.type, place: null, picture, id: null, progress: 0, says: null }
}

async function placeOf(file: File): Promise<Point | null> {
  if (file.type !== 'image/jpeg') return null
  return photoPlace(new Uint8Array(await file.slice(0, EXIF_REACH).arrayBuffer()))
}

async function jpeg(picture: ImageBitmap, file: File): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = fit(picture, SIDE_MAX)
  canvas.height = Math.round((canvas.width * picture.height) / picture.width)
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const bytes = await new Promise<Blob | null>(done => canvas.toBlob(done, 'image/jpeg', QUALITY))
  if (!bytes) throw new Error(unreadable(file))
  return bytes
}

function fit({ width, height }: ImageBitmap, side: number): number {
  return Math.max(1, Math.round(width * Math.min(1, side / Math.max(width, height))))
}

function unreadable(file: File): string {
  return /\.hei[cf]$/i.test(file.name) || /hei[cf]/.test(file.type)
    ? '这台手机打不开 HEIC 照片。请在相机设置里改成“兼容性最佳”，或者截一张图再选。'
    : '这张照片打不开，请换一张，或者重新拍。'
}
