import { KasperError } from '@kasper/core'
import { describeKey, type FailedStoreCall, partialFailureNotes, storeErrorMessage } from '@kasper/core/adapter'
import type { DocumentFailure } from './document-failure.ts'

/** A key that was, or was not, written. */
export interface WrittenKey {
  /** Only in a store of many tenants. */
  readonly tenant?: string | undefined
  readonly key: string
}

/** A key that was not written, and why. */
export interface FailedKey extends WrittenKey {
  readonly reason: string
  /** Whether it may have been written: the server got the request, and did not answer. */
  readonly mayBeWritten: boolean
}

/** A key of a write, and why it was not written; `undefined` if it was. */
interface KeyOutcome {
  readonly key: WrittenKey
  readonly failure: DocumentFailure | undefined
}

/** How many keys with different reasons the message names. */
const NAMED_KEYS = 3

/**
 * `put`, `putAll`, `delete` and `push` reject with it. Each key of the call is in one of its two lists. `retriable` is true if all
 * failed keys may be written later.
 */
export class ElasticWriteError extends KasperError {
  override readonly name: string = 'ElasticWriteError'
  readonly failed: readonly FailedKey[]
  readonly written: readonly WrittenKey[]

  constructor(call: Omit<FailedStoreCall, 'keys'>, outcomes: readonly KeyOutcome[], isClosed: boolean) {
    const failures = outcomes.flatMap(({ failure }) => failure ?? [])
    const failed = outcomes.flatMap(({ key, failure }) =>
      failure === undefined ? [] : [{ ...key, reason: failure.reason, mayBeWritten: failure.mayBeWritten }],
    )
    const written = outcomes.flatMap(({ key, failure }) => (failure === undefined ? [key] : []))
    const { cause } = failures[0]!
    super(
      isClosed ? 'CLOSED' : 'STORE_FAILED',
      storeErrorMessage({ ...call, keys: failed.map(nameOf) }, describe(failed, written.length)),
      {
        ...(cause === undefined ? {} : { cause }),
        retriable: !isClosed && failures.every(({ retriable }) => retriable),
      },
    )
    this.failed = failed
    this.written = written
  }
}

function describe(failed: readonly FailedKey[], succeeded: number): string {
  const reasons = new Set(failed.map(({ reason }) => reason))
  const named = failed.slice(0, NAMED_KEYS).map((it) => `${describeKey(nameOf(it))}: ${it.reason}`)
  const reason = reasons.size === 1 ? failed[0]!.reason : `${named.join('; ')}${failed.length > NAMED_KEYS ? '; …' : ''}`
  const mayBeWritten = failed.filter((it) => it.mayBeWritten).length
  return reason + partialFailureNotes({ succeeded, mayBeWritten })
}

/** A key in a message: `tenant/key`, or the key alone. */
export function nameOf({ tenant, key }: WrittenKey): string {
  return tenant === undefined ? key : `${tenant}/${key}`
}
