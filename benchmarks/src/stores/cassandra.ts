import { CassandraStore } from '@kasper/store-cassandra'
import cassandra from 'cassandra-driver'
import type { Contest } from './contest.ts'

const KEYSPACE = 'kasper_bench'
/** Faster, on one node, than a request for each key, and than one for all. */
const KEYS_PER_REQUEST = 100

/** The raw client has what the store spares its users: a table with a partition for each key. */
export async function cassandraContest(contactPoints: string, localDataCenter: string): Promise<Contest> {
  const client = new cassandra.Client({ contactPoints: contactPoints.split(','), localDataCenter })
  const replication = "{'class': 'SimpleStrategy', 'replication_factor': 1}"
  await client.execute(`CREATE KEYSPACE IF NOT EXISTS ${KEYSPACE} WITH replication = ${replication}`)
  await client.execute(`CREATE TABLE IF NOT EXISTS ${KEYSPACE}.raw (key text PRIMARY KEY, value blob)`)
  const options = { prepare: true, isIdempotent: true, consistency: cassandra.types.consistencies.localQuorum }
  return {
    name: 'Cassandra',
    store: new CassandraStore(client, { keyspace: KEYSPACE, table: 'store', create: true }),
    raw: {
      calls: { getAll: 'SELECT … IN, 100 keys each', putAll: 'unlogged batches, 100 keys each' },
      name: (key) => key,
      async getAll(names) {
        const query = `SELECT key, value FROM ${KEYSPACE}.raw WHERE key IN ?`
        const found = await Promise.all(parts(names).map((part) => client.execute(query, [part], options)))
        return new Map(found.flatMap(({ rows }) => rows.map((row) => [row['key'] as string, row['value'] as Buffer])))
      },
      async putAll(names, values) {
        const query = `INSERT INTO ${KEYSPACE}.raw (key, value) VALUES (?, ?)`
        const writes = names.map((name, i) => ({ query, params: [name, values[i]] }))
        // Of 10,000 keys not all at the same time.
        for (let i = 0; i < writes.length; i += 1_000) {
          const some = parts(writes.slice(i, i + 1_000))
          await Promise.all(some.map((part) => client.batch(part, { ...options, logged: false })))
        }
      },
    },
    close: () => client.shutdown(),
  }
}

function parts<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / KEYS_PER_REQUEST) }, (_, i) =>
    items.slice(i * KEYS_PER_REQUEST, (i + 1) * KEYS_PER_REQUEST),
  )
}
