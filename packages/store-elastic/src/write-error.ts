import { describeKey, type FailedStoreCall, KasperError, storeError } from '@kasper/core'
import type { Failure } from './documents.ts'

/** A key that was, or was not, written. */
export interface WrittenKey {
  /** Only where the store has tenants. */
  readonly tenant?: string | undefined
  readonly key: string
}

/** A key that was not written, and why. */
export interface FailedKey extends WrittenKey {
  readonly reason: string
  /** There was no answer for it: it may have been written all the same. */
  readonly mayBeWritten: boolean
}

/** How many keys with different reasons the message names. */
const NAMED_KEYS = 3

/** What `putAll`, `put`, `delete` and `push` reject with. Every key of the call is in one of its two lists. */
export class ElasticWriteError extends KasperError {
  override readonly name: string = 'ElasticWriteError'
  readonly failed: readonly FailedKey[]
  readonly written: readonly WrittenKey[]

  constructor(
    call: Omit<FailedStoreCall, 'keys'>,
    failed: readonly FailedKey[],
    written: readonly WrittenKey[],
    cause?: unknown,
    isClosed = false,
  ) {
    const code = isClosed ? 'CLOSED' : 'STORE_FAILED'
    const { message } = storeError({ ...call, keys: failed.map(nameOf) }, cause, describe(failed, written.length), code)
    super(code, message, cause === undefined ? {} : { cause })
    this.failed = failed
    this.written = written
  }
}

function describe(failed: readonly FailedKey[], written: number): string {
  const reasons = new Set(failed.map(({ reason }) => reason))
  const named = failed.slice(0, NAMED_KEYS).map((it) => `${describeKey(nameOf(it))}: ${it.reason}`)
  const unknown = failed.filter(({ mayBeWritten }) => mayBeWritten).length
  return [
    reasons.size === 1 ? failed[0]!.reason : `${named.join('; ')}${failed.length > NAMED_KEYS ? '; …' : ''}`,
    written > 0 ? ` (the other ${written} keys were written)` : '',
    unknown > 0 ? ` (${unknown} of these may have been written all the same)` : '',
  ].join('')
}

export function nameOf({ tenant, key }: WrittenKey): string {
  return tenant === undefined ? key : `${tenant}/${key}`
}

export function failedKey(key: WrittenKey, { reason, isUnanswered }: Failure): FailedKey {
  return { ...key, reason, mayBeWritten: isUnanswered }
}
