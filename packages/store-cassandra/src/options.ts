import { KasperError } from '@kasper/core'

/** The table of a store, and its options. */
export interface CassandraStoreOptions {
  /** The keyspace. It must exist: the store does not decide how it is replicated. */
  readonly keyspace: string
  readonly table: string
  /** Creates the table if it is missing. @default false: a missing table is an error */
  readonly create?: boolean | undefined
  /**
   * Over how many partitions the keys of each tenant are spread. It only applies when this store creates the table, and cannot be
   * changed later. Keys of one partition are read and written with one request, so fewer buckets are faster. No partition should
   * grow beyond some hundred megabytes.
   * @default 64
   */
  readonly buckets?: number | undefined
  /** How long an entry lives after it was last written: milliseconds, in whole seconds. @default the table's default: no limit */
  readonly ttlMs?: number | undefined
  /**
   * The version of each write and delete, for example the offset of the last message that it includes: a whole number, at least 0.
   * It becomes the write's timestamp. A write with an older version than the stored one changes nothing and is not an error. So a
   * replay, or a process that has lost its partition, cannot overwrite newer state. Use versions for a table from its creation on,
   * or never.
   * @default no versions: the last write wins, by the clock of the client
   */
  readonly versionOf?: ((key: string, value: Uint8Array | undefined) => number) | undefined
}

/** @throws KasperError `CONFIG_INVALID` */
export function checkOptions({ keyspace, table, buckets, ttlMs }: CassandraStoreOptions): void {
  for (const [name, value] of Object.entries({ keyspace, table })) {
    if (!/^\w{1,48}$/.test(value)) {
      throw invalid(`${name} is ${JSON.stringify(value)}: give 1 to 48 letters, digits and underscores, as Cassandra requires`)
    }
  }
  if (buckets !== undefined && !(Number.isSafeInteger(buckets) && buckets > 0 && buckets <= 1_000_000)) {
    throw invalid(`buckets is ${buckets}: give a whole number from 1 to 1000000`)
  }
  if (ttlMs !== undefined && !(Number.isSafeInteger(ttlMs / 1000) && ttlMs > 0)) {
    throw invalid(`ttlMs is ${ttlMs}: give the milliseconds of whole seconds, at least 1000`)
  }
}

function invalid(message: string): KasperError {
  return new KasperError('CONFIG_INVALID', message)
}
