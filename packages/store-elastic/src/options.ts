import { checkWholeNumber } from '@kasper/core/adapter'

/** How a store uses its server. Times are in milliseconds. */
export interface ElasticOptions {
  /**
   * Creates an index that is missing. With `true`, the index stores documents without indexing their fields (`dynamic: false`).
   * An object is the body of the request that creates the index: `{ settings, mappings, aliases }`.
   * @default false: a missing index is an error
   */
  readonly create?: boolean | Readonly<Record<string, unknown>> | undefined
  /**
   * The version of each write and delete, for example the offset of the last message that it includes: a whole number, at least 0.
   * A write whose version is not above the stored one changes nothing and is not an error. So a replay, or a process that has lost its
   * partition, cannot overwrite newer state.
   * @default no versions: the last write wins
   */
  readonly versionOf?: ((key: string, value: Uint8Array | undefined) => number) | undefined
  /**
   * The request that the store's `flush()` sends. With `flush`, the server writes everything to its disk; that is only useful if the
   * index's setting `translog.durability` is `async`. With `refresh`, searches see everything written so far; `get` and `getAll` always do.
   * @default nothing: a write is acknowledged when it is on the disks of all its copies
   */
  readonly flush?: 'flush' | 'refresh' | undefined
  /** How long one request waits for its answer. @default 30000 */
  readonly requestTimeoutMs?: number | undefined
  /**
   * How long a call repeats requests that the server cannot do at the moment (status 429, 502, 503, 504), counted from the first of
   * these answers. @default 60000
   */
  readonly retryForMs?: number | undefined
  /** The size limit of a bulk request. A larger document is sent alone. @default 8388608 */
  readonly maxBatchBytes?: number | undefined
}

/** @throws KasperError `CONFIG_INVALID` */
export function checkOptions({ requestTimeoutMs, retryForMs, maxBatchBytes }: ElasticOptions): void {
  checkWholeNumber('requestTimeoutMs', requestTimeoutMs, 1)
  checkWholeNumber('retryForMs', retryForMs, 0)
  checkWholeNumber('maxBatchBytes', maxBatchBytes, 1)
}
