import { createServer, type Server, type Socket } from 'node:net'
import * as zlib from 'node:zlib'
import { KasperError, messageOf } from '@kasper/core'
import { type Decompress, decompressWith, Writer } from '@kasper/protocol'
import { lz4, snappy, zlibCodecs } from '@kasper/protocol/compression'
import type { Broker } from '../broker.ts'
import { Connection, type ConnectionOwner } from './connection.ts'
import { ServerState } from './server-state.ts'

/** Reads what clients have compressed. */
export const decompress: Decompress = decompressWith({ ...zlibCodecs(zlib), lz4, snappy })

/** How many bytes of unfinished requests all connections together may hold. */
const MAX_HELD_BYTES = 512 * 1024 * 1024

/** A broker's face to the network. */
export class KafkaServer implements ConnectionOwner {
  readonly state: ServerState
  readonly writer: Writer = new Writer()
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  #heldBytes = 0

  private constructor(broker: Broker) {
    this.state = new ServerState(broker)
    this.#server = createServer((socket) => this.#accept(socket))
    broker.faults.watchers.add(this.#dropWhileAway)
  }

  /** Resolves when it can be connected to. Throws `BROKER_UNREACHABLE` where the port is taken. */
  static async listen(broker: Broker, host: string, port: number): Promise<KafkaServer> {
    const server = new KafkaServer(broker)
    await server.#listen(host, port)
    return server
  }

  /** Where it listens, as clients want to have it. */
  get address(): string {
    const { host, port } = this.state
    return `${host.includes(':') ? `[${host}]` : host}:${port}`
  }

  held(connection: Connection, bytes: number): void {
    this.#heldBytes += bytes
    if (bytes <= 0 || this.#heldBytes <= MAX_HELD_BYTES) return
    // Whoever holds most is the one to go.
    let most = connection
    for (const one of this.#connections) if (one.unread > most.unread) most = one
    most.socket.destroy()
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const { socket } of this.#connections) socket.destroy()
    this.state.broker.faults.watchers.delete(this.#dropWhileAway)
    this.state.close()
    await closed
  }

  /** A broker that has gone away answers nobody, and takes no connection; a client that is cut off has none. */
  readonly #dropWhileAway = (): void => {
    const { faults } = this.state.broker
    for (const { socket, clientId } of this.#connections) if (!faults.canReach(clientId)) socket.destroy()
  }

  #accept(socket: Socket): void {
    if (this.state.broker.faults.isAway()) {
      socket.destroy()
      return
    }
    const connection = new Connection(socket, this)
    this.#connections.add(connection)
    socket.on('close', () => this.#connections.delete(connection))
  }

  #listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause) => {
        const message = `Cannot listen on ${host}:${port}: ${messageOf(cause)}; choose another port, or 0 for any that is free`
        reject(new KasperError('BROKER_UNREACHABLE', message, { cause }))
      })
      this.#server.listen(port, host, 4096, () => {
        const address = this.#server.address()
        this.state.host = host
        this.state.port = address !== null && typeof address === 'object' ? address.port : port
        resolve()
      })
    })
  }
}
