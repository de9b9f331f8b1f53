import { createServer, type Server, type Socket } from 'node:net'
import * as zlib from 'node:zlib'
import { KasperError, messageOf } from '@kasper/core'
import { type Decompress, decompressWith, Writer } from '@kasper/protocol'
import { lz4, snappy, zlibCodecs } from '@kasper/protocol/compression'
import type { Broker } from '../broker.ts'
import { type BrokerNode, FIRST_BROKER } from '../broker-layout.ts'
import { ClientConnection, type ConnectionOwner, MAX_FRAME_BYTES } from './client-connection.ts'
import { OpenConnections } from './open-connections.ts'
import type { Logins, SaslOptions } from './sasl-mechanisms.ts'
import type { TlsListener, TlsOptions } from './tls.ts'

/** Reads what clients have compressed, which may not become more than what they could have sent as it is. */
export const decompress: Decompress = decompressWith({ ...zlibCodecs(zlib), lz4, snappy }, MAX_FRAME_BYTES)

/** More would be a mistake. */
const MAX_BROKERS = 100
const MAX_PORT = 65_535

/** Where and how to listen. */
export interface ServerOptions {
  readonly host: string
  /** Of the first broker; the others have the ports behind it, or any that are free. */
  readonly port: number
  readonly brokers?: number | undefined
  readonly sasl?: SaslOptions | undefined
  readonly tls?: TlsOptions | undefined
  /** How long a TLS handshake may take. @default 10000 */
  readonly handshakeTimeoutMs?: number | undefined
}

/** The brokers' faces to the network: a listener for each. */
export class KafkaServer implements ConnectionOwner {
  readonly broker: Broker
  readonly writer: Writer = new Writer()
  readonly connections: OpenConnections
  readonly logins: Logins | undefined
  readonly #servers: Server[] = []
  readonly #encrypted: TlsListener[] = []

  private constructor(broker: Broker, logins: Logins | undefined) {
    this.broker = broker
    this.logins = logins
    this.connections = new OpenConnections(broker.clock)
    broker.faults.watchers.add(this.#dropWhileAway)
  }

  /** Resolves when it can be connected to. Throws `BROKER_UNREACHABLE` where a port is taken, or `CONFIG_INVALID`. */
  static async listen(broker: Broker, { brokers = 1, sasl, ...options }: ServerOptions): Promise<KafkaServer> {
    if (!Number.isInteger(brokers) || brokers < 1 || brokers > MAX_BROKERS)
      throw new KasperError('CONFIG_INVALID', `There cannot be ${brokers} brokers; 1 to ${MAX_BROKERS} are possible`)
    if (options.port > MAX_PORT - brokers + 1)
      throw new KasperError(
        'CONFIG_INVALID',
        `${brokers} brokers from port ${options.port} on would need a port beyond ${MAX_PORT}`,
      )
    const server = new KafkaServer(broker, sasl === undefined ? undefined : await loginsOf(sasl))
    try {
      const nodes: BrokerNode[] = []
      for (let i = 0; i < brokers; i++) nodes.push(await server.#open(FIRST_BROKER + i, options))
      broker.layout.open(nodes)
    } catch (error) {
      await server.close()
      throw error
    }
    return server
  }

  /** Where the brokers listen, as clients want to have it. */
  get addresses(): string[] {
    return this.broker.layout.nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
    this.connections.close()
    for (const listener of this.#encrypted) listener.close()
    this.broker.faults.watchers.delete(this.#dropWhileAway)
    this.broker.close()
    await Promise.all(closed)
  }

  /** A broker that has gone away answers nobody, and takes no connection; a client that is cut off has none. */
  readonly #dropWhileAway = (): void => {
    const { faults } = this.broker
    for (const { socket, nodeId, clientId } of this.connections)
      if (faults.isAway(nodeId) || !faults.canReach(clientId)) socket.destroy()
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

  /** Starts one broker's listener. */
  async #open(id: number, { host, port, tls, handshakeTimeoutMs = 10_000 }: ServerOptions): Promise<BrokerNode> {
    const accept = (socket: Socket): void => this.#accept(socket, id)
    let server: Server
    if (tls === undefined) server = createServer(accept)
    else {
      const { TlsListener: listener } = await import('./tls.ts')
      const encrypted = new listener(tls, handshakeTimeoutMs, accept)
      this.#encrypted.push(encrypted)
      server = encrypted.server
    }
    const wanted = port === 0 ? 0 : port + id - FIRST_BROKER
    await listen(server, host, wanted)
    this.#servers.push(server)
    server.on('error', () => {}) // a connection that could not be taken
    const address = server.address()
    return { id, host, port: address !== null && typeof address === 'object' ? address.port : wanted }
  }
}

/** What few need is not loaded by all. */
async function loginsOf(sasl: SaslOptions): Promise<Logins> {
  const { Logins: logins } = await import('./sasl-mechanisms.ts')
  return new logins(sasl)
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
