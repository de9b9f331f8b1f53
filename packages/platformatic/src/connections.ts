import { ClusterError } from '@kasper/client/cluster'
import type { Broker, Connection, ConnectionOptions } from '@platformatic/kafka'
import { ConnectionPool, ConnectionStatuses, parseBroker } from '@platformatic/kafka'

/** The addresses of brokers, and how to connect to them: @platformatic/kafka's own options for connections. */
export interface PlatformaticConfig extends Omit<
  ConnectionOptions,
  'context' | 'handleBackPressure' | 'maxInflights' | 'ownerId'
> {
  readonly bootstrapBrokers: readonly (string | Broker)[]
  /** @default 'kasper' */
  readonly clientId?: string
}

/**
 * A broker answers the requests of one connection in order. Answers to fetches and joins take long, so these requests have connections
 * of their own.
 */
export type Purpose = 'requests' | 'fetching' | 'joining'

/** Longer than the five minutes for which Java's consumers let a rebalance wait. */
const JOIN_TIMEOUT_MS = 330_000

/** Connections to the brokers of a cluster. */
export class Connections {
  readonly #bootstrap: readonly Broker[]
  readonly #pools: Readonly<Record<Purpose, ConnectionPool>>
  /** The addresses of brokers in the last metadata. */
  #brokers: ReadonlyMap<number, Broker> = new Map()

  constructor({ bootstrapBrokers, clientId = 'kasper', ...options }: PlatformaticConfig) {
    this.#bootstrap = bootstrapBrokers.map((broker) => parseBroker(broker))
    this.#pools = {
      requests: openPool(clientId, options),
      fetching: openPool(clientId, options),
      joining: openPool(clientId, { ...options, requestTimeout: JOIN_TIMEOUT_MS }),
    }
  }

  async to(node: number, purpose: Purpose): Promise<Connection> {
    const broker = this.#brokers.get(node)
    if (broker === undefined) throw new ClusterError('connection', `broker ${node} is not in the cluster's metadata`)
    return await this.#pools[purpose].get(broker)
  }

  /** A connection to the first broker that can be reached. */
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

  /** Replaces the addresses of brokers. */
  setBrokers(brokers: readonly (Broker & { readonly nodeId: number })[]): void {
    this.#brokers = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]))
  }

  async close(): Promise<void> {
    await Promise.all(
      Object.values(this.#pools).map(async (pool) => {
        // The pool would wait for requests under way, and so for a broker that does not answer.
        for (const [, { status, socket }] of pool) if (status === ConnectionStatuses.CONNECTED) socket.destroy()
        await pool.close()
      }),
    )
  }
}

function openPool(clientId: string, options: ConnectionOptions): ConnectionPool {
  const pool = new ConnectionPool(clientId, options)
  // The pool listens to a connection's first error only. Any further one would end the process.
  pool.on('connecting', ({ connection }) => connection.on('error', () => {}))
  return pool
}
