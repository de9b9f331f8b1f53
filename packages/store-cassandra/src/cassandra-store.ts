import type { Client } from 'cassandra-driver'
import { CassandraTable } from './cassandra-table.ts'
import type { CassandraStoreOptions } from './options.ts'
import { TenantStore } from './tenant-store.ts'

/**
 * A store in a table of Cassandra. Keys are text, values are bytes. The keys are spread over a number of the table's partitions.
 * `getAll` and `putAll` send one request for each of them, many at the same time, each to a node that has the partition.
 *
 * You open and shut down the client. The store connects it if it is not connected, but does not shut it down.
 *
 * ```ts
 * const client = new Client({ contactPoints: ['127.0.0.1'], localDataCenter: 'datacenter1' })
 * const counts = new CassandraStore(client, { keyspace: 'kasper', table: 'counts', create: true })
 * await counts.put('SFO', new Uint8Array([1]))
 * ```
 */
export class CassandraStore extends TenantStore {
  readonly client: Client

  /** @throws KasperError `CONFIG_INVALID` */
  constructor(client: Client, options: CassandraStoreOptions) {
    super(new CassandraTable(client, options), '')
    this.client = client
  }
}
