import { createServer, type Server, type Socket } from 'node:net'
import * as zlib from 'node:zlib'
import { KasperError, messageOf } from '@kasper/core'
import { type Decompress, decompressWith, Writer } from '@kasper/protocol'
import { lz4, snappy, zlibCodecs } from '@kasper/protocol/compression'
import type { Broker } from '../broker.ts'
import { Connection, type ConnectionOwner, MAX_FRAME_BYTES } from './connection.ts'
import { OpenConnections } from './open-connections.ts'
import { ServerState } from './server-state.ts'

/** Reads what clients have compressed, which may not become more than what they could have sent as it is. */
export const decompress: Decompress = decompressWith({ ...zlibCodecs(zlib), lz4, snappy }, MAX_FRAME_BYTES)

/** A broker's face to the network. */
export class KafkaServer implements ConnectionOwner {
  readonly state: ServerState
  readonly writer: Writer = new Writer()
  readonly #server: Server
  readonly connections: OpenConnections

  private constructor(broker: Broker) {
    this.state = new ServerState(broker)
    this.connections = new OpenConnections(broker.clock)
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

  /** Closes all connections. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.connections.close()
    this.state.broker.faults.watchers.delete(this.#dropWhileAway)
    this.state.close()
    await closed
  }

  /** A broker that has gone away answers nobody, and takes no connection; a client that is cut off has none. */
  readonly #dropWhileAway = (): void => {
    const { faults } = this.state.broker
    for (const { socket, clientId } of this.connections) if (!faults.canReach(clientId)) socket.destroy()
  }

  #accept(socket: Socket): void {
    if (this.state.broker.faults.isAway()) {
      socket.destroy()
      return
    }
    const connection = new Connection(socket, this)
    this.connections.add(connection)
    socket.on('close', () => this.connections.delete(connection))
  }

  #listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const refuse = (cause: Error): void => {
        const message = `Cannot listen on ${host}:${port}: ${messageOf(cause)}; choose another port, or 0 for any that is free`
        reject(new KasperError('BROKER_UNREACHABLE', message, { cause }))
      }
      this.#server.once('error', refuse)
      this.#server.listen(port, host, 4096, () => {
        this.#server.off('error', refuse)
        // A connection that could not be taken, because the process has too many open.
        this.#server.on('error', () => this.connections.makeRoom())
        const address = this.#server.address()
        this.state.host = host
        this.state.port = address !== null && typeof address === 'object' ? address.port : port
        resolve()
      })
    })
  }
}
