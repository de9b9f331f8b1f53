// The server side of PLAIN and SCRAM, with Kafka's messages and errors.
import { Buffer } from 'node:buffer'
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { KasperError } from '@kasper/core'
import { SaslRefusal } from './sasl-refusal.ts'

/** An authentication mechanism. `PLAIN` sends the password; the others only prove that the client knows it. */
export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

/** The users who may connect. */
export interface SaslOptions {
  /** The passwords, by user name. */
  readonly users: Readonly<Record<string, string>>
  /** The mechanisms that clients may use. @default all of them */
  readonly mechanisms?: readonly SaslMechanism[] | undefined
}

/** One attempt of a client to authenticate. */
export interface SaslExchange {
  /** Whether the client has authenticated. */
  readonly isComplete: boolean
  /** Answers the client's next message. Throws a {@link SaslRefusal} if the authentication fails. */
  respond(message: Uint8Array): Uint8Array
}

/** The data that SCRAM stores for a password. */
interface ScramCredential {
  readonly salt: Uint8Array
  readonly storedKey: Uint8Array
  readonly serverKey: Uint8Array
}

/** Kafka's minimum and default. */
const ITERATIONS = 4096

const hashes: Readonly<Record<string, string>> = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-512': 'sha512' }
const allMechanisms: readonly SaslMechanism[] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']
const strict = new TextDecoder('utf-8', { fatal: true })
const utf8 = new TextEncoder()

/** The users of one server. */
export class SaslUsers {
  readonly mechanisms: readonly SaslMechanism[]
  readonly #users: ReadonlyMap<string, string>
  /** Derived on demand, because that takes time. */
  readonly #credentials = new Map<string, ScramCredential>()

  /** Throws `CONFIG_INVALID`. */
  constructor({ users, mechanisms = allMechanisms }: SaslOptions) {
    this.#users = new Map(Object.entries(users))
    this.mechanisms = mechanisms
    const unknown = mechanisms.find((one) => !allMechanisms.includes(one))
    if (unknown !== undefined || mechanisms.length === 0) {
      const message = `sasl.mechanisms contains ${unknown ?? 'nothing'}; it may contain ${allMechanisms.join(', ')}`
      throw new KasperError('CONFIG_INVALID', message)
    }
    if (this.#users.size === 0 || [...this.#users].some((entry) => entry.includes('')))
      throw new KasperError('CONFIG_INVALID', 'sasl.users needs at least one user, with a non-empty name and password')
  }

  /** Starts an attempt; `undefined` if the mechanism is not supported. */
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
    if (user === '') throw publicRefusal('username not specified')
    if (password === '') throw publicRefusal('password not specified')
    const expected = this.#passwordOf(user)
    // Compares in any case, so that the response time does not reveal whether the user exists.
    const isCorrect = timingSafeEqual(digest(password), digest(expected ?? ''))
    if (!isCorrect || expected === undefined) throw publicRefusal('Invalid username or password')
    checkAuthorization(authorizationId, user)
    this.isComplete = true
    return new Uint8Array(0)
  }
}

// The messages of RFC 5802, as Kafka parses them.
const CLIENT_FIRST =
  /^n,(?:a=((?:[^=,\0]|=2C|=3D)+))?,((?:m=[^,\0]+,)?n=((?:[^=,\0]|=2C|=3D)+),r=([\x21-\x2b\x2d-\x7e]+)((?:,[A-Za-z]+=[^,\0]+)*))$/
const CLIENT_FINAL = /^(c=[A-Za-z0-9+/=]+,r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-z]+=[^,\0]+)*),p=([A-Za-z0-9+/=]+)$/

/** The state between the client's two messages. */
interface ScramState {
  readonly credential: ScramCredential
  readonly nonce: string
  readonly messages: string
}

class ScramExchange implements SaslExchange {
  isComplete = false
  readonly #hash: string
  readonly #credentialOf: (user: string) => ScramCredential | undefined
  #state: ScramState | undefined

  constructor(hash: string, credentialOf: (user: string) => ScramCredential | undefined) {
    this.#hash = hash
    this.#credentialOf = credentialOf
  }

  respond(message: Uint8Array): Uint8Array {
    return utf8.encode(
      this.#state === undefined ? this.#firstMessage(textOf(message)) : this.#finalMessage(textOf(message), this.#state),
    )
  }

  #firstMessage(message: string): string {
    const [, authorizationId = '', bare, saslName, clientNonce, extensions] = CLIENT_FIRST.exec(message) ?? []
    if (bare === undefined || saslName === undefined) throw refusal('Invalid SCRAM client first message format')
    const user = nameOf(saslName)
    // Delegation tokens are not supported.
    const credential = /,tokenauth=true/i.test(extensions ?? '') ? undefined : this.#credentialOf(user)
    if (credential === undefined) throw refusal('Authentication failed: Invalid user credentials')
    checkAuthorization(nameOf(authorizationId), user)
    const nonce = `${clientNonce}${randomBytes(18).toString('base64url')}`
    const answer = `r=${nonce},s=${toBase64(credential.salt)},i=${ITERATIONS}`
    this.#state = { credential, nonce, messages: `${bare},${answer}` }
    return answer
  }

  #finalMessage(message: string, { credential, nonce, messages }: ScramState): string {
    const [, withoutProof, clientFinalNonce, proof] = CLIENT_FINAL.exec(message) ?? []
    if (withoutProof === undefined || proof === undefined) throw refusal('Invalid SCRAM client final message format')
    if (clientFinalNonce !== nonce) throw refusal('Invalid client nonce in the final client message.')
    const authMessage = `${messages},${withoutProof}`
    const signature = hmac(this.#hash, credential.storedKey, authMessage)
    const proofBytes = Buffer.from(proof, 'base64')
    if (proofBytes.length !== signature.length) throw refusal('Invalid client credentials')
    const clientKey = signature.map((byte, i) => byte ^ proofBytes[i]!)
    const storedKey = createHash(this.#hash).update(clientKey).digest()
    if (!timingSafeEqual(storedKey, credential.storedKey)) throw refusal('Invalid client credentials')
    this.isComplete = true
    return `v=${toBase64(hmac(this.#hash, credential.serverKey, authMessage))}`
  }
}

function checkAuthorization(authorizationId: string, user: string): void {
  if (authorizationId !== '' && authorizationId !== user)
    throw publicRefusal('Client requested an authorization id that is different from username')
}

function publicRefusal(reason: string): SaslRefusal {
  return new SaslRefusal(`Authentication failed: ${reason}`, true)
}

function refusal(reason: string): SaslRefusal {
  return new SaslRefusal(reason, false)
}

function textOf(message: Uint8Array): string {
  try {
    return strict.decode(message)
  } catch {
    throw refusal('The message is not valid UTF-8')
  }
}

/** A user name, decoded from SCRAM's format. */
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
