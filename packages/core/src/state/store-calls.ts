import type { Clock } from '../runtime/clock.ts'

/** A call of a store that has not returned. */
export interface StoreCall {
  readonly store: string
  readonly operation: string
  /** On the clock's monotonic scale. */
  readonly since: number
  readonly clock: Clock
  /** What the caller gave: that of its `process` call says whose call it is. */
  readonly signal: AbortSignal | undefined
}

/** By processor. */
const underWay = new Map<string, Set<StoreCall>>()
/** Those of `process` calls. */
const processSignals = new WeakSet<AbortSignal>()

/** The calls that this processor waits for: whoever makes one adds it, and removes it when it has returned. */
export function storeCallsOf(processor: string): Set<StoreCall> {
  let calls = underWay.get(processor)
  if (calls === undefined) underWay.set(processor, (calls = new Set()))
  return calls
}

/** From now on, store calls with this signal are known to be those of one partition's `process` calls. */
export function ownStoreCalls(signal: AbortSignal): void {
  processSignals.add(signal)
}

/**
 * The call that the `process` call with this signal has waited for longest. Where calls have no such signal, it is a guess: any
 * that the processor has made since that `process` call began.
 */
export function longestStoreCall(processor: string, clock: Clock, signal: AbortSignal, since: number): StoreCall | undefined {
  // In the order made, so the first is the longest.
  for (const call of underWay.get(processor) ?? []) {
    if (call.clock !== clock || call.since < since) continue
    if (call.signal === signal || call.signal === undefined || !processSignals.has(call.signal)) return call
  }
  return undefined
}
