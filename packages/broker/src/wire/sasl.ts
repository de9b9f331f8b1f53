// Authentication with SASL: SaslHandshake selects the mechanism, then SaslAuthenticate exchanges its messages. A client that sends any
// other request before, except one ApiVersions, is disconnected.
import { CorruptMessageError, type Api, errorCodes } from '@kasper/protocol'
import {
  apiVersionsApi,
  type SaslAuthenticateRequest,
  saslAuthenticateApi,
  type SaslHandshakeRequest,
  saslHandshakeApi,
} from '@kasper/protocol/messages'
import type { SaslUsers, SaslExchange } from './sasl-mechanisms.ts'
import { SaslRefusal } from './sasl-refusal.ts'
import type { ServedApi } from '../requests/served-api.ts'

/** The authentication of one connection. */
export class SaslLogin {
  readonly #users: SaslUsers
  /** A client may send ApiVersions once. In `tokens`, messages come without Kafka's headers, as old clients send them. */
  #stage: 'versions' | 'handshake' | 'authenticate' | 'tokens' | 'done' = 'versions'
  #mechanism = ''
  #exchange: SaslExchange | undefined

  constructor(users: SaslUsers) {
    this.#users = users
  }

  get isDone(): boolean {
    return this.#stage === 'done'
  }

  /** Whether the client sends the mechanism's messages without Kafka's headers. */
  get expectsToken(): boolean {
    return this.#stage === 'tokens'
  }

  /** Answers such a message. Throws if the authentication fails, because there is no way to answer with an error. */
  token(message: Uint8Array): Uint8Array {
    try {
      return this.#respond(message)
    } catch (error) {
      throw error instanceof SaslRefusal ? new CorruptMessageError(error.message) : error
    }
  }

  /** Throws if this request is not allowed now. The connection is then closed without an answer. */
  check({ api }: ServedApi): void {
    if (this.#stage === 'authenticate' || api === saslHandshakeApi || this.allowsApiVersions(api)) return
    throw new CorruptMessageError(`Unexpected request of type ${api.name} before authentication`)
  }

  /** Whether an ApiVersions request is allowed now. */
  allowsApiVersions(api: Api): boolean {
    return this.#stage === 'versions' && api === apiVersionsApi
  }

  /** Answers SaslHandshake or SaslAuthenticate. After an answer with an error, the connection is closed. */
  answer({ api }: ServedApi, version: number, request: unknown): object {
    if (this.#exchange === undefined) return this.#handshake(version, request as SaslHandshakeRequest)
    if (api === saslAuthenticateApi) return this.#authenticate(request as SaslAuthenticateRequest)
    return { errorCode: errorCodes.ILLEGAL_SASL_STATE }
  }

  /** Has to be called after an answer to ApiVersions. */
  apiVersionsAnswered(): void {
    this.#stage = 'handshake'
  }

  #handshake(version: number, { mechanism }: SaslHandshakeRequest): object {
    const { mechanisms } = this.#users
    this.#mechanism = mechanism
    this.#exchange = this.#users.start(mechanism)
    if (this.#exchange === undefined) return { errorCode: errorCodes.UNSUPPORTED_SASL_MECHANISM, mechanisms }
    this.#stage = version === 0 ? 'tokens' : 'authenticate'
    return { mechanisms }
  }

  #authenticate({ authBytes }: SaslAuthenticateRequest): object {
    try {
      return { authBytes: this.#respond(authBytes), errorMessage: '' }
    } catch (error) {
      if (!(error instanceof SaslRefusal)) throw error
      const generic = `Authentication failed during authentication due to invalid credentials with SASL mechanism ${this.#mechanism}`
      return { errorCode: errorCodes.SASL_AUTHENTICATION_FAILED, errorMessage: error.isPublic ? error.message : generic }
    }
  }

  #respond(message: Uint8Array): Uint8Array {
    const answer = this.#exchange!.respond(message)
    if (this.#exchange!.isComplete) this.#stage = 'done'
    return answer
  }
}
