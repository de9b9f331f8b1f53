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
import { unsupportedApiVersions } from './apis/api-versions.ts'
import { apiVersionsServed, servedApis } from './served-apis.ts'
import { answerUnderFaults } from './fault-answers.ts'
import type { OpenConnection, OpenConnections } from './open-connections.ts'
import { UnansweredError } from './unanswered-error.ts'
import { SaslLogin } from './sasl.ts'
import type { Logins } from './sasl-mechanisms.ts'
import type { Broker } from '../broker.ts'

/** As Kafka's `socket.request.max.bytes`. What a port scanner or a browser sends would be longer, if it were a frame. */
export const MAX_FRAME_BYTES = 104_857_600
/** How many elements the arrays of one request may have together; each costs a multiple of the bytes in which it came. */
const MAX_ELEMENTS = 1 << 18
/** For how many turns of the event loop an answer waits until others have been sent. */
const MAX_TURNS = 100
/** How much a client may have sent before its last request is answered. */
const MAX_AHEAD_BYTES = 1 << 20
/** How much of it somebody may send who has not logged in, as Kafka's `sasl.server.max.receive.size`. */
const MAX_LOGIN_BYTES = 524_288

/** How many writes of one client may wait for the disk together. */
const MAX_STORING = 100

/** What a server knows of a connection. */
export interface ConnectionOwner {
  readonly broker: Broker
  /** Writes every connection's answers, because each is written in one go. */
  readonly writer: Writer
  readonly connections: OpenConnections
  /** Who may connect; anybody, where it is not there. */
  readonly logins: Logins | undefined
}

/** One client's connection: its requests are answered one after the other, as Kafka does. */
export class ClientConnection implements OpenConnection {
  readonly socket: Socket
  /** The broker that it is connected to. */
  readonly nodeId: number
  readonly #owner: ConnectionOwner
  #frames = new FrameSplitter(MAX_FRAME_BYTES)
  readonly #clientHost: string
  #busy = false
  /** Bytes that came and belong to no request that was taken up. */
  #unread = 0
  /** Bytes of answers that the client has not taken. */
  #unsent = 0
  #requestNumber = 0
  #clientId = ''
  /** The last answer that waits for the disk, so that others stay behind it. */
  #storing: Promise<void> | undefined
  #storingCount = 0
  /** Until the client has logged in. */
  #login: SaslLogin | undefined

  constructor(socket: Socket, nodeId: number, owner: ConnectionOwner) {
    this.socket = socket
    this.nodeId = nodeId
    if (owner.logins !== undefined) this.#login = new SaslLogin(owner.logins)
    this.#owner = owner
    this.#clientHost = `/${socket.remoteAddress ?? ''}`
    socket.setNoDelay(true)
    socket.on('data', (chunk: Uint8Array) => {
      if (socket.writableEnded) return // it was refused, and is told so
      owner.connections.heard(this)
      this.#count(chunk.length)
      if (socket.destroyed) return // it was one too many
      this.#frames.push(chunk)
      if (this.#login !== undefined && this.#unread > MAX_LOGIN_BYTES) socket.destroy()
      if (this.#busy && this.#unread > MAX_AHEAD_BYTES) socket.pause()
      if (!this.#busy) void this.#serve()
    })
    socket.on('error', () => {}) // `close` follows
    socket.on('close', () => {
      this.#count(-this.#unread)
      this.#countUnsent(0)
    })
  }

  /** Closes it, and holds nothing that came from now on: that it is closed shows only after a turn of the event loop. */
  drop(): void {
    this.socket.destroy()
    this.#frames = new FrameSplitter(MAX_FRAME_BYTES)
    this.#count(-this.#unread)
  }

  /** How many bytes are held that came. */
  get unread(): number {
    return this.#unread
  }

  /** How many bytes are held that are to be sent. */
  get unsent(): number {
    return this.#unsent
  }

  /** The client's id, as its last request has it. */
  get clientId(): string {
    return this.#clientId
  }

  async #serve(): Promise<void> {
    this.#busy = true
    try {
      for (;;) {
        const frame = this.#frames.next()
        if (frame === undefined) break
        this.#count(-4 - frame.length)
        for (let turn = 0; turn < MAX_TURNS && this.#owner.connections.isFull; turn++) await setImmediate()
        const pending = this.#answer(frame)
        if (pending !== undefined) {
          if (this.#mayGoOn(frame)) this.#keepStoring(pending)
          else await pending
        }
        if (this.socket.destroyed || this.socket.writableEnded) return
        if (!this.socket.writableNeedDrain) continue
        this.#countUnsent(this.socket.writableLength)
        if (!(await drained(this.socket))) return
        this.#countUnsent(0)
        this.#owner.connections.heard(this)
      }
    } catch (error) {
      this.#drop(error)
    } finally {
      this.#busy = false
    }
    if (this.socket.isPaused()) this.socket.resume()
  }

  /** As Kafka does with whoever does not speak its protocol. */
  #drop(error: unknown): void {
    this.socket.destroy()
    if (!isClients(error)) process.emitWarning(error instanceof Error ? error : String(error))
  }

  /** Whether the next request is taken up, although this one has no answer yet: writes wait for the disk together. */
  #mayGoOn(frame: Uint8Array): boolean {
    const isWrite = frame[0] === 0 && frame[1] === produceApi.key
    return isWrite && this.#owner.broker.store !== undefined && this.#storingCount < MAX_STORING
  }

  #keepStoring(pending: Promise<void>): void {
    this.#storing = pending
    this.#storingCount++
    pending.then(
      () => {
        this.#storingCount--
        if (this.#storing === pending) this.#storing = undefined
      },
      (error: unknown) => this.#drop(error),
    )
  }

  #answer(frame: Uint8Array): Promise<void> | undefined {
    const login = this.#login
    if (login?.takesTokens === true) {
      this.#writeToken(login.token(frame))
      if (login.isDone) this.#login = undefined
      return undefined
    }
    const reader = new Reader(frame, 0, frame.length, MAX_ELEMENTS)
    const { requestApiKey, requestApiVersion: version, correlationId, clientId } = readRequestHeader(reader)
    const served = servedApis.get(requestApiKey)
    if (served === undefined) throw new CorruptMessageError(`API ${requestApiKey} is not offered`)
    const { api, maxVersion } = served
    if (version < api.minVersion || version > maxVersion) {
      if (served !== apiVersionsServed) throw new UnsupportedVersionError(api.name, version, api.minVersion, maxVersion)
      this.#write(api, 0, correlationId, unsupportedApiVersions(served))
      return undefined
    }
    const { broker } = this.#owner
    const { faults } = broker
    this.#clientId = clientId ?? ''
    if (!faults.canReach(this.#clientId)) throw new UnansweredError()
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
    const logsIn = login !== undefined && !login.takesVersions(api)
    const way = logsIn ? { ...served, handle: (asked: unknown) => login.answer(served, version, asked) } : served
    const response = faults.forRequests.size > 0 ? answerUnderFaults(way, request, context) : way.handle(request, context)
    if (login !== undefined) return this.#goOnWithLogin(login, logsIn, api, version, correlationId, response)
    if (this.#storing !== undefined)
      return Promise.all([response, this.#storing]).then(([late]) => this.#write(api, version, correlationId, late))
    if (response instanceof Promise) return response.then((late) => this.#write(api, version, correlationId, late))
    this.#write(api, version, correlationId, response)
    return undefined
  }

  /** Who could not log in is told so, and that is all. */
  async #goOnWithLogin(
    login: SaslLogin,
    logsIn: boolean,
    api: Api,
    version: number,
    correlationId: number,
    pending: unknown,
  ): Promise<void> {
    const response = await pending
    this.#write(api, version, correlationId, response)
    const { errorCode = errorCodes.NONE } = response as { readonly errorCode?: number }
    if (logsIn && errorCode !== errorCodes.NONE) this.socket.end(() => this.socket.destroy())
    if (!logsIn && errorCode === errorCodes.NONE) login.versionsTold()
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

  #count(bytes: number): void {
    this.#unread += bytes
    this.#owner.connections.countUnread(bytes)
  }

  #countUnsent(bytes: number): void {
    const more = bytes - this.#unsent
    this.#unsent = bytes
    this.#owner.connections.countUnsent(more)
  }
}

/** Whether this is a client's fault, and none of ours. */
function isClients(error: unknown): boolean {
  return error instanceof CorruptMessageError || error instanceof UnsupportedVersionError || error instanceof UnansweredError
}

/** Resolves when the client has taken what it was sent; `false` where it is gone. */
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
