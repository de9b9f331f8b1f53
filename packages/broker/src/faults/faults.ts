import type { KafkaClient, TopicPartition } from '@kasper/core'
import { errorCodes } from '@kasper/protocol'
import { checkFault, type FaultProperty } from './fault-checks.ts'
import type { Failing, FaultScope, FaultState, Lasting, RequestFailing } from './fault-state.ts'
import type { FaultApi } from './fault-places.ts'

export type { FaultApi } from './fault-places.ts'

/** An error that a broker answers with, as Kafka names it. */
export type ErrorName = Exclude<keyof typeof errorCodes, 'NONE'>

/** Which partitions a fault is for; what is left out stands for all. */
export interface FaultPlace {
  readonly topic?: string | undefined
  readonly partition?: number | undefined
}

/** Which group a fault is for; left out, all. */
export interface FaultGroup {
  readonly groupId?: string | undefined
}

/** Which of several brokers a fault is for, by its id; left out, all. */
export interface FaultBroker {
  readonly broker?: number | undefined
}

/** Which requests of clients over TCP a fault is for; what is left out stands for all. */
export interface FaultRequest extends FaultPlace, FaultGroup {
  /** The API, as Kafka names it: `Produce`, `Fetch`, `OffsetCommit`. */
  readonly api?: FaultApi | undefined
  readonly transactionalId?: string | undefined
  /** The `client.id` that the client was configured with. */
  readonly clientId?: string | undefined
}

/** Which operations fail. */
export interface FaultTurn {
  /** How many go well first. @default 0 */
  readonly after?: number | undefined
  /** How many fail then; `Infinity` for all. @default 1 */
  readonly times?: number | undefined
}

/** A fault that lasts until it is released; `using` releases it at the end of the block. */
export interface Hold extends Disposable {
  release(): void
}

/** A fault that strikes a number of times, unless it is released before. */
export interface Fault extends Hold {
  /** How often it has struck. */
  readonly struck: number
}

const turn = ['after', 'times'] as const
const place = ['topic', 'partition'] as const
const request = ['api', ...place, 'groupId', 'transactionalId', 'clientId'] as const

/** What faults change in a broker. */
export interface FaultTarget {
  readonly faults: FaultState
  /** Throws `CONFIG_INVALID` if there is no broker with this id. */
  checkBroker(id: number): void
  moveLeader(partition: TopicPartition, brokerId: number): void
  rebalance(groupId: string): void
}

/** What goes wrong in a {@link MemoryKafka}, and when. Nothing does unless a test says so here. */
export class Faults {
  readonly #broker: FaultTarget

  constructor(broker: FaultTarget) {
    this.#broker = broker
  }

  /** Writes are refused: `send` rejects with `PRODUCE_FAILED`, and nothing is written to that partition. */
  failProduce(fault: FaultPlace & FaultTurn = {}): Fault {
    checkFault('failProduce', fault, [...place, ...turn])
    return this.#fail('produce', fault)
  }

  /** Writes happen, but their acknowledgement gets lost: `send` rejects with `PRODUCE_FAILED` all the same. */
  loseAcks(fault: FaultPlace & FaultTurn = {}): Fault {
    checkFault('loseAcks', fault, [...place, ...turn])
    return this.#fail('ack', fault)
  }

  /** Commits are refused with `COMMIT_FAILED`, and nothing of them is committed. */
  failCommits(fault: FaultGroup & FaultTurn = {}): Fault {
    checkFault('failCommits', fault, ['groupId', ...turn])
    return this.#fail('commit', fault)
  }

  /** Fetches hang from now on. What was fetched already is still handed out. */
  holdFetches(fault: FaultPlace = {}): Hold {
    return this.#hold('fetch', 'holdFetches', fault, place)
  }

  /** Writes happen, but `send` waits for its acknowledgement. */
  holdAcks(fault: FaultPlace = {}): Hold {
    return this.#hold('ack', 'holdAcks', fault, place)
  }

  /** Commits hang, and nothing of them is committed until they are released. */
  holdCommits(fault: FaultGroup = {}): Hold {
    return this.#hold('commit', 'holdCommits', fault, ['groupId'])
  }

  /**
   * Requests over TCP are answered with an error, and not carried out. It stands where the real broker would put it: with the topic,
   * partition, group or coordinator that it is for, or with the whole answer. What else a request asks for is carried out.
   *
   * @example
   * kafka.faults.failRequests({ api: 'Produce', topic: 'orders', partition: 0, error: 'NOT_LEADER_OR_FOLLOWER', times: 3 })
   * kafka.faults.failRequests({ groupId: 'readers', error: 'COORDINATOR_LOAD_IN_PROGRESS', times: Infinity })
   */
  failRequests({ error, ...fault }: FaultRequest & FaultTurn & { readonly error: ErrorName }): Fault {
    checkFault('failRequests', { error, ...fault }, ['error!', ...request, ...turn])
    return this.#fail('error', fault, { errorCode: errorCodes[error] })
  }

  /**
   * Requests over TCP get lost: they are not carried out, and the connection breaks.
   *
   * @example
   * kafka.faults.loseRequests({ api: 'JoinGroup', groupId: 'readers', times: 2 })
   */
  loseRequests(fault: FaultRequest & FaultTurn = {}): Fault {
    checkFault('loseRequests', fault, [...request, ...turn])
    return this.#fail('lost-request', fault)
  }

  /**
   * Requests over TCP are carried out, but the connection breaks before they are answered.
   *
   * @example
   * kafka.faults.loseResponses({ api: 'EndTxn', transactionalId: 'payments' })
   */
  loseResponses(fault: FaultRequest & FaultTurn = {}): Fault {
    checkFault('loseResponses', fault, [...request, ...turn])
    return this.#fail('lost-response', fault)
  }

  /**
   * Requests over TCP are carried out, but answered so much later, or when this is released; all of them, unless `times` is given.
   * What comes on the same connection afterwards waits as well, as with a real broker.
   *
   * @example
   * using slow = kafka.faults.delayResponses({ api: 'Produce', topic: 'orders', delayMs: 500 })
   * using hanging = kafka.faults.delayResponses({ clientId: 'audit' })
   */
  delayResponses({
    delayMs,
    times = Infinity,
    ...fault
  }: FaultRequest & FaultTurn & { readonly delayMs?: number | undefined } = {}): Fault {
    checkFault('delayResponses', { delayMs, times, ...fault }, ['delayMs', ...request, ...turn])
    return this.#fail('delay', { ...fault, times }, { delayMs })
  }

  /**
   * The broker goes away until it is released. Clients try again with growing pauses for 30 seconds, then their calls reject
   * with `BROKER_UNREACHABLE`. Sessions do not expire meanwhile, but members that hear nothing for their session timeout have to
   * assume that theirs has.
   *
   * With `broker`, that one of several goes away: others take over its partitions, groups and transactions at once, and keep
   * them when it is back. Clients within the process notice nothing of it.
   */
  brokerAway(fault: FaultBroker = {}): Hold {
    checkFault('brokerAway', fault, ['broker'])
    if (fault.broker !== undefined) this.#broker.checkBroker(fault.broker)
    return this.#hold('broker', 'brokerAway', { nodeId: fault.broker })
  }

  /**
   * This client cannot reach the broker until it is released: its calls wait, and its members' sessions expire. Clients over TCP
   * are named by their `client.id`; they lose their connections, and every new one with its first request.
   */
  cutOff(client: KafkaClient | string): Hold {
    if (typeof client === 'string') return this.#hold('client', 'cutOff', { clientId: client }, ['clientId!'])
    return this.#hold('client', 'cutOff', { client })
  }

  /**
   * Another of several brokers leads the partition, now, as when leaders are balanced. Throws `CONFIG_INVALID` where it has no
   * replica of it, or is away.
   *
   * @example
   * await using kafka = await MemoryKafka.listen({ brokers: 3 })
   * kafka.createTopic('orders')
   * kafka.faults.moveLeader({ topic: 'orders', partition: 0, broker: 2 })
   */
  moveLeader(to: TopicPartition & { readonly broker: number }): void {
    checkFault('moveLeader', to, ['topic!', 'partition!', 'broker!'])
    this.#broker.moveLeader(to, to.broker)
  }

  /** The group's members are asked to join again, now. */
  rebalance(groupId: string): void {
    this.#broker.rebalance(groupId)
  }

  /** Everything works again. */
  clear(): void {
    this.#broker.faults.clear()
  }

  #fail(
    kind: Failing | RequestFailing,
    { after = 0, times = 1, ...scope }: FaultScope & FaultTurn,
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

  #hold(kind: Lasting, name: string, scope: FaultScope, allowed?: readonly (FaultProperty | `${FaultProperty}!`)[]): Hold {
    if (allowed !== undefined) checkFault(name, scope, allowed)
    const release = this.#broker.faults.begin(kind, scope)
    return { release, [Symbol.dispose]: release }
  }
}
