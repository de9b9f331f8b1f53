import type { KafkaClient } from '@kasper/core'
import type { Broker } from './broker.ts'
import type { Failing, FaultScope, Lasting } from './fault-state.ts'

/** Which partitions a fault is for; what is left out stands for all. */
export interface FaultPlace {
  readonly topic?: string | undefined
  readonly partition?: number | undefined
}

/** Which group a fault is for; left out, all. */
export interface FaultGroup {
  readonly groupId?: string | undefined
}

/** Which operations fail. */
export interface FaultTurn {
  /** How many go well first. @default 0 */
  readonly after?: number | undefined
  /** How many fail then. @default 1 */
  readonly times?: number | undefined
}

/** A fault that lasts until it is released; `using` releases it at the end of the block. */
export interface Hold extends Disposable {
  release(): void
}

/** What goes wrong in a {@link MemoryKafka}, and when. Nothing does unless a test says so here. */
export class Faults {
  readonly #broker: Broker

  constructor(broker: Broker) {
    this.#broker = broker
  }

  /** Writes are refused: `send` rejects with `PRODUCE_FAILED`, and nothing is written to that partition. */
  failProduce(fault: FaultPlace & FaultTurn = {}): void {
    this.#fail('produce', fault)
  }

  /** Writes happen, but their acknowledgement gets lost: `send` rejects with `PRODUCE_FAILED` all the same. */
  loseAcks(fault: FaultPlace & FaultTurn = {}): void {
    this.#fail('ack', fault)
  }

  /** Commits are refused with `COMMIT_FAILED`, and nothing of them is committed. */
  failCommits(fault: FaultGroup & FaultTurn = {}): void {
    this.#fail('commit', fault)
  }

  /** Fetches hang from now on. What was fetched already is still handed out. */
  holdFetches(place: FaultPlace = {}): Hold {
    return this.#hold('fetch', place)
  }

  /** Writes happen, but `send` waits for its acknowledgement. */
  holdAcks(place: FaultPlace = {}): Hold {
    return this.#hold('ack', place)
  }

  /** Commits hang, and nothing of them is committed until they are released. */
  holdCommits(group: FaultGroup = {}): Hold {
    return this.#hold('commit', group)
  }

  /**
   * The broker goes away until it is released. Clients try again with growing pauses for 30 seconds, then their calls reject
   * with `BROKER_UNREACHABLE`. Sessions do not expire meanwhile, but members that hear nothing for their session timeout have to
   * assume that theirs has.
   */
  brokerAway(): Hold {
    return this.#hold('broker', {})
  }

  /** This client cannot reach the broker until it is released: its calls wait, and its members' sessions expire. */
  cutOff(client: KafkaClient): Hold {
    return this.#hold('client', { client })
  }

  /** The group's members are asked to join again, now. */
  rebalance(groupId: string): void {
    this.#broker.coordinator.rebalance(groupId)
  }

  /** Everything works again. */
  clear(): void {
    this.#broker.faults.clear()
  }

  #fail(kind: Failing, { after = 0, times = 1, ...scope }: FaultScope & FaultTurn): void {
    this.#broker.faults.addFailure(kind, scope, after, times)
  }

  #hold(kind: Lasting, scope: FaultScope): Hold {
    const release = this.#broker.faults.begin(kind, scope)
    return { release, [Symbol.dispose]: release }
  }
}
