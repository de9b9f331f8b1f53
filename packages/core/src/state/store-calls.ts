import type { Clock } from '../runtime/clock.ts'

/** A store call that has not returned yet. */
export interface StoreCall {
  readonly store: string
  readonly operation: string
  /** When the call began: milliseconds of `clock.monotonic()`. */
  readonly since: number
  readonly clock: Clock
  /** The caller's signal. If it is the signal of a `process` call, it tells which partition made the call. */
  readonly signal: AbortSignal | undefined
}

/** By processor. */
const pendingCalls = new Map<string, Set<StoreCall>>()
/** The signals that were given to `process` calls. */
const processSignals = new WeakSet<AbortSignal>()

/** The pending calls of this processor. A metered store adds each call, and removes it when it returns. */
export function pendingCallsOf(processor: string): Set<StoreCall> {
  let calls = pendingCalls.get(processor)
  if (calls === undefined) pendingCalls.set(processor, (calls = new Set()))
  return calls
}

/** Registers the signal that a partition's `process` calls get, so that store calls with this signal belong to the partition. */
export function registerProcessSignal(signal: AbortSignal): void {
  processSignals.add(signal)
}

/**
 * The store call that the `process` call with this signal has waited for longest. A call without the signal of any `process` call
 * counts too if it began after `since`: it may be another partition's.
 */
export function longestStoreCall(processor: string, clock: Clock, signal: AbortSignal, since: number): StoreCall | undefined {
  // The set is in the order of the calls, so the first match has waited longest.
  for (const call of pendingCalls.get(processor) ?? []) {
    if (call.clock !== clock || call.since < since) continue
    if (call.signal === signal || call.signal === undefined || !processSignals.has(call.signal)) return call
  }
  return undefined
}
