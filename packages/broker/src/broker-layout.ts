// Which broker does what: who leads which partition, and who coordinates which group and which transactions.
import { KasperError } from '@kasper/core'
import { readBatchHeader } from '@kasper/protocol'
import type { FaultState } from './faults/fault-state.ts'
import type { PartitionLog } from './logs/partition-log.ts'
import type { Topic } from './logs/topic.ts'

/** The id of the first broker. */
export const FIRST_BROKER = 1
/** Instead of a broker's id, where there is none. */
export const NO_BROKER = -1
/** Instead of an epoch and an offset, where nothing is known of that epoch. */
const UNDEFINED = -1
/** On as many brokers a partition is, if there are so many. */
const DEFAULT_REPLICATION = 3
/** As many as Kafka's own topics of groups and of transactions have partitions; whoever leads one of these coordinates. */
const COORDINATOR_SLOTS = 50

/** A broker, and where clients find it. */
export interface BrokerNode {
  readonly id: number
  readonly host: string
  readonly port: number
}

/** Where a partition is. */
export interface Placement {
  /** The preferred leader comes first. */
  readonly replicas: readonly number[]
  readonly leader: number
}

interface PlacedLog extends Placement {
  leader: number
  /** Where each epoch began that anything was written in, in order. */
  readonly epochs: EpochStart[]
}

interface EpochStart {
  readonly epoch: number
  readonly startOffset: number
}

/**
 * The brokers of one cluster. They share everything that is stored; what makes them several is that a client has to ask the right
 * one, and that one of them can go away.
 */
export class BrokerLayout {
  /** All brokers; one that is not listening has no address. */
  nodes: readonly BrokerNode[] = [{ id: FIRST_BROKER, host: '', port: 0 }]
  #isWhole = true
  readonly #topics: ReadonlyMap<string, Topic>
  readonly #faults: FaultState
  readonly #placed = new WeakMap<PartitionLog, PlacedLog>()
  readonly #coordinators: number[] = Array.from({ length: COORDINATOR_SLOTS }, () => FIRST_BROKER)

  constructor(topics: ReadonlyMap<string, Topic>, faults: FaultState) {
    this.#topics = topics
    this.#faults = faults
    faults.watchers.add(() => this.#elect())
  }

  /** Whether no broker is away. */
  get isWhole(): boolean {
    return this.#isWhole
  }

  /** The brokers that can be reached. */
  get live(): readonly BrokerNode[] {
    return this.nodes.filter(({ id }) => this.isLive(id))
  }

  /** Makes these the brokers, before anybody has asked anything. */
  open(nodes: readonly BrokerNode[]): void {
    this.nodes = nodes
    for (let slot = 0; slot < COORDINATOR_SLOTS; slot++) this.#coordinators[slot] = nodes[slot % nodes.length]!.id
  }

  /** Whether the broker is there, and has not gone away. */
  isLive(id: number): boolean {
    return this.nodes.some((node) => node.id === id) && !this.#faults.isAway(id)
  }

  /** Where the partition is. Partition 0 begins with the first broker, partition 1 with the second. */
  placement(log: PartitionLog): Placement {
    return this.nodes.length === 1 ? alone : this.#place(log)
  }

  /** On how many brokers partitions are, unless their topic says so. */
  get defaultReplication(): number {
    return Math.min(DEFAULT_REPLICATION, this.nodes.length)
  }

  /** On how many brokers each partition of a topic is. */
  replicationFactor(topic: string): number {
    return this.#topics.get(topic)?.replicationFactor ?? this.defaultReplication
  }

  /** Puts partitions on these brokers, before anybody has asked for them. */
  place(log: PartitionLog, replicas: readonly number[]): void {
    this.#placed.set(log, { replicas, leader: this.#firstLive(replicas), epochs: writtenEpochs(log) })
  }

  /** Makes a broker the leader of a partition, in a new epoch. Throws `CONFIG_INVALID` where it cannot be. */
  moveLeader(log: PartitionLog, to: number): void {
    const placed = this.#place(log)
    const { topic, partition } = log
    this.check(to)
    if (!placed.replicas.includes(to)) {
      const message = `Broker ${to} cannot lead ${topic}/${partition}: it has no replica; brokers ${placed.replicas.join(', ')} have`
      throw new KasperError('CONFIG_INVALID', message, { topic, partition })
    }
    if (this.#faults.isAway(to)) {
      const message = `Broker ${to} cannot lead ${topic}/${partition} while it is away; release brokerAway first`
      throw new KasperError('CONFIG_INVALID', message, { topic, partition })
    }
    if (placed.leader !== to) lead(log, placed, to)
  }

  /** Throws `CONFIG_INVALID` where there is no such broker. */
  check(id: number): void {
    if (this.nodes.some((node) => node.id === id)) return
    const ids = this.nodes.map((node) => node.id).join(', ')
    throw new KasperError(
      'CONFIG_INVALID',
      `There is no broker ${id}, only ${ids}; MemoryKafka.listen({ brokers }) makes several`,
    )
  }

  /** Who coordinates the group, or the transactions, of this id: as in Kafka, the id's hash decides. */
  coordinator(id: string): BrokerNode {
    const found = this.#coordinators[Math.abs(hash(id)) % COORDINATOR_SLOTS]
    return this.nodes.find((node) => node.id === found)!
  }

  /** The epoch in which this offset was written, or will be. */
  epochAt(log: PartitionLog, offset: number): number {
    return epochsOf(log, this.#place(log)).findLast(({ startOffset }) => startOffset <= offset)?.epoch ?? UNDEFINED
  }

  /** The last epoch up to this one in which anything was written, and where it ends; -1 and -1 where that is not known. */
  endOfEpoch(log: PartitionLog, wanted: number): { readonly epoch: number; readonly endOffset: number } {
    if (wanted === log.leaderEpoch) return { epoch: wanted, endOffset: log.highWatermark }
    const epochs = epochsOf(log, this.#place(log))
    const next = epochs.find(({ epoch }) => epoch > wanted)
    if (wanted < 0 || next === undefined) return { epoch: UNDEFINED, endOffset: UNDEFINED }
    const last = epochs.findLast(({ epoch }) => epoch <= wanted)
    return { epoch: last?.epoch ?? wanted, endOffset: next.startOffset }
  }

  #place(log: PartitionLog): PlacedLog {
    const placed = this.#placed.get(log)
    if (placed !== undefined) return placed
    const { length } = this.nodes
    const count = Math.min(this.replicationFactor(log.topic), length)
    this.place(
      log,
      Array.from({ length: count }, (_, i) => this.nodes[(log.partition + i) % length]!.id),
    )
    return this.#placed.get(log)!
  }

  /** The others take over from a broker that is away; one that comes back leads what nobody else could. */
  #elect(): void {
    this.#isWhole = this.live.length === this.nodes.length
    // While nobody can be reached, nobody takes over.
    if (this.nodes.length === 1 || this.live.length === 0) return
    for (const { logs } of this.#topics.values()) {
      for (const log of logs) {
        const placed = this.#placed.get(log)
        if (placed === undefined || this.isLive(placed.leader)) continue
        const leader = this.#firstLive(placed.replicas)
        if (leader !== placed.leader) lead(log, placed, leader)
      }
    }
    const live = this.live.map(({ id }) => id)
    for (const [slot, id] of this.#coordinators.entries()) {
      if (!live.includes(id)) this.#coordinators[slot] = live[slot % live.length]!
    }
  }

  #firstLive(ids: readonly number[]): number {
    return ids.find((id) => this.isLive(id)) ?? NO_BROKER
  }
}

/** Where everything is while there is one broker. */
const alone: Placement = { replicas: [FIRST_BROKER], leader: FIRST_BROKER }

/** The epochs that the batches of a log say. */
function writtenEpochs(log: PartitionLog): EpochStart[] {
  const epochs: EpochStart[] = []
  for (const { bytes, at } of log.leaderEpoch === 0 ? [] : log.batches()) {
    const { leaderEpoch: epoch, baseOffset: startOffset } = readBatchHeader(bytes, at)
    if (epoch > (epochs.at(-1)?.epoch ?? UNDEFINED)) epochs.push({ epoch, startOffset })
  }
  return epochs.length > 0 ? epochs : [{ epoch: log.leaderEpoch, startOffset: 0 }]
}

/** Begins a new epoch. */
function lead(log: PartitionLog, placed: PlacedLog, leader: number): void {
  placed.leader = leader
  log.leaderEpoch++
  // Epochs in which nothing was written are forgotten, as Kafka does.
  const startOffset = log.highWatermark
  while (placed.epochs.length > 0 && placed.epochs.at(-1)!.startOffset >= startOffset) placed.epochs.pop()
  placed.epochs.push({ epoch: log.leaderEpoch, startOffset })
  log.notify() // whoever waits for messages here has to ask elsewhere
}

/** The epochs of what is still there. */
function epochsOf(log: PartitionLog, { epochs }: PlacedLog): readonly EpochStart[] {
  while (epochs.length > 1 && epochs[1]!.startOffset <= log.startOffset) epochs.shift()
  return epochs
}

/** Java's hash of a string. */
function hash(text: string): number {
  let value = 0
  for (let i = 0; i < text.length; i++) value = (Math.imul(value, 31) + text.charCodeAt(i)) | 0
  return value === -0x8000_0000 ? 0 : value
}
