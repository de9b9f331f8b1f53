import { KasperError } from '@kasper/core'

/** How a store uses its server. */
export interface ElasticOptions {
  /**
   * Makes an index that is missing: with `true`, one that holds documents without indexing their fields (`dynamic: false`);
   * otherwise this is the body of the request that creates it: `{ settings, mappings, aliases }`.
   * @default false: a missing index is an error
   */
  readonly create?: boolean | Readonly<Record<string, unknown>> | undefined
  /**
   * The version of what is written, for example the offset of the last message that went into it; of what is deleted, too. Then a
   * write whose version is not above the one that is there is left out, without an error: a replay, or a process that lost its
   * partition, cannot overwrite newer state.
   * @default no versions: the last write wins
   */
  readonly versionOf?: ((key: string, value: Uint8Array | undefined) => number) | undefined
  /**
   * What `flush` does. `flush` has the server write everything to its disk: only of use where the index's setting
   * `translog.durability` is `async`. `refresh` makes what was written visible to searches; `get` and `getAll` always see it.
   * @default nothing: a write is acknowledged only when it is on the disks of all its copies
   */
  readonly flush?: 'flush' | 'refresh' | undefined
  /** How long one request waits for its answer. @default 30000 */
  readonly requestTimeoutMs?: number | undefined
  /** How long a call goes on trying where the server says that it can't just now (429, 502, 503, 504). @default 60000 */
  readonly retryForMs?: number | undefined
  /** A bulk request is no larger than this, unless one document is. @default 8388608 */
  readonly maxBatchBytes?: number | undefined
}

export function checkOptions({ requestTimeoutMs, retryForMs, maxBatchBytes }: ElasticOptions): void {
  check('requestTimeoutMs', requestTimeoutMs, 1)
  check('retryForMs', retryForMs, 0)
  check('maxBatchBytes', maxBatchBytes, 1)
}

function check(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return
  throw new KasperError('CONFIG_INVALID', `${name} should be a whole number from ${least} on, not ${value}`)
}
