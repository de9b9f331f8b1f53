// The simplest client for tests: one connection, any API in any version.
import { connect, type Socket } from 'node:net'
import { type Api, type Draft, FrameSplitter, readResponseFrame, Writer, writeRequestFrame } from '@kasper/protocol'

/** Sends requests, and waits for each answer. */
export class RawClient implements AsyncDisposable {
  readonly socket: Socket
  readonly #frames = new FrameSplitter(1 << 30)
  readonly #writer = new Writer()
  #waiting: ((frame: Uint8Array | undefined) => void)[] = []
  #correlationId = 0
  #closed = false

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Uint8Array) => {
      this.#frames.push(chunk)
      for (let frame = this.#frames.next(); frame !== undefined; frame = this.#frames.next()) this.#waiting.shift()?.(frame)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#closed = true
      for (const waiting of this.#waiting) waiting(undefined)
    })
  }

  /** Uses an open connection. */
  static over(socket: Socket): RawClient {
    return new RawClient(socket)
  }

  static connect(broker: string): Promise<RawClient> {
    const [host, port] = broker.split(':')
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), host)
      socket.once('error', reject)
      socket.once('connect', () => resolve(new RawClient(socket)))
    })
  }

  /** Sends a request, and resolves with its answer. Rejects if the connection is closed. */
  async call<Request, Response>(api: Api<Request, Response>, version: number, request: Draft<Request>): Promise<Response> {
    const correlationId = ++this.#correlationId
    writeRequestFrame(this.#writer, api, version, { correlationId, clientId: 'raw' }, request)
    const frame = await this.send(this.#writer.take())
    if (frame === undefined) throw new Error('the connection was closed')
    const answer = readResponseFrame(api, version, frame)
    if (answer.correlationId !== correlationId) throw new Error('an answer to something else')
    return answer.response
  }

  /** Sends these bytes. Resolves with the next frame, or `undefined` if the connection is closed. */
  send(bytes: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#closed) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.socket.write(bytes)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy()
  }
}
