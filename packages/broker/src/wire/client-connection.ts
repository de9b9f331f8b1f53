import type { Socket } from 'node:net'
import process from 'node:process'
import { setImmediate } from 'node:timers/promises'
import {
  type Api,
  CorruptMessageError,
  errorCodes,
  FrameSplitter,
  Reader,
  readRequestHeader,
  UnsupportedVersionError,
  type Writer,
  writeResponseFrame,
} from '@kasper/protocol'
import { produceApi } from '@kasper/protocol/messages'
import type { Broker } from '../broker.ts'
import { unsupportedApiVersions } from '../requests/apis/api-versions.ts'
import { answer } from '../requests/fault-answers.ts'
import type { OpenConnection, OpenConnections } from './open-connections.ts'
import type { SaslUsers } from './sasl-mechanisms.ts'
import { SaslLogin } from './sasl.ts'
import { apiVersionsServed, servedApis } from '../requests/served-apis.ts'
import { UnansweredError } from '../requests/unanswered-error.ts'

/** Kafka's `socket.request.max.bytes`. The first bytes of a port scanner or a browser, read as a frame length, are larger. */
export const MAX_FRAME_BYTES = 104_857_600
/** How many array elements a request may have. Each takes many times its encoded size in memory. */
const MAX_ELEMENTS = 1 << 18
/** For how many turns of the event loop a request waits until answers to other clients are sent. */
const MAX_TURNS = 100
/** How many bytes a client may send while its last request is not answered. */
const MAX_AHEAD_BYTES = 1 << 20
/** How many bytes a client may send before it has authenticated: Kafka's `sasl.server.max.receive.size`. */
const MAX_LOGIN_BYTES = 524_288

/** How many writes of one client may wait for the disk at the same time. */
const MAX_PENDING_STORES = 100

/** The server, as a connection needs it. */
export interface ConnectionOwner {
  readonly broker: Broker
  /** Encodes the answers of all connections, one answer at a time. */
  readonly writer: Writer
  readonly connections: OpenConnections
  /** The users who may connect; `undefined` if no client has to authenticate. */
  readonly users: SaslUsers | undefined
}

/** A client's connection. As in Kafka, requests are answered in order, one at a time. */
export class ClientConnection implements OpenConnection {
  readonly socket: Socket
  /** The broker that the client has connected to. */
  readonly nodeId: number
  readonly #owner: ConnectionOwner
  #frames = new FrameSplitter(MAX_FRAME_BYTES)
  readonly #clientHost: string
  #busy = false
  /** How many received bytes do not belong to a request that is handled yet. */
  #unread = 0
  /** How many bytes of answers the client has not read. */
  #unsent = 0
  #requestNumber = 0
  #clientId = ''
  /** The last answer that waits for the disk. Later answers wait for it. */
  #pendingStore: Promise<void> | undefined
  #pendingStoreCount = 0
  /** Set until the client has authenticated. */
  #login: SaslLogin | undefined

  constructor(socket: Socket, nodeId: number, owner: ConnectionOwner) {
    this.socket = socket
    this.nodeId = nodeId
    if (owner.users !== undefined) this.#login = new SaslLogin(owner.users)
    this.#owner = owner
    this.#clientHost = `/${socket.remoteAddress ?? ''}`
    socket.setNoDelay(true)
    socket.on('data', (chunk: Uint8Array) => {
      if (socket.writableEnded) return // the client was refused
      owner.connections.recordActivity(this)
      this.#countUnread(chunk.length)
      if (socket.destroyed) return // too many bytes on all connections
      this.#frames.push(chunk)
      if (this.#login !== undefined && this.#unread > MAX_LOGIN_BYTES) socket.destroy()
      if (this.#busy && this.#unread > MAX_AHEAD_BYTES) socket.pause()
      if (!this.#busy) void this.#serve()
    })
    socket.on('error', () => {}) // a `close` event follows
    socket.on('close', () => {
      this.#countUnread(-this.#unread)
      this.#countUnsent(0)
    })
  }

  /** Closes the connection, and frees its unread bytes at once. The `close` event comes only in a later turn of the event loop. */
  drop(): void {
    this.socket.destroy()
    this.#frames = new FrameSplitter(MAX_FRAME_BYTES)
    this.#countUnread(-this.#unread)
  }

  get unread(): number {
    return this.#unread
  }

  get unsent(): number {
    return this.#unsent
  }

  get clientId(): string {
    return this.#clientId
  }

  async #serve(): Promise<void> {
    this.#busy = true
    try {
      for (;;) {
        const frame = this.#frames.next()
        if (frame === undefined) break
        this.#countUnread(-4 - frame.length)
        for (let turn = 0; turn < MAX_TURNS && this.#owner.connections.isFull; turn++) await setImmediate()
        const pending = this.#handle(frame)
        if (pending !== undefined) {
          if (this.#canHandleNext(frame)) this.#waitForStore(pending)
          else await pending
        }
        if (this.socket.destroyed || this.socket.writableEnded) return
        if (!this.socket.writableNeedDrain) continue
        this.#countUnsent(this.socket.writableLength)
        if (!(await drained(this.socket))) return
        this.#countUnsent(0)
        this.#owner.connections.recordActivity(this)
      }
    } catch (error) {
      this.#closeOnError(error)
    } finally {
      this.#busy = false
    }
    if (this.socket.isPaused()) this.socket.resume()
  }

  /** Closes the connection, as Kafka does when a client violates the protocol. */
  #closeOnError(error: unknown): void {
    this.socket.destroy()
    if (!isClientError(error)) process.emitWarning(error instanceof Error ? error : String(error))
  }

  /** Whether the next request is handled before this one is answered, because several writes can wait for the disk together. */
  #canHandleNext(frame: Uint8Array): boolean {
    const isWrite = frame[0] === 0 && frame[1] === produceApi.key
    return isWrite && this.#owner.broker.store !== undefined && this.#pendingStoreCount < MAX_PENDING_STORES
  }

  #waitForStore(pending: Promise<void>): void {
    this.#pendingStore = pending
    this.#pendingStoreCount++
    pending.then(
      () => {
        this.#pendingStoreCount--
        if (this.#pendingStore === pending) this.#pendingStore = undefined
      },
      (error: unknown) => this.#closeOnError(error),
    )
  }

  #handle(frame: Uint8Array): Promise<void> | undefined {
    const login = this.#login
    if (login?.expectsToken === true) {
      this.#writeToken(login.token(frame))
      if (login.isDone) this.#login = undefined
      return undefined
    }
    const reader = new Reader(frame, 0, frame.length, MAX_ELEMENTS)
    const { requestApiKey, requestApiVersion: version, correlationId, clientId } = readRequestHeader(reader)
    const served = servedApis.get(requestApiKey)
    if (served === undefined) throw new CorruptMessageError(`API ${requestApiKey} is not supported`)
    const { api, maxVersion } = served
    if (version < api.minVersion || version > maxVersion) {
      if (served !== apiVersionsServed) throw new UnsupportedVersionError(api.name, version, api.minVersion, maxVersion)
      this.#write(api, 0, correlationId, unsupportedApiVersions(served))
      return undefined
    }
    const { broker } = this.#owner
    const { faults } = broker
    this.#clientId = clientId ?? ''
    if (!faults.canReach({ clientId: this.#clientId })) throw new UnansweredError()
    login?.check(served)
    const context = {
      broker,
      nodeId: this.nodeId,
      version,
      clientId: this.#clientId,
      clientHost: this.#clientHost,
      requestNumber: this.#requestNumber++,
    }
    const request = api.readRequest(reader, version)
    const isLoginRequest = login !== undefined && !login.allowsApiVersions(api)
    const handler = isLoginRequest ? { ...served, handle: (asked: unknown) => login.answer(served, version, asked) } : served
    const response = answer(handler, request, context)
    if (login !== undefined) return this.#answerBeforeLogin(login, isLoginRequest, api, version, correlationId, response)
    if (this.#pendingStore !== undefined)
      return Promise.all([response, this.#pendingStore]).then(([late]) => this.#write(api, version, correlationId, late))
    if (response instanceof Promise) return response.then((late) => this.#write(api, version, correlationId, late))
    this.#write(api, version, correlationId, response)
    return undefined
  }

  /** Answers a request before the client has authenticated. Closes the connection if the authentication fails. */
  async #answerBeforeLogin(
    login: SaslLogin,
    isLoginRequest: boolean,
    api: Api,
    version: number,
    correlationId: number,
    pending: unknown,
  ): Promise<void> {
    const response = await pending
    this.#write(api, version, correlationId, response)
    const { errorCode = errorCodes.NONE } = response as { readonly errorCode?: number }
    if (isLoginRequest && errorCode !== errorCodes.NONE) this.socket.end(() => this.socket.destroy())
    if (!isLoginRequest && errorCode === errorCodes.NONE) login.apiVersionsAnswered()
    if (login.isDone) this.#login = undefined
  }

  #writeToken(token: Uint8Array): void {
    const frame = new Uint8Array(4 + token.length)
    new DataView(frame.buffer).setInt32(0, token.length)
    frame.set(token, 4)
    this.socket.write(frame)
  }

  #write(api: Api, version: number, correlationId: number, response: unknown): void {
    const { writer } = this.#owner
    if (this.socket.destroyed || response === undefined) return
    writeResponseFrame(writer, api, version, correlationId, response as object)
    const parts = writer.takeParts()
    if (parts.length > 1) this.socket.cork()
    for (const part of parts) this.socket.write(part)
    if (parts.length > 1) this.socket.uncork()
  }

  #countUnread(bytes: number): void {
    this.#unread += bytes
    this.#owner.connections.countUnread(bytes)
  }

  #countUnsent(bytes: number): void {
    const more = bytes - this.#unsent
    this.#unsent = bytes
    this.#owner.connections.countUnsent(more)
  }
}

/** Whether the error is the client's fault. */
function isClientError(error: unknown): boolean {
  return error instanceof CorruptMessageError || error instanceof UnsupportedVersionError || error instanceof UnansweredError
}

/** Resolves when the client has read its answers, with `false` if the connection is closed. */
function drained(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve(!socket.destroyed)
    }
    socket.on('drain', done)
    socket.on('close', done)
  })
}
