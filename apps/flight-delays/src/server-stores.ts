// State in a server. A table, index or key prefix holds the state of several Kafka clusters: each key begins with the cluster's name.
import type { Store } from '@kasper/core'
import { withPrefix } from '@kasper/core'
import type { Environment } from './cluster.ts'
import { messageOf } from './error-message.ts'
import type { StateStore } from './state-store.ts'

/** A store, and its client. The client may connect at its first request. */
interface Opened {
  readonly store: Store
  close(): unknown
}

interface Server {
  /** Its name for `npm run services`. */
  readonly service: string
  /** Its name for `--store`. */
  readonly option: string
  /** The environment variable with its address. */
  readonly variable: string
  readonly where: string
  open(): Promise<Opened>
}

const NAME = 'kasper-demo'

export async function openRedis(clusterName: string, env: Environment): Promise<StateStore> {
  const { Redis } = await import('ioredis')
  const { RedisStore } = await import('@kasper/store-redis')
  const url = env['REDIS_URL'] || 'redis://127.0.0.1:16379'
  return open(clusterName, {
    service: 'redis',
    option: 'redis',
    variable: 'REDIS_URL',
    where: `in Redis at ${hostOf(url)}`,
    async open() {
      // Reports an unreachable server within seconds. By default, ioredis tries for a minute.
      const client = new Redis(url, { maxRetriesPerRequest: 3 })
      return { store: new RedisStore(client, { keyPrefix: NAME }), close: () => client.disconnect() }
    },
  })
}

export async function openElastic(clusterName: string, env: Environment): Promise<StateStore> {
  const { Client } = await import('@elastic/elasticsearch')
  const { ElasticStore } = await import('@kasper/store-elastic')
  const node = env['ELASTICSEARCH_URL'] || 'http://127.0.0.1:19200'
  return open(clusterName, {
    service: 'elasticsearch',
    option: 'elastic',
    variable: 'ELASTICSEARCH_URL',
    where: `in Elasticsearch at ${hostOf(node)}`,
    async open() {
      const client = new Client({ node })
      return { store: new ElasticStore(client, { index: NAME, create: true }), close: () => client.close() }
    },
  })
}

export async function openCassandra(clusterName: string, env: Environment): Promise<StateStore> {
  const { default: cassandra } = await import('cassandra-driver')
  const { CassandraStore } = await import('@kasper/store-cassandra')
  const contactPoints = (env['CASSANDRA_CONTACT_POINTS'] || '127.0.0.1:19042').split(',')
  const keyspace = NAME.replaceAll('-', '_')
  return open(clusterName, {
    service: 'cassandra',
    option: 'cassandra',
    variable: 'CASSANDRA_CONTACT_POINTS',
    where: `in Cassandra at ${contactPoints.join(', ')}`,
    async open() {
      const localDataCenter = env['CASSANDRA_LOCAL_DATACENTER'] || 'datacenter1'
      const client = new cassandra.Client({ contactPoints, localDataCenter })
      try {
        // One replica is enough for a demo, and all that a single node can have.
        await client.execute(
          `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
        )
      } catch (error) {
        await client.shutdown()
        throw error
      }
      return { store: new CassandraStore(client, { keyspace, table: 'delays', create: true }), close: () => client.shutdown() }
    },
  })
}

async function open(clusterName: string, server: Server): Promise<StateStore> {
  const { option, service, variable, where } = server
  let opened: Opened | undefined
  try {
    opened = await server.open()
    // Detects an unreachable server before three million flights are loaded.
    await opened.store.getAll(['any'])
  } catch (error) {
    await opened?.close()
    throw new Error(
      `--store ${option}: ${reasonOf(error)}\n` +
        `No state can be kept ${where}. Set ${variable} to where it is, or start one: npm run services -- start ${service}`,
      { cause: error },
    )
  }
  const { store, close } = opened
  return { store: withPrefix(store, `${clusterName}/`), durable: true, where, close: async () => void (await close()) }
}

/** The message of Cassandra's driver contains a stack. The errors of the nodes are in `innerErrors`. */
function reasonOf(error: unknown): string {
  const { innerErrors } = error as { readonly innerErrors?: Readonly<Record<string, unknown>> }
  return innerErrors === undefined ? messageOf(error) : Object.values(innerErrors).map(messageOf).join('; ')
}

/** The address without the password. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
