import { type ErrorCode, KasperError, messageOf } from '../runtime/errors.ts'

/** Which call of which store failed. */
export interface FailedStoreCall {
  /** The method: `getAll`. */
  readonly operation: string
  /** The keys that the call was about. They are only looked at to name a few. */
  readonly keys?: Iterable<string> | undefined
  /** What the store is called on its server, by its key prefix, index, table …; nothing where the server has only one. */
  readonly store?: string | undefined
  /** The product, and where it is: `Redis at 127.0.0.1:6379`. */
  readonly server: string
}

/** How many keys an error names. */
const NAMED_KEYS = 3

/**
 * The one error of a store: it names the call, the keys (a few, then their number), the store, the server, and what that said.
 *
 * @param reason what to say instead of the cause's message
 */
export function storeError(
  call: FailedStoreCall,
  cause: unknown,
  reason: string = messageOf(cause),
  code: ErrorCode = 'STORE_FAILED',
): KasperError {
  const keys = call.keys === undefined ? '' : describeKeys([...call.keys])
  const where = call.store === undefined ? call.server : `the store ${JSON.stringify(call.store)} of ${call.server}`
  return new KasperError(code, `${call.operation}${keys} failed in ${where}: ${reason}`, { cause })
}

/** A key as messages write it: quoted, and not too long. */
export function describeKey(key: string): string {
  return JSON.stringify(key.length > 100 ? `${key.slice(0, 100)}…` : key)
}

function describeKeys(keys: readonly string[]): string {
  const named = keys.slice(0, NAMED_KEYS).map(describeKey).join(', ')
  if (keys.length <= 1) return keys.length === 0 ? '' : ` of ${named}`
  return ` of ${keys.length} keys (${named}${keys.length > NAMED_KEYS ? ', …' : ''})`
}
