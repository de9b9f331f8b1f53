// State in a server. One table, index or key prefix holds that of several Kafka clusters: their names begin the keys.
import type { Store } from '@kasper/core'
import { messageOf, withPrefix } from '@kasper/core'
import type { Environment, StateStore } from './state-store.ts'

/** A client that is connected, or fails with its first request. */
interface Opened {
  readonly store: Store
  close(): unknown
}

interface Server {
  /** What `npm run services` and `--store` call it. */
  readonly service: string
  readonly option: string
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
      // Whoever looks on should hear of a server that is away in seconds; the default is to try for a minute.
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
        // One copy is enough for a demo, and all that a single node can keep.
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
    // A server that is away is better known of before three million flights are loaded.
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

/** Cassandra's driver puts a stack into the message, and what each node said beside it. */
function reasonOf(error: unknown): string {
  const { innerErrors } = error as { readonly innerErrors?: Readonly<Record<string, unknown>> }
  return innerErrors === undefined ? messageOf(error) : Object.values(innerErrors).map(messageOf).join('; ')
}

/** Without the password. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
