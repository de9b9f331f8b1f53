import type { Client } from 'cassandra-driver'
import type { CassandraStoreOptions } from './options.ts'

/** An existing table, and the statements on it. */
export interface Table {
  /** Over how many partitions the keys of a tenant are spread. */
  readonly buckets: number
  readonly get: string
  readonly put: string
  readonly delete: string
  readonly list: string
  readonly listFrom: string
}

const DEFAULT_BUCKETS = 64
/** A table's comment tells every store how the table was created. */
const COMMENT = /^kasper: (\d+) buckets(, versions)?$/

/** Finds the table, or creates it. Throws if it is missing, or does not fit the options. */
export async function openTable(client: Client, options: CassandraStoreOptions): Promise<Table> {
  const { keyspace, table, create = false, versionOf } = options
  let comment = await commentOf(client, options)
  if (comment === undefined) {
    if (!(await hasKeyspace(client, keyspace))) throw new Error(`the keyspace "${keyspace}" does not exist: create it`)
    if (!create) throw new Error(`the table "${table}" does not exist: create it, or give the store the option create`)
    await client.execute(createTable(options))
    // Another process may have created it at the same time, with other options.
    comment = (await commentOf(client, options)) ?? ''
  }
  const [, buckets, versions] = COMMENT.exec(comment) ?? []
  if (buckets === undefined) {
    const expected = commentFor(options)
    throw new Error(
      `the table was not created by a store: its comment is ${JSON.stringify(comment)}, not for example "${expected}". ` +
        'Use another table',
    )
  }
  if ((versions !== undefined) !== (versionOf !== undefined)) {
    // Versions are timestamps. Offsets are smaller than any time of day, so every write would be lost.
    throw new Error(
      versions === undefined
        ? 'the table was created without versions: leave versionOf out, or use another table'
        : 'the table was created with versions: give versionOf, or use another table',
    )
  }
  return { buckets: Number(buckets), ...statements(options) }
}

async function commentOf(client: Client, { keyspace, table }: CassandraStoreOptions): Promise<string | undefined> {
  const { rows } = await client.execute(
    'SELECT comment FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?',
    [keyspace, table],
    { prepare: true },
  )
  return rows[0] && String(rows[0]['comment'])
}

async function hasKeyspace(client: Client, keyspace: string): Promise<boolean> {
  const query = 'SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?'
  return (await client.execute(query, [keyspace], { prepare: true })).rowLength > 0
}

function commentFor({ buckets = DEFAULT_BUCKETS, versionOf }: CassandraStoreOptions): string {
  return `kasper: ${buckets} buckets${versionOf === undefined ? '' : ', versions'}`
}

/** `checkOptions` has refused names with quotes. */
function nameOf({ keyspace, table }: CassandraStoreOptions): string {
  return `"${keyspace}"."${table}"`
}

function createTable(options: CassandraStoreOptions): string {
  return (
    `CREATE TABLE IF NOT EXISTS ${nameOf(options)} (tenant text, bucket int, key text, value blob, ` +
    `PRIMARY KEY ((tenant, bucket), key)) WITH comment = '${commentFor(options)}'`
  )
}

function statements(options: CassandraStoreOptions): Omit<Table, 'buckets'> {
  const name = nameOf(options)
  const isVersioned = options.versionOf !== undefined
  const using = [isVersioned ? 'TIMESTAMP ?' : '', options.ttlMs === undefined ? '' : 'TTL ?'].filter((it) => it !== '')
  const partition = 'tenant = ? AND bucket = ?'
  return {
    get: `SELECT key, value FROM ${name} WHERE ${partition} AND key IN ?`,
    put:
      `INSERT INTO ${name} (tenant, bucket, key, value) VALUES (?, ?, ?, ?)` +
      (using.length > 0 ? ` USING ${using.join(' AND ')}` : ''),
    delete: `DELETE FROM ${name}${isVersioned ? ' USING TIMESTAMP ?' : ''} WHERE ${partition} AND key = ?`,
    list: `SELECT key, value FROM ${name} WHERE ${partition}`,
    listFrom: `SELECT key, value FROM ${name} WHERE ${partition} AND key >= ?`,
  }
}
