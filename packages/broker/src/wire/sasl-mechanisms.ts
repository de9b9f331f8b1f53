// PLAIN and SCRAM, the server's side of them, with messages and refusals as Kafka has them.
import { Buffer } from 'node:buffer'
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { KasperError } from '@kasper/core'
import { SaslRefusal } from './sasl-refusal.ts'

/** How a client shows that it knows the password: `PLAIN` tells it, the others prove it. */
export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

/** Who may connect. */
export interface SaslOptions {
  /** The passwords, by the users' names. */
  readonly users: Readonly<Record<string, string>>
  /** @default all of them */
  readonly mechanisms?: readonly SaslMechanism[] | undefined
}

/** One client's attempt. */
export interface SaslExchange {
  /** Whether the client has come in. */
  readonly isComplete: boolean
  /** Answers the client's next message. Throws a {@link SaslRefusal}. */
  respond(message: Uint8Array): Uint8Array
}

/** What is kept of a password for SCRAM. */
interface ScramCredential {
  readonly salt: Uint8Array
  readonly storedKey: Uint8Array
  readonly serverKey: Uint8Array
}

/** Kafka's own least, and default. */
const ITERATIONS = 4096

const hashes: Readonly<Record<string, string>> = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-512': 'sha512' }
const allMechanisms: readonly SaslMechanism[] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']
const strict = new TextDecoder('utf-8', { fatal: true })
const utf8 = new TextEncoder()

/** The users of one Kafka. */
export class Logins {
  readonly mechanisms: readonly SaslMechanism[]
  readonly #users: ReadonlyMap<string, string>
  /** Derived when first needed, because that takes a while. */
  readonly #credentials = new Map<string, ScramCredential>()

  /** Throws `CONFIG_INVALID`. */
  constructor({ users, mechanisms = allMechanisms }: SaslOptions) {
    this.#users = new Map(Object.entries(users))
    this.mechanisms = mechanisms
    const unknown = mechanisms.find((one) => !allMechanisms.includes(one))
    if (unknown !== undefined || mechanisms.length === 0) {
      const message = `sasl.mechanisms has ${unknown ?? 'nothing'}; it may have ${allMechanisms.join(', ')}`
      throw new KasperError('CONFIG_INVALID', message)
    }
    if (this.#users.size === 0 || [...this.#users].some((entry) => entry.includes('')))
      throw new KasperError('CONFIG_INVALID', 'sasl.users needs a user, each with a name and a password that are not empty')
  }

  /** Begins an attempt; there is none where the mechanism is not offered. */
  start(mechanism: string): SaslExchange | undefined {
    if (!this.mechanisms.includes(mechanism as SaslMechanism)) return undefined
    if (mechanism === 'PLAIN') return new PlainExchange((user) => this.#users.get(user))
    const hash = hashes[mechanism]!
    return new ScramExchange(hash, (user) => this.#credential(hash, user))
  }

  #credential(hash: string, user: string): ScramCredential | undefined {
    const password = this.#users.get(user)
    if (password === undefined) return undefined
    const key = `${hash}/${user}`
    let credential = this.#credentials.get(key)
    if (credential === undefined) {
      const salt = randomBytes(20)
      const salted = pbkdf2Sync(password, salt, ITERATIONS, hash === 'sha512' ? 64 : 32, hash)
      const storedKey = createHash(hash)
        .update(hmac(hash, salted, 'Client Key'))
        .digest()
      credential = { salt, storedKey, serverKey: hmac(hash, salted, 'Server Key') }
      this.#credentials.set(key, credential)
    }
    return credential
  }
}

class PlainExchange implements SaslExchange {
  isComplete = false
  readonly #passwordOf: (user: string) => string | undefined

  constructor(passwordOf: (user: string) => string | undefined) {
    this.#passwordOf = passwordOf
  }

  respond(message: Uint8Array): Uint8Array {
    const tokens = textOf(message).split('\0')
    if (tokens.length !== 3) throw refusal(`Invalid SASL/PLAIN response: expected 3 tokens, got ${tokens.length}`)
    const [authorizationId, user, password] = tokens as [string, string, string]
    if (user === '') throw told('username not specified')
    if (password === '') throw told('password not specified')
    const expected = this.#passwordOf(user)
    // Compared in any case, so that the time says nothing of whether there is such a user.
    const isRight = timingSafeEqual(digest(password), digest(expected ?? ''))
    if (!isRight || expected === undefined) throw told('Invalid username or password')
    checkAuthorization(authorizationId, user)
    this.isComplete = true
    return new Uint8Array(0)
  }
}

// Of RFC 5802, as Kafka reads it.
const CLIENT_FIRST =
  /^n,(?:a=((?:[^=,\0]|=2C|=3D)+))?,((?:m=[^,\0]+,)?n=((?:[^=,\0]|=2C|=3D)+),r=([\x21-\x2b\x2d-\x7e]+)((?:,[A-Za-z]+=[^,\0]+)*))$/
const CLIENT_FINAL = /^(c=[A-Za-z0-9+/=]+,r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-z]+=[^,\0]+)*),p=([A-Za-z0-9+/=]+)$/

/** What was said until the client has to prove that it knows the password. */
interface Begun {
  readonly credential: ScramCredential
  readonly nonce: string
  readonly messages: string
}

class ScramExchange implements SaslExchange {
  isComplete = false
  readonly #hash: string
  readonly #credentialOf: (user: string) => ScramCredential | undefined
  #begun: Begun | undefined

  constructor(hash: string, credentialOf: (user: string) => ScramCredential | undefined) {
    this.#hash = hash
    this.#credentialOf = credentialOf
  }

  respond(message: Uint8Array): Uint8Array {
    return utf8.encode(this.#begun === undefined ? this.#begin(textOf(message)) : this.#finish(textOf(message), this.#begun))
  }

  #begin(message: string): string {
    const [, authorizationId = '', bare, saslName, clientNonce, extensions] = CLIENT_FIRST.exec(message) ?? []
    if (bare === undefined || saslName === undefined) throw refusal('Invalid SCRAM client first message format')
    const user = nameOf(saslName)
    // Delegation tokens, which there are none of.
    const credential = /,tokenauth=true/i.test(extensions ?? '') ? undefined : this.#credentialOf(user)
    if (credential === undefined) throw refusal('Authentication failed: Invalid user credentials')
    checkAuthorization(nameOf(authorizationId), user)
    const nonce = `${clientNonce}${randomBytes(18).toString('base64url')}`
    const answer = `r=${nonce},s=${toBase64(credential.salt)},i=${ITERATIONS}`
    this.#begun = { credential, nonce, messages: `${bare},${answer}` }
    return answer
  }

  #finish(message: string, { credential, nonce, messages }: Begun): string {
    const [, withoutProof, saidNonce, proof] = CLIENT_FINAL.exec(message) ?? []
    if (withoutProof === undefined || proof === undefined) throw refusal('Invalid SCRAM client final message format')
    if (saidNonce !== nonce) throw refusal('Invalid client nonce in the final client message.')
    const said = `${messages},${withoutProof}`
    const signature = hmac(this.#hash, credential.storedKey, said)
    const proven = Buffer.from(proof, 'base64')
    if (proven.length !== signature.length) throw refusal('Invalid client credentials')
    const clientKey = signature.map((byte, i) => byte ^ proven[i]!)
    const storedKey = createHash(this.#hash).update(clientKey).digest()
    if (!timingSafeEqual(storedKey, credential.storedKey)) throw refusal('Invalid client credentials')
    this.isComplete = true
    return `v=${toBase64(hmac(this.#hash, credential.serverKey, said))}`
  }
}

function checkAuthorization(authorizationId: string, user: string): void {
  if (authorizationId !== '' && authorizationId !== user)
    throw told('Client requested an authorization id that is different from username')
}

function told(reason: string): SaslRefusal {
  return new SaslRefusal(`Authentication failed: ${reason}`, true)
}

function refusal(reason: string): SaslRefusal {
  return new SaslRefusal(reason, false)
}

function textOf(message: Uint8Array): string {
  try {
    return strict.decode(message)
  } catch {
    throw refusal('The message is no UTF-8')
  }
}

/** A user's name, as SCRAM writes it. */
function nameOf(saslName: string): string {
  return saslName.replaceAll('=2C', ',').replaceAll('=3D', '=')
}

function hmac(hash: string, key: Uint8Array, text: string): Uint8Array {
  return createHmac(hash, key).update(text).digest()
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
