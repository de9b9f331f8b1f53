import type { KafkaClient } from '@kasper/core'
import type { Broker } from './broker.ts'

/** Which partitions a fault is for; what is left out stands for all. */
export interface FaultPlace {
  readonly topic?: string | undefined
  readonly partition?: number | undefined
}

/** When a fault that happens by itself strikes. */
export interface FaultTurn {
  /** How many go well first. @default 0 */
  readonly after?: number | undefined
  /** How many go wrong then. @default 1 */
  readonly times?: number | undefined
}

/** A fault that lasts until it is released; `using` releases it at the end of the block. */
export interface Hold extends Disposable {
  release(): void
}

type Place = FaultPlace & { readonly groupId?: string | undefined }
type Scripted = 'produce' | 'ack' | 'commit'
type Lasting = 'fetch' | 'ack' | 'commit' | 'broker' | 'client'

interface Rule extends Place {
  readonly kind: Scripted
  after: number
  times: number
}

interface LastingFault extends Place, Hold {
  readonly kind: Lasting
  readonly client?: KafkaClient | undefined
  readonly released: Promise<void>
}

/** What goes wrong in a {@link MemoryKafka}, and when. Nothing does unless a test says so here. */
export class Faults {
  readonly #broker: Broker
  /** Called when the broker, or a client's way to it, goes or comes back. */
  readonly watchers: Set<() => void> = new Set()
  #rules: Rule[] = []
  #lasting: LastingFault[] = []

  constructor(broker: Broker) {
    this.#broker = broker
  }

  /** Writes are refused: `send` rejects with `PRODUCE_FAILED`, and nothing is written to that partition. */
  failProduce(fault: FaultPlace & FaultTurn = {}): void {
    this.#addRule('produce', fault)
  }

  /** Writes happen, but their acknowledgement gets lost: `send` rejects with `PRODUCE_FAILED` all the same. */
  loseAcks(fault: FaultPlace & FaultTurn = {}): void {
    this.#addRule('ack', fault)
  }

  /** Commits are refused with `COMMIT_FAILED`, and nothing of them is committed. */
  failCommits(fault: FaultTurn & { readonly groupId?: string | undefined } = {}): void {
    this.#addRule('commit', fault)
  }

  /** Fetches hang from now on. What was fetched already is still handed out. */
  holdFetches(place: FaultPlace = {}): Hold {
    return this.#addLasting('fetch', place)
  }

  /** Writes happen, but `send` waits for its acknowledgement. */
  holdAcks(place: FaultPlace = {}): Hold {
    return this.#addLasting('ack', place)
  }

  /** Commits hang, and nothing of them is committed until they are released. */
  holdCommits(fault: { readonly groupId?: string | undefined } = {}): Hold {
    return this.#addLasting('commit', fault)
  }

  /**
   * The broker goes away until it is released. Clients try again with growing pauses for 30 seconds, then their calls reject
   * with `BROKER_UNREACHABLE`. Sessions do not expire meanwhile.
   */
  brokerAway(): Hold {
    return this.#addLasting('broker', {})
  }

  /** This client cannot reach the broker until it is released: its calls wait, and its members' sessions expire. */
  cutOff(client: KafkaClient): Hold {
    return this.#addLasting('client', { client })
  }

  /** The group's members are asked to join again, now. */
  rebalance(groupId: string): void {
    this.#broker.coordinator.rebalance(groupId)
  }

  /** Everything works again. */
  clear(): void {
    this.#rules = []
    for (const fault of this.#lasting.slice()) fault.release()
  }

  /** Whether the broker is away. */
  isAway(): boolean {
    return this.#lasting.some(({ kind }) => kind === 'broker')
  }

  /** Whether this client reaches the broker. */
  canReach(client: KafkaClient): boolean {
    return !this.#lasting.some((fault) => fault.kind === 'broker' || fault.client === client)
  }

  /** Whether this operation goes wrong; counts it. */
  strikes(kind: Scripted, place: Place): boolean {
    if (this.#rules.length === 0) return false
    for (const rule of this.#rules) {
      if (rule.kind !== kind || !matches(rule, place)) continue
      if (rule.after > 0) {
        rule.after--
        continue
      }
      if (--rule.times === 0) this.#rules.splice(this.#rules.indexOf(rule), 1)
      return true
    }
    return false
  }

  /** What this operation has to wait for, if anything. */
  heldUp(kind: Lasting, place: Place): Promise<void> | undefined {
    if (this.#lasting.length === 0) return undefined
    return this.#lasting.find((fault) => fault.kind === kind && matches(fault, place))?.released
  }

  #addRule(kind: Scripted, fault: Place & FaultTurn): void {
    const { after = 0, times = 1, ...place } = fault
    if (times > 0) this.#rules.push({ kind, after, times, ...place })
  }

  #addLasting(kind: Lasting, fault: Place & Pick<LastingFault, 'client'>): Hold {
    const { promise, resolve } = Promise.withResolvers<void>()
    const hold = holdOf(() => {
      this.#lasting = this.#lasting.filter((one) => one !== lasting)
      if (kind === 'broker' && !this.isAway()) this.#broker.coordinator.restartSessions()
      resolve()
      this.#notify(kind)
    })
    const lasting: LastingFault = { kind, ...fault, ...hold, released: promise }
    this.#lasting.push(lasting)
    this.#notify(kind)
    return hold
  }

  #notify(kind: Lasting): void {
    if (kind !== 'broker' && kind !== 'client') return
    for (const watcher of this.watchers) watcher()
  }
}

function holdOf(release: () => void): Hold {
  return { release, [Symbol.dispose]: release }
}

function matches(fault: Place, place: Place): boolean {
  return (
    (fault.topic === undefined || fault.topic === place.topic) &&
    (fault.partition === undefined || fault.partition === place.partition) &&
    (fault.groupId === undefined || fault.groupId === place.groupId)
  )
}
