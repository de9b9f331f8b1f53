import { sleep } from '@kasper/core'
import { errorCodes } from '@kasper/protocol'
import type { Broker } from '../broker.ts'
import { type ActiveFault, type FaultScope, matches } from '../faults/fault-state.ts'

/** Errors that are never those of a whole group, but of a topic or partition within it. */
const OF_TOPICS: ReadonlySet<number> = new Set([
  errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
  errorCodes.UNKNOWN_TOPIC_ID,
  errorCodes.TOPIC_AUTHORIZATION_FAILED,
  errorCodes.UNSTABLE_OFFSET_COMMIT,
  errorCodes.GROUP_SUBSCRIBED_TO_TOPIC,
])

/** What the test's faults do to one request. A fault counts the request once, however many of its parts it is for. */
export class RequestFaults {
  readonly #broker: Broker
  readonly #request: FaultScope
  /** Those of now: one that is used up with this request is for all of its parts. */
  readonly #faults: readonly ActiveFault[]
  /** Whether those that were met strike. */
  readonly #met = new Map<ActiveFault, boolean>()

  /** @param request what the request is for as a whole */
  constructor(broker: Broker, request: FaultScope) {
    this.#broker = broker
    this.#request = request
    this.#faults = [...broker.faults.forRequests]
  }

  /**
   * The error code for this part of the request, if it is to fail.
   * @param isHere whether an error of this code is told here; left out, every one is
   */
  at(part: FaultScope, isHere?: (errorCode: number) => boolean): number | undefined {
    const place = { ...this.#request, ...part }
    let found: number | undefined
    for (const fault of this.#faults) {
      const { kind, scope, errorCode } = fault
      if (!matches(scope, place)) continue
      if (kind === 'error' && (found !== undefined || isHere?.(errorCode!) === false)) continue
      if (this.#strikes(fault) && kind === 'error') found = errorCode
    }
    return found
  }

  /** Whether the connection breaks before the request arrives, or before its answer does. */
  loses(what: 'lost-request' | 'lost-response'): boolean {
    for (const [{ kind }, strikes] of this.#met) if (strikes && kind === what) return true
    return false
  }

  /** What the answer has to wait for, if anything. */
  delay(): Promise<unknown> | undefined {
    const delays = [...this.#met].filter(([{ kind }, strikes]) => strikes && kind === 'delay')
    if (delays.length === 0) return undefined
    return Promise.all(delays.map(([fault]) => this.#delayOf(fault)))
  }

  #strikes(fault: ActiveFault): boolean {
    let strikes = this.#met.get(fault)
    if (strikes === undefined) {
      strikes = this.#broker.faults.strike(fault)
      this.#met.set(fault, strikes)
    }
    return strikes
  }

  #delayOf({ delayMs, released }: ActiveFault): Promise<void> {
    if (delayMs === undefined) return released
    const over = new AbortController()
    void released.then(() => over.abort())
    return sleep(this.#broker.clock, delayMs, over.signal)
  }
}

/** Whether an error of this code can be that of a whole group, or any other thing that has topics in it. */
export function isOfMoreThanTopics(errorCode: number): boolean {
  return !OF_TOPICS.has(errorCode)
}
