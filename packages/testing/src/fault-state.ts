import type { KafkaClient } from '@kasper/core'

/** What a fault is for, or what may be hit by one; what is left out stands for all. */
export interface FaultScope {
  readonly topic?: string | undefined
  readonly partition?: number | undefined
  readonly groupId?: string | undefined
  readonly client?: KafkaClient | undefined
}

/** What can fail a number of times. */
export type Failing = 'produce' | 'ack' | 'commit'
/** What can be out of order until a test says otherwise. */
export type Lasting = 'fetch' | 'ack' | 'commit' | 'broker' | 'client'

interface Failure {
  readonly kind: Failing
  readonly scope: FaultScope
  /** How many go well before. */
  after: number
  /** How many fail then. */
  times: number
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
  #failures: Failure[] = []
  #lasting: LastingFault[] = []

  /** From now on, `after` operations go well, then `times` fail. */
  addFailure(kind: Failing, scope: FaultScope, after: number, times: number): void {
    if (times > 0) this.#failures.push({ kind, scope, after, times })
  }

  /** Whether this operation fails; counts it. */
  strikes(kind: Failing, at: FaultScope): boolean {
    for (const failure of this.#failures) {
      if (failure.kind !== kind || !matches(failure.scope, at)) continue
      if (failure.after > 0) {
        failure.after--
        continue
      }
      if (--failure.times === 0) this.#failures = this.#failures.filter((one) => one !== failure)
      return true
    }
    return false
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

  /** Whether the broker is away. */
  isAway(): boolean {
    return this.heldUp('broker', {}) !== undefined
  }

  /** Whether this client reaches the broker. */
  canReach(client: KafkaClient): boolean {
    return !this.isAway() && this.heldUp('client', { client }) === undefined
  }

  /** Ends all faults. */
  clear(): void {
    this.#failures = []
    for (const fault of this.#lasting) fault.release()
  }

  #notify(kind: Lasting): void {
    if (kind !== 'ack' && kind !== 'commit') for (const watcher of this.watchers) watcher()
  }
}

function matches(scope: FaultScope, at: FaultScope): boolean {
  return (
    (scope.topic === undefined || scope.topic === at.topic) &&
    (scope.partition === undefined || scope.partition === at.partition) &&
    (scope.groupId === undefined || scope.groupId === at.groupId) &&
    (scope.client === undefined || scope.client === at.client)
  )
}
