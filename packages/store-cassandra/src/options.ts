import { KasperError } from '@kasper/core'

/** Which table a store is, and how it uses it. */
export interface CassandraStoreOptions {
  /** It must be there: how it is replicated is not for a store to say. */
  readonly keyspace: string
  readonly table: string
  /** Makes the table where it is missing. @default false: a missing table is an error */
  readonly create?: boolean | undefined
  /**
   * Only for a table that this creates: over how many partitions the keys, of each tenant, are spread. Keys of one partition are read and
   * written together, so few of them are fast; but none should grow beyond some hundred megabytes. It can't be changed later.
   * @default 64
   */
  readonly buckets?: number | undefined
  /** How long an entry lives after it was last written, in whole seconds. @default what the table says: for ever */
  readonly ttlMs?: number | undefined
  /**
   * The version of what is written, for example the offset of the last message that went into it; of what is deleted, too. It becomes
   * the write's timestamp: a write below the version that is there changes nothing, without an error, so that a replay, or a process
   * that lost its partition, cannot overwrite newer state. A table is written with versions from its creation, or never.
   * @default no versions: the last write wins, by the client's clock
   */
  readonly versionOf?: ((key: string, value: Uint8Array | undefined) => number) | undefined
}

/** @throws KasperError `CONFIG_INVALID` */
export function checkOptions({ keyspace, table, buckets, ttlMs }: CassandraStoreOptions): void {
  for (const [name, value] of Object.entries({ keyspace, table })) {
    if (!/^\w{1,48}$/.test(value)) {
      throw invalid(`${name} is ${JSON.stringify(value)}: Cassandra's names are 1 to 48 letters, digits and underscores`)
    }
  }
  if (buckets !== undefined && !(Number.isSafeInteger(buckets) && buckets > 0 && buckets <= 1_000_000)) {
    throw invalid(`buckets should be a whole number from 1 to 1000000, not ${buckets}`)
  }
  if (ttlMs !== undefined && !(Number.isSafeInteger(ttlMs / 1000) && ttlMs > 0)) {
    throw invalid(`ttlMs should be whole seconds, and more than none, not ${ttlMs} milliseconds`)
  }
}

function invalid(message: string): KasperError {
  return new KasperError('CONFIG_INVALID', message)
}
