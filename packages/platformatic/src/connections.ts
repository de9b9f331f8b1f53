import { ClusterError } from '@kasper/client/cluster'
import type { Broker, Connection, ConnectionOptions } from '@platformatic/kafka'
import { ConnectionPool, ConnectionStatuses, parseBroker } from '@platformatic/kafka'
import type { PlatformaticConfig } from './client.ts'

/**
 * A broker answers the requests of one connection in their order, so what may be held back gets connections of its own: fetching,
 * and joining a group, which takes as long as the slowest member needs.
 */
export type Purpose = 'requests' | 'fetching' | 'joining'

/** Java's consumers let a rebalance wait for five minutes. */
const JOIN_TIMEOUT_MS = 330_000

/** Connections to the brokers of a cluster. */
export class Connections {
  readonly #bootstrap: readonly Broker[]
  readonly #pools: Readonly<Record<Purpose, ConnectionPool>>
  /** Where the brokers are, as the cluster has said last. */
  #brokers: ReadonlyMap<number, Broker> = new Map()

  constructor({ bootstrapBrokers, clientId = 'kasper', ...options }: PlatformaticConfig) {
    this.#bootstrap = bootstrapBrokers.map((broker) => parseBroker(broker))
    this.#pools = {
      requests: openPool(clientId, options),
      fetching: openPool(clientId, options),
      joining: openPool(clientId, { ...options, requestTimeout: JOIN_TIMEOUT_MS }),
    }
  }

  /** A connection to this broker. */
  async to(node: number, purpose: Purpose): Promise<Connection> {
    const broker = this.#brokers.get(node)
    if (broker === undefined) throw new ClusterError('connection', `broker ${node} is not known, or not there`)
    return await this.#pools[purpose].get(broker)
  }

  /** A connection to whichever broker can be reached. */
  async toAny(): Promise<Connection> {
    let failure: unknown
    for (const broker of [...this.#brokers.values(), ...this.#bootstrap]) {
      try {
        return await this.#pools.requests.get(broker)
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  know(brokers: readonly (Broker & { readonly nodeId: number })[]): void {
    this.#brokers = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]))
  }

  async close(): Promise<void> {
    await Promise.all(
      Object.values(this.#pools).map(async (pool) => {
        // At once, with whatever is under way; the pool waits for it, and for a broker that answers no more it would wait long.
        for (const [, { status, socket }] of pool) if (status === ConnectionStatuses.CONNECTED) socket.destroy()
        await pool.close()
      }),
    )
  }
}

function openPool(clientId: string, options: ConnectionOptions): ConnectionPool {
  const pool = new ConnectionPool(clientId, options)
  // An error that comes when nobody waits for it (the pool itself listens to the first one only) must not end the process.
  pool.on('connecting', ({ connection }) => connection.on('error', () => {}))
  return pool
}
