import { CassandraStore } from '@kasper/store-cassandra'
import cassandra from 'cassandra-driver'
import type { Contest } from './contest.ts'

const KEYSPACE = 'kasper_bench'
/** On one node, faster than one request per key, and than one request for all keys. */
const KEYS_PER_REQUEST = 100

/** The raw client uses a table with a partition for each key. */
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
        const found = await Promise.all(chunks(names).map((chunk) => client.execute(query, [chunk], options)))
        return new Map(found.flatMap(({ rows }) => rows.map((row) => [row['key'] as string, row['value'] as Buffer])))
      },
      async putAll(names, values) {
        const query = `INSERT INTO ${KEYSPACE}.raw (key, value) VALUES (?, ?)`
        const writes = names.map((name, i) => ({ query, params: [name, values[i]] }))
        // At most 1,000 keys at the same time.
        for (let i = 0; i < writes.length; i += 1_000) {
          const batches = chunks(writes.slice(i, i + 1_000))
          await Promise.all(batches.map((batch) => client.batch(batch, { ...options, logged: false })))
        }
      },
    },
    close: () => client.shutdown(),
  }
}

function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / KEYS_PER_REQUEST) }, (_, i) =>
    items.slice(i * KEYS_PER_REQUEST, (i + 1) * KEYS_PER_REQUEST),
  )
}
