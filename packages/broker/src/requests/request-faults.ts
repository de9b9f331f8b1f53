import { sleep } from '@kasper/core/adapter'
import { errorCodes } from '@kasper/protocol'
import type { Broker } from '../broker.ts'
import { type ActiveFault, type FaultScope, matches } from '../faults/fault-state.ts'

/** Errors that apply to a topic or a partition, and never to the group around it. */
const TOPIC_ERRORS: ReadonlySet<number> = new Set([
  errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
  errorCodes.UNKNOWN_TOPIC_ID,
  errorCodes.TOPIC_AUTHORIZATION_FAILED,
  errorCodes.UNSTABLE_OFFSET_COMMIT,
  errorCodes.GROUP_SUBSCRIBED_TO_TOPIC,
])

/** The faults of one request. A fault counts the request once, even if several parts of the request match. */
export class RequestFaults {
  readonly #broker: Broker
  readonly #request: FaultScope
  /** The active faults at the start, because a fault that this request uses up still applies to all its parts. */
  readonly #faults: readonly ActiveFault[]
  /** The faults that the request has matched, and whether each of them hits it. */
  readonly #met = new Map<ActiveFault, boolean>()

  /** @param request the scope of the whole request */
  constructor(broker: Broker, request: FaultScope) {
    this.#broker = broker
    this.#request = request
    this.#faults = [...broker.faults.forRequests]
  }

  /**
   * The error code for this part of the request; `undefined` if the part does not fail.
   * @param isHere whether this part reports this error code; by default it reports all
   */
  at(part: FaultScope, isHere?: (errorCode: number) => boolean): number | undefined {
    const place = { ...this.#request, ...part }
    let found: number | undefined
    for (const fault of this.#faults) {
      const { kind, scope, errorCode } = fault
      if (!matches(scope, place)) continue
      if (kind === 'error' && (found !== undefined || isHere?.(errorCode!) === false)) continue
      if (this.#hits(fault) && kind === 'error') found = errorCode
    }
    return found
  }

  /** Whether the connection breaks before the request arrives, or before the answer is sent. */
  loses(what: 'lost-request' | 'lost-response'): boolean {
    for (const [{ kind }, hits] of this.#met) if (hits && kind === what) return true
    return false
  }

  /** Resolves when the answer may be sent; `undefined` if it may be sent now. */
  delay(): Promise<unknown> | undefined {
    const delays = [...this.#met].filter(([{ kind }, hits]) => hits && kind === 'delay')
    if (delays.length === 0) return undefined
    return Promise.all(delays.map(([fault]) => this.#delayOf(fault)))
  }

  #hits(fault: ActiveFault): boolean {
    let hits = this.#met.get(fault)
    if (hits === undefined) {
      hits = this.#broker.faults.strike(fault)
      this.#met.set(fault, hits)
    }
    return hits
  }

  #delayOf({ delayMs, released }: ActiveFault): Promise<void> {
    if (delayMs === undefined) return released
    const over = new AbortController()
    void released.then(() => over.abort())
    return sleep(this.#broker.clock, delayMs, over.signal)
  }
}

/** Whether this error can apply to a group, or another element that contains topics. */
export function canApplyToGroup(errorCode: number): boolean {
  return !TOPIC_ERRORS.has(errorCode)
}
