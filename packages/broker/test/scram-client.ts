// The client side of SCRAM, for tests. Each step can be changed.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'

/** The client's credentials, and its changes to the exchange. */
export interface ScramOptions {
  readonly user: string
  readonly password: string
  readonly mechanism: string
  /** Sends a message, and resolves with the answer. */
  readonly exchange: (message: string) => Promise<string>
  /** Changes the nonce of the last message, with a proof of the change. */
  readonly lastNonce?: (nonce: string) => string
  /** Changes the last message. */
  readonly spoil?: (message: string) => string
}

/** Authenticates. Resolves with whether the server has proven that it knows the password. */
export async function scram({
  user,
  password,
  mechanism,
  exchange,
  lastNonce = (nonce) => nonce,
  spoil = (text) => text,
}: ScramOptions): Promise<boolean> {
  const hash = mechanism === 'SCRAM-SHA-512' ? 'sha512' : 'sha256'
  const hmac = (key: Uint8Array, text: string): Uint8Array => createHmac(hash, key).update(text).digest()
  const bare = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=nonce-of-the-client`
  const answer = await exchange(`n,,${bare}`)
  const { r: nonce, s: salt, i: iterations } = Object.fromEntries(answer.split(',').map((part) => [part[0]!, part.slice(2)]))
  const salted = pbkdf2Sync(password, Buffer.from(salt!, 'base64'), Number(iterations), hash === 'sha512' ? 64 : 32, hash)
  const clientKey = hmac(salted, 'Client Key')
  const last = `c=biws,r=${lastNonce(nonce!)}`
  const messages = `${bare},${answer},${last}`
  const signature = hmac(createHash(hash).update(clientKey).digest(), messages)
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!)).toString('base64')
  const end = await exchange(spoil(`${last},p=${proof}`))
  return end === `v=${Buffer.from(hmac(hmac(salted, 'Server Key'), messages)).toString('base64')}`
}
