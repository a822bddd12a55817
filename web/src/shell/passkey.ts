/* The browser's side of passkeys: what the server asks, as the authenticator wants it, and its answer as it goes back. */
import type { Challenge, PasskeyMade, PasskeyShown } from '../core/types'

const WAIT_MS = 120_000
const ALGORITHMS = [-7, -8, -257]

/* Only with TLS or on this machine, and only under a name. */
export function canPasskey(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && isSecureContext && !/^[\d.]+$|:/.test(location.hostname)
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(plain, c => c.charCodeAt(0))
}

function text(buffer: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

const known = (ids: string[]) => ids.map(id => ({ type: 'public-key' as const, id: bytes(id) }))

/* Null: it was called off, or there is none here. */
export async function makePasskey(asked: Challenge): Promise<PasskeyMade | null> {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(asked.challenge), timeout: WAIT_MS, attestation: 'none',
      rp: { id: asked.rp, name: asked.rp_name },
      user: { id: bytes(asked.user ?? ''), name: asked.login ?? '', displayName: asked.name ?? '' },
      pubKeyCredParams: ALGORITHMS.map(alg => ({ type: 'public-key', alg })),
      excludeCredentials: known(asked.credentials),
      authenticatorSelection: { userVerification: 'preferred', residentKey: 'discouraged' },
    },
  }).catch(() => null) as PublicKeyCredential | null
  if (!made) return null
  const answer = made.response as AuthenticatorAttestationResponse
  return {
    client_data: text(answer.clientDataJSON), authenticator: text(answer.getAuthenticatorData()),
    algorithm: answer.getPublicKeyAlgorithm(),
  }
}

export async function showPasskey(asked: Challenge): Promise<PasskeyShown | null> {
  const shown = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(asked.challenge), timeout: WAIT_MS, rpId: asked.rp,
      allowCredentials: known(asked.credentials), userVerification: 'preferred',
    },
  }).catch(() => null) as PublicKeyCredential | null
  if (!shown) return null
  const answer = shown.response as AuthenticatorAssertionResponse
  return {
    credential: text(shown.rawId), client_data: text(answer.clientDataJSON),
    authenticator: text(answer.authenticatorData), signature: text(answer.signature),
  }
}
