import { type ErrorCode, KasperError, messageOf } from '../runtime/errors.ts'

/** The call of a store that failed. */
export interface FailedStoreCall {
  /** The method: `getAll`. */
  readonly operation: string
  /** The keys of the call. The message names the first three, and how many there are. */
  readonly keys?: Iterable<string> | undefined
  /** The name of the store on its server: its key prefix, index, table … `undefined` if the server has only one. */
  readonly store?: string | undefined
  /** The product and its address: `Redis at 127.0.0.1:6379`. */
  readonly server: string
}

/** Details of an error, if the store knows them. */
export interface StoreErrorDetails {
  /** Why the call failed, in one sentence. @default the message of the cause */
  readonly reason?: string | undefined
  /** @default 'STORE_FAILED' */
  readonly code?: ErrorCode | undefined
  /** Whether the same call may succeed later. @default as `KasperErrorDetails.retriable`: yes for `STORE_FAILED` */
  readonly retriable?: boolean | undefined
}

const NAMED_KEYS = 3

/** The error of a store. Its message names the call, its keys, the store, the server and the reason. */
export function storeError(
  call: FailedStoreCall,
  cause: unknown,
  { reason = messageOf(cause), code = 'STORE_FAILED', retriable }: StoreErrorDetails = {},
): KasperError {
  return new KasperError(code, storeErrorMessage(call, reason), { cause, retriable })
}

/** The message of {@link storeError}, for a store with an error class of its own. */
export function storeErrorMessage({ operation, keys, store, server }: FailedStoreCall, reason: string): string {
  const where = store === undefined ? server : `the store ${JSON.stringify(store)} of ${server}`
  return `${operation}${keys === undefined ? '' : describeKeys([...keys])} failed in ${where}: ${reason}`
}

/** A key in a message: quoted, and cut after 100 characters. */
export function describeKey(key: string): string {
  return JSON.stringify(key.length > 100 ? `${key.slice(0, 100)}…` : key)
}

function describeKeys(keys: readonly string[]): string {
  const named = keys.slice(0, NAMED_KEYS).map(describeKey).join(', ')
  if (keys.length <= 1) return keys.length === 0 ? '' : ` of ${named}`
  return ` of ${keys.length} keys (${named}${keys.length > NAMED_KEYS ? ', …' : ''})`
}
