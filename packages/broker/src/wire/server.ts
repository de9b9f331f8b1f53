import { createServer, type Server, type Socket } from 'node:net'
import * as zlib from 'node:zlib'
import { KasperError } from '@kasper/core'
import { messageOf } from '@kasper/core/adapter'
import { type Decompress, decompressWith, Writer } from '@kasper/protocol'
import { lz4, snappy, zlibCodecs } from '@kasper/protocol/compression'
import { type BrokerNode, FIRST_BROKER } from '../broker-layout.ts'
import type { Broker } from '../broker.ts'
import { ClientConnection, type ConnectionOwner, MAX_FRAME_BYTES } from './client-connection.ts'
import { OpenConnections } from './open-connections.ts'
import type { SaslUsers, SaslOptions } from './sasl-mechanisms.ts'
import type { TlsListener, TlsOptions } from './tls.ts'

/** Decompresses batches of clients. Limits the decompressed size to that of an uncompressed request. */
export const decompress: Decompress = decompressWith({ ...zlibCodecs(zlib), lz4, snappy }, MAX_FRAME_BYTES)

/** A limit that only a mistake exceeds. */
const MAX_BROKERS = 100
const MAX_PORT = 65_535

/** Where the server listens, and how. */
export interface ServerOptions {
  readonly host: string
  /** The port of the first broker; the other brokers use the next ports. 0 for any free ports. */
  readonly port: number
  readonly brokers?: number | undefined
  readonly sasl?: SaslOptions | undefined
  readonly tls?: TlsOptions | undefined
  /** The time limit of a TLS handshake. @default 10000 */
  readonly handshakeTimeoutMs?: number | undefined
}

/** Accepts connections to the brokers, with one listener for each broker. */
export class KafkaServer implements ConnectionOwner {
  readonly broker: Broker
  readonly writer: Writer = new Writer()
  readonly connections: OpenConnections
  users: SaslUsers | undefined
  readonly #servers: Server[] = []
  readonly #encrypted: TlsListener[] = []

  private constructor(broker: Broker) {
    this.broker = broker
    this.connections = new OpenConnections(broker.clock)
    broker.faults.watchers.add(this.#dropWhileAway)
  }

  /**
   * Resolves when clients can connect. If it rejects, the broker is closed.
   *
   * @throws KasperError `BROKER_UNREACHABLE` if a port is taken, or `CONFIG_INVALID`
   */
  static async listen(broker: Broker, { brokers = 1, sasl, ...options }: ServerOptions): Promise<KafkaServer> {
    const server = new KafkaServer(broker)
    try {
      checkBrokers(brokers, options.port)
      if (sasl !== undefined) server.users = await saslUsersOf(sasl)
      const nodes: BrokerNode[] = []
      for (let i = 0; i < brokers; i++) nodes.push(await server.#open(FIRST_BROKER + i, options))
      broker.layout.open(nodes)
    } catch (error) {
      await server.close()
      throw error
    }
    return server
  }

  /** The addresses of the brokers, for clients. */
  get addresses(): string[] {
    return this.broker.layout.nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
  }

  /** Closes all connections, and stops the broker's timers. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
    this.connections.close()
    for (const listener of this.#encrypted) listener.close()
    this.broker.faults.watchers.delete(this.#dropWhileAway)
    this.broker.close()
    await Promise.all(closed)
  }

  /** Closes connections to brokers that are away, and of clients that cannot reach the broker. */
  readonly #dropWhileAway = (): void => {
    const { faults } = this.broker
    for (const { socket, nodeId, clientId } of this.connections)
      if (faults.isAway(nodeId) || !faults.canReach({ clientId })) socket.destroy()
  }

  #accept(socket: Socket, nodeId: number): void {
    if (this.broker.faults.isAway(nodeId)) {
      socket.destroy()
      return
    }
    const connection = new ClientConnection(socket, nodeId, this)
    this.connections.add(connection)
    socket.on('close', () => this.connections.delete(connection))
  }

  /** Starts the listener of one broker. */
  async #open(id: number, { host, port, tls, handshakeTimeoutMs = 10_000 }: ServerOptions): Promise<BrokerNode> {
    const accept = (socket: Socket): void => this.#accept(socket, id)
    let server: Server
    if (tls === undefined) server = createServer(accept)
    else {
      const { TlsListener: EncryptedListener } = await import('./tls.ts')
      const encrypted = new EncryptedListener(tls, handshakeTimeoutMs, accept)
      this.#encrypted.push(encrypted)
      server = encrypted.server
    }
    const wanted = port === 0 ? 0 : port + id - FIRST_BROKER
    await listen(server, host, wanted)
    this.#servers.push(server)
    server.on('error', () => {}) // a connection that could not be accepted
    const address = server.address()
    return { id, host, port: address !== null && typeof address === 'object' ? address.port : wanted }
  }
}

function checkBrokers(count: number, firstPort: number): void {
  if (!Number.isInteger(count) || count < 1 || count > MAX_BROKERS)
    throw new KasperError('CONFIG_INVALID', `Cannot start ${count} brokers; choose 1 to ${MAX_BROKERS}`)
  if (firstPort > MAX_PORT - count + 1)
    throw new KasperError(
      'CONFIG_INVALID',
      `${count} brokers cannot start at port ${firstPort}, because the last port would exceed ${MAX_PORT}; choose a lower port`,
    )
}

/** Loads the module on demand, because few servers need it. */
async function saslUsersOf(sasl: SaslOptions): Promise<SaslUsers> {
  const mechanisms = await import('./sasl-mechanisms.ts')
  return new mechanisms.SaslUsers(sasl)
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error): void => {
      const message = `Cannot listen on ${host}:${port}: ${messageOf(cause)}; choose another port, or 0 for any that is free`
      reject(new KasperError('BROKER_UNREACHABLE', message, { cause }))
    }
    server.once('error', refuse)
    server.listen(port, host, 4096, () => {
      server.off('error', refuse)
      resolve()
    })
  })
}
