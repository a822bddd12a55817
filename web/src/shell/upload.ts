/* Sends photos as soon as they are picked, so that sending the form waits for nothing. */
import { createApi } from '../core/api'
import { sentence } from '../core/problem'
import { newKey, sendWithProgress } from './net'
import type { Picked } from './photo'

export async function upload(photo: Picked): Promise<void> {
  photo.says = null
  const api = createApi(request => sendWithProgress(request, done => { photo.progress = done }), newKey)
  try {
    photo.id = (await api.sendPhoto(photo.bytes, photo.type, photo.key)).id
  } catch (error) {
    photo.says = sentence(error)
  }
}
