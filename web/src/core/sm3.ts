/* SM3 (GB/T 32905), for a file on this device: browsers have no such hash of their own. */

const START = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e]
const turn = (x: number, n: number) => (x << (n % 32)) | (x >>> (32 - (n % 32)) % 32)
const spread = (x: number) => x ^ turn(x, 15) ^ turn(x, 23)

function padded(bytes: Uint8Array): DataView {
  const room = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  room.set(bytes)
  room[bytes.length] = 0x80
  const view = new DataView(room.buffer)
  view.setUint32(room.length - 8, Math.floor(bytes.length / 0x20000000))
  view.setUint32(room.length - 4, (bytes.length << 3) >>> 0)
  return view
}

/* The words of a block, spread out. */
function words(view: DataView, at: number): number[] {
  const w: number[] = []
  for (let j = 0; j < 16; j++) w.push(view.getUint32(at + 4 * j))
  for (let j = 16; j < 68; j++) w.push(spread(w[j - 16]! ^ w[j - 9]! ^ turn(w[j - 3]!, 15)) ^ turn(w[j - 13]!, 7) ^ w[j - 6]!)
  return w
}

function compress(state: number[], w: number[]): number[] {
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number]
  for (let j = 0; j < 64; j++) {
    const early = j < 16
    const ss1 = turn((turn(a, 12) + e + turn(early ? 0x79cc4519 : 0x7a879d8a, j)) | 0, 7)
    const tt1 = ((early ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + (ss1 ^ turn(a, 12)) + (w[j]! ^ w[j + 4]!)) | 0
    const tt2 = ((early ? e ^ f ^ g : (e & f) | (~e & g)) + h + ss1 + w[j]!) | 0
    ;[d, c, b, a] = [c, turn(b, 9), a, tt1]
    ;[h, g, f, e] = [g, turn(f, 19), e, tt2 ^ turn(tt2, 9) ^ turn(tt2, 17)]
  }
  return [a, b, c, d, e, f, g, h].map((one, i) => one ^ state[i]!)
}

export function sm3(bytes: Uint8Array): string {
  const view = padded(bytes)
  let state = START
  for (let at = 0; at < view.byteLength; at += 64) state = compress(state, words(view, at))
  return state.map(one => (one >>> 0).toString(16).padStart(8, '0')).join('')
}
