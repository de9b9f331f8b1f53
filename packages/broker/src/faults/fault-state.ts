import type { KafkaClient } from '@kasper/core'

/** What a fault is for, or what may be hit by one; what is left out stands for all. */
export interface FaultScope {
  readonly api?: string | undefined
  readonly topic?: string | undefined
  readonly partition?: number | undefined
  readonly groupId?: string | undefined
  readonly transactionalId?: string | undefined
  readonly clientId?: string | undefined
  readonly client?: KafkaClient | undefined
  /** The broker, where there are several. */
  readonly nodeId?: number | undefined
}

/** What can fail a number of times, within the process and over TCP. */
export type Failing = 'produce' | 'ack' | 'commit'
/** What can be out of order until a test says otherwise. */
export type Lasting = 'fetch' | 'ack' | 'commit' | 'broker' | 'client'
/** What can happen to requests that come over TCP. */
export type RequestFailing = 'error' | 'lost-request' | 'lost-response' | 'delay'

/** What a fault is set to. */
export interface FaultSetting {
  readonly kind: Failing | RequestFailing
  readonly scope: FaultScope
  /** How many go well before. */
  readonly after: number
  /** How many are hit then; `Infinity` for all. */
  readonly times: number
  /** Of `error`. */
  readonly errorCode?: number | undefined
  /** Of `delay`; left out, until it is released. */
  readonly delayMs?: number | undefined
}

/** A fault that hits a number of times, or until it is released. */
export interface ActiveFault extends FaultSetting {
  /** How often it was met, and how often it has struck. */
  met: number
  struck: number
  readonly released: Promise<void>
  release(): void
}

interface LastingFault {
  readonly kind: Lasting
  readonly scope: FaultScope
  readonly released: Promise<void>
  readonly release: () => void
}

/** The faults that are in force; the broker and its clients ask here. */
export class FaultState {
  /** Called when the broker, or a client's way to it, goes or comes back, and when fetches may go on. */
  readonly watchers: Set<() => void> = new Set()
  /** Those for requests over TCP, in the order in which they were set. */
  readonly forRequests: Set<ActiveFault> = new Set()
  readonly #failures: Set<ActiveFault> = new Set()
  #lasting: LastingFault[] = []

  /** From now on, `after` operations go well, then `times` are hit. */
  add(setting: FaultSetting): ActiveFault {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { kind } = setting
    const list = kind === 'produce' || kind === 'ack' || kind === 'commit' ? this.#failures : this.forRequests
    const fault: ActiveFault = {
      ...setting,
      met: 0,
      struck: 0,
      released: promise,
      release: () => {
        list.delete(fault)
        resolve()
      },
    }
    list.add(fault)
    return fault
  }

  /** Whether this operation fails; counts it. */
  strikes(kind: Failing, at: FaultScope): boolean {
    for (const failure of this.#failures) {
      if (failure.kind === kind && matches(failure.scope, at) && this.strike(failure)) return true
    }
    return false
  }

  /** Counts an operation that a fault is for, and says whether it is one of those that are hit. */
  strike(fault: ActiveFault): boolean {
    if (fault.met++ < fault.after || fault.struck >= fault.times) return false
    // One that is used up goes, unless there may be answers that wait for its release.
    if (++fault.struck >= fault.times && fault.kind !== 'delay') fault.release()
    return true
  }

  /** Begins a fault that lasts until the returned function is called. */
  begin(kind: Lasting, scope: FaultScope): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    const fault: LastingFault = {
      kind,
      scope,
      released: promise,
      release: () => {
        this.#lasting = this.#lasting.filter((one) => one !== fault)
        resolve()
        this.#notify(kind)
      },
    }
    this.#lasting.push(fault)
    this.#notify(kind)
    return fault.release
  }

  /** What this operation has to wait for, if anything. */
  heldUp(kind: Lasting, at: FaultScope): Promise<void> | undefined {
    return this.#lasting.find((fault) => fault.kind === kind && matches(fault.scope, at))?.released
  }

  /** Whether the broker is away; without an id, whether all are. */
  isAway(nodeId?: number): boolean {
    return this.heldUp('broker', { nodeId }) !== undefined
  }

  /** Whether this client, or one of this client id, reaches the broker. */
  canReach(client: KafkaClient | string): boolean {
    if (this.#lasting.length === 0) return true
    const at = typeof client === 'string' ? { clientId: client } : { client }
    return !this.isAway() && this.heldUp('client', at) === undefined
  }

  /** Ends all faults. */
  clear(): void {
    for (const fault of [...this.#failures, ...this.forRequests, ...this.#lasting]) fault.release()
  }

  #notify(kind: Lasting): void {
    if (kind !== 'ack' && kind !== 'commit') for (const watcher of this.watchers) watcher()
  }
}

/** Whether a fault of this scope hits what is here. */
export function matches(scope: FaultScope, at: FaultScope): boolean {
  return (
    (scope.api === undefined || scope.api === at.api) &&
    (scope.topic === undefined || scope.topic === at.topic) &&
    (scope.partition === undefined || scope.partition === at.partition) &&
    (scope.groupId === undefined || scope.groupId === at.groupId) &&
    (scope.transactionalId === undefined || scope.transactionalId === at.transactionalId) &&
    (scope.clientId === undefined || scope.clientId === at.clientId) &&
    (scope.client === undefined || scope.client === at.client) &&
    (scope.nodeId === undefined || scope.nodeId === at.nodeId)
  )
}
