import type { KafkaClient } from '@kasper/core'

/** The scope of a fault, or of a single operation. In a fault, a property that is left out matches everything. */
export interface FaultScope {
  readonly api?: string | undefined
  readonly topic?: string | undefined
  readonly partition?: number | undefined
  readonly groupId?: string | undefined
  readonly transactionalId?: string | undefined
  readonly clientId?: string | undefined
  readonly client?: KafkaClient | undefined
  /** The broker's id, if there are several brokers. */
  readonly nodeId?: number | undefined
}

/** Faults that fail a number of operations. */
export type FailureKind = 'produce' | 'ack' | 'commit'
/** Faults that last until a test releases them. */
export type HoldKind = 'fetch' | 'ack' | 'commit' | 'broker' | 'client'
/** Faults of requests. */
export type RequestFaultKind = 'error' | 'lost-request' | 'lost-response' | 'delay'

/** The settings of a fault. */
export interface FaultSetting {
  readonly kind: FailureKind | RequestFaultKind
  readonly scope: FaultScope
  /** How many operations succeed first. */
  readonly after: number
  /** How many operations fail then; `Infinity` for all. */
  readonly times: number
  /** The code of an `error` fault. */
  readonly errorCode?: number | undefined
  /** The delay of a `delay` fault; until its release if left out. */
  readonly delayMs?: number | undefined
}

/** A fault that hits a number of operations, unless it is released before. */
export interface ActiveFault extends FaultSetting {
  /** How many operations matched the fault, and how many of them it has hit. */
  met: number
  struck: number
  readonly released: Promise<void>
  release(): void
}

interface HoldFault {
  readonly kind: HoldKind
  readonly scope: FaultScope
  readonly released: Promise<void>
  readonly release: () => void
}

/** The active faults. */
export class FaultState {
  /** Called when a broker or a client becomes reachable or unreachable, and when held fetches may continue. */
  readonly watchers: Set<() => void> = new Set()
  /** The faults of requests, in the order in which they were added. */
  readonly forRequests: Set<ActiveFault> = new Set()
  readonly #failures: Set<ActiveFault> = new Set()
  #lasting: HoldFault[] = []

  /** Adds a fault. */
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

  /** Counts this operation, and returns whether it fails. */
  strikes(kind: FailureKind, at: FaultScope): boolean {
    for (const failure of this.#failures) {
      if (failure.kind === kind && matches(failure.scope, at) && this.strike(failure)) return true
    }
    return false
  }

  /** Counts an operation that matches the fault, and returns whether the fault hits it. */
  strike(fault: ActiveFault): boolean {
    if (fault.met++ < fault.after || fault.struck >= fault.times) return false
    // A used-up fault is removed. A `delay` fault stays, because answers may wait for its release.
    if (++fault.struck >= fault.times && fault.kind !== 'delay') fault.release()
    return true
  }

  /** Starts a fault, which lasts until the returned function is called. */
  begin(kind: HoldKind, scope: FaultScope): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    const fault: HoldFault = {
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

  /** Resolves when this operation may continue; `undefined` if it may now. */
  heldUp(kind: HoldKind, at: FaultScope): Promise<void> | undefined {
    return this.#lasting.find((fault) => fault.kind === kind && matches(fault.scope, at))?.released
  }

  /** Whether the broker with this id is away. Without an id, whether all brokers are. */
  isAway(nodeId?: number): boolean {
    return this.heldUp('broker', { nodeId }) !== undefined
  }

  /** Whether a client can reach the broker. Clients in this process are known themselves, others by their client id only. */
  canReach(client: Pick<FaultScope, 'client' | 'clientId'>): boolean {
    if (this.#lasting.length === 0) return true
    return !this.isAway() && this.heldUp('client', client) === undefined
  }

  /** Ends all faults. */
  clear(): void {
    for (const fault of [...this.#failures, ...this.forRequests, ...this.#lasting]) fault.release()
  }

  #notify(kind: HoldKind): void {
    if (kind !== 'ack' && kind !== 'commit') for (const watcher of this.watchers) watcher()
  }
}

/** Whether a fault with this scope matches the operation. */
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
