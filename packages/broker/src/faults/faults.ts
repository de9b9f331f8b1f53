import type { KafkaClient, TopicPartition } from '@kasper/core'
import { errorCodes } from '@kasper/protocol'
import type { FaultApi } from './api-errors.ts'
import { checkFault, type FaultProperty } from './fault-checks.ts'
import type { FailureKind, FaultScope, FaultState, HoldKind, RequestFaultKind } from './fault-state.ts'

export type { FaultApi } from './api-errors.ts'

/** The name of an error that a broker can answer with. */
export type ErrorName = Exclude<keyof typeof errorCodes, 'NONE'>

/** The partitions that a fault applies to. A property that is left out matches everything. */
export interface FaultPartition {
  readonly topic?: string | undefined
  readonly partition?: number | undefined
}

/** The group that a fault applies to; all groups if left out. */
export interface FaultGroup {
  readonly groupId?: string | undefined
}

/** The broker that a fault applies to, by id; all brokers if left out. */
export interface FaultBroker {
  readonly broker?: number | undefined
}

/** The requests that a fault applies to. A property that is left out matches everything. */
export interface FaultRequest extends FaultPartition, FaultGroup {
  /** Kafka's name of the API, such as `Produce`, `Fetch` or `OffsetCommit`. */
  readonly api?: FaultApi | undefined
  readonly transactionalId?: string | undefined
  /** The client's `client.id`. Clients within the process have `kasper`. */
  readonly clientId?: string | undefined
}

/** Which operations fail. */
export interface FaultCount {
  /** How many operations succeed first. @default 0 */
  readonly after?: number | undefined
  /** How many operations fail then; `Infinity` for all. @default 1 */
  readonly times?: number | undefined
}

/** A fault that lasts until it is released. `using` releases it at the end of the block. */
export interface Hold extends Disposable {
  release(): void
}

/** A fault that hits a number of operations, unless it is released before. */
export interface Fault extends Hold {
  /** How many operations the fault has hit. */
  readonly struck: number
}

const turn = ['after', 'times'] as const
const place = ['topic', 'partition'] as const
const request = ['api', ...place, 'groupId', 'transactionalId', 'clientId'] as const

/** The broker that faults apply to. */
export interface FaultTarget {
  readonly faults: FaultState
  /** Throws `CONFIG_INVALID` if there is no broker with this id. */
  checkBroker(id: number): void
  moveLeader(partition: TopicPartition, brokerId: number): void
  rebalance(groupId: string): void
}

/** The faults of an embedded Kafka. Without a call to one of these methods, nothing fails. */
export class Faults {
  readonly #broker: FaultTarget

  constructor(broker: FaultTarget) {
    this.#broker = broker
  }

  /** Rejects writes: `send` rejects with `PRODUCE_FAILED`, and nothing is written to the partition. */
  failProduce(fault: FaultPartition & FaultCount = {}): Fault {
    checkFault('failProduce', fault, [...place, ...turn])
    return this.#fail('produce', fault)
  }

  /**
   * Loses the acknowledgements of writes: the records are written, but the connection breaks before the answer. A client that repeats the
   * request, as Kasper's does, writes them again.
   */
  loseAcks(fault: FaultPartition & FaultCount = {}): Fault {
    checkFault('loseAcks', fault, [...place, ...turn])
    return this.#fail('ack', fault)
  }

  /** Rejects commits with `COMMIT_FAILED`. No offset is committed. */
  failCommits(fault: FaultGroup & FaultCount = {}): Fault {
    checkFault('failCommits', fault, ['groupId', ...turn])
    return this.#fail('commit', fault)
  }

  /** Holds fetches. Messages that were fetched before are still delivered. */
  holdFetches(fault: FaultPartition = {}): Hold {
    return this.#hold('fetch', 'holdFetches', fault, place)
  }

  /** Holds the acknowledgements of writes: the records are written, but `send` does not resolve. */
  holdAcks(fault: FaultPartition = {}): Hold {
    return this.#hold('ack', 'holdAcks', fault, place)
  }

  /** Holds commits. Their offsets are committed after the release. */
  holdCommits(fault: FaultGroup = {}): Hold {
    return this.#hold('commit', 'holdCommits', fault, ['groupId'])
  }

  /**
   * Answers requests with an error, without executing them. The error is at the same place as in the real broker's answer: with
   * the topic, partition, group or coordinator, or for the whole answer. The other parts of the request are executed.
   *
   * @example
   * kafka.faults.failRequests({ api: 'Produce', topic: 'orders', partition: 0, error: 'NOT_LEADER_OR_FOLLOWER', times: 3 })
   * kafka.faults.failRequests({ groupId: 'readers', error: 'COORDINATOR_LOAD_IN_PROGRESS', times: Infinity })
   */
  failRequests({ error, ...fault }: FaultRequest & FaultCount & { readonly error: ErrorName }): Fault {
    checkFault('failRequests', { error, ...fault }, ['error!', ...request, ...turn])
    return this.#fail('error', fault, { errorCode: errorCodes[error] })
  }

  /**
   * Loses requests: the broker does not execute them, and closes the connection.
   *
   * @example
   * kafka.faults.loseRequests({ api: 'JoinGroup', groupId: 'readers', times: 2 })
   */
  loseRequests(fault: FaultRequest & FaultCount = {}): Fault {
    checkFault('loseRequests', fault, [...request, ...turn])
    return this.#fail('lost-request', fault)
  }

  /**
   * Loses responses: the broker executes the requests, but closes the connection before it answers.
   *
   * @example
   * kafka.faults.loseResponses({ api: 'EndTxn', transactionalId: 'payments' })
   */
  loseResponses(fault: FaultRequest & FaultCount = {}): Fault {
    checkFault('loseResponses', fault, [...request, ...turn])
    return this.#fail('lost-response', fault)
  }

  /**
   * Executes requests, but delays the answers by `delayMs`, or until the release. Delays all answers, unless `times` is given. As with a
   * real broker, later requests on the same TCP connection wait too.
   *
   * @example
   * using slow = kafka.faults.delayResponses({ api: 'Produce', topic: 'orders', delayMs: 500 })
   * using hanging = kafka.faults.delayResponses({ clientId: 'audit' })
   */
  delayResponses({
    delayMs,
    times = Infinity,
    ...fault
  }: FaultRequest & FaultCount & { readonly delayMs?: number | undefined } = {}): Fault {
    checkFault('delayResponses', { delayMs, times, ...fault }, ['delayMs', ...request, ...turn])
    return this.#fail('delay', { ...fault, times }, { delayMs })
  }

  /**
   * Makes the broker unreachable until the release. Kasper's clients retry with growing pauses, and reject with `BROKER_UNREACHABLE` in the
   * end: admin clients after 10 seconds, producers after 30, consumers after their session timeout. The broker's sessions do not expire
   * meanwhile. A member that gets no answer for its session timeout has to assume that its session has expired.
   *
   * With `broker`, only this broker is unreachable. Other brokers take over its partitions, groups and transactions at once, and keep
   * them after the release.
   */
  brokerAway(fault: FaultBroker = {}): Hold {
    checkFault('brokerAway', fault, ['broker'])
    if (fault.broker !== undefined) this.#broker.checkBroker(fault.broker)
    return this.#hold('broker', 'brokerAway', { nodeId: fault.broker })
  }

  /**
   * Makes the broker unreachable for this client until the release: the client's calls wait, and its members' sessions expire. It loses its
   * connections, and any new connection at the first request. A `client.id` stands for all clients with it; for those within the process,
   * it is `kasper`.
   */
  cutOff(client: KafkaClient | string): Hold {
    if (typeof client === 'string') return this.#hold('client', 'cutOff', { clientId: client }, ['clientId!'])
    return this.#hold('client', 'cutOff', { client })
  }

  /**
   * Makes another broker the leader of a partition, at once. Throws `CONFIG_INVALID` if the broker has no replica of the partition, or
   * is away.
   *
   * @example
   * await using kafka = await EmbeddedKafka.listen({ brokers: 3 })
   * kafka.createTopic('orders')
   * kafka.faults.moveLeader({ topic: 'orders', partition: 0, broker: 2 })
   */
  moveLeader(to: TopicPartition & { readonly broker: number }): void {
    checkFault('moveLeader', to, ['topic!', 'partition!', 'broker!'])
    this.#broker.moveLeader(to, to.broker)
  }

  /** Asks all members of a group to join again, at once. */
  rebalance(groupId: string): void {
    this.#broker.rebalance(groupId)
  }

  /** Ends all faults. */
  clear(): void {
    this.#broker.faults.clear()
  }

  #fail(
    kind: FailureKind | RequestFaultKind,
    { after = 0, times = 1, ...scope }: FaultScope & FaultCount,
    more: { readonly errorCode?: number; readonly delayMs?: number | undefined } = {},
  ): Fault {
    const fault = this.#broker.faults.add({ kind, scope, after, times, ...more })
    return {
      get struck() {
        return fault.struck
      },
      release: fault.release,
      [Symbol.dispose]: fault.release,
    }
  }

  #hold(kind: HoldKind, name: string, scope: FaultScope, allowed?: readonly (FaultProperty | `${FaultProperty}!`)[]): Hold {
    if (allowed !== undefined) checkFault(name, scope, allowed)
    const release = this.#broker.faults.begin(kind, scope)
    return { release, [Symbol.dispose]: release }
  }
}
