// The brokers of the cluster: the replicas and the leader of each partition, and the coordinator of each group and transactional id.
import { KasperError } from '@kasper/core'
import { readBatchHeader } from '@kasper/protocol'
import type { FaultState } from './faults/fault-state.ts'
import type { PartitionLog } from './logs/partition-log.ts'
import type { Topic } from './logs/topic.ts'

/** The id of the first broker. */
export const FIRST_BROKER = 1
/** Stands for a broker id where there is no broker. */
export const NO_BROKER = -1
/** Stands for an epoch or an offset that is not known. */
const UNDEFINED = -1
/** The default replication factor, if there are that many brokers. */
const DEFAULT_REPLICATION = 3
/** The number of coordinator slots. Kafka's internal topics for offsets and transactions have as many partitions. */
const COORDINATOR_SLOTS = 50

/** A broker, with the address that clients connect to. */
export interface BrokerNode {
  readonly id: number
  readonly host: string
  readonly port: number
}

/** The replicas and the leader of a partition. */
export interface Placement {
  /** The broker ids of all replicas. The first one is the preferred leader. */
  readonly replicas: readonly number[]
  readonly leader: number
}

interface LogPlacement extends Placement {
  leader: number
  /** The epochs with records, and where each of them starts, in order. */
  readonly epochs: EpochStart[]
}

interface EpochStart {
  readonly epoch: number
  readonly startOffset: number
}

/**
 * The brokers of one cluster. They share all stored data. As in a real cluster, a client must ask the right broker, and a single broker
 * can go away.
 */
export class BrokerLayout {
  /** All brokers. Without a listener, the only broker has no address. */
  nodes: readonly BrokerNode[] = [{ id: FIRST_BROKER, host: '', port: 0 }]
  #isWhole = true
  readonly #topics: ReadonlyMap<string, Topic>
  readonly #faults: FaultState
  readonly #placements = new WeakMap<PartitionLog, LogPlacement>()
  readonly #coordinators: number[] = Array.from({ length: COORDINATOR_SLOTS }, () => FIRST_BROKER)

  constructor(topics: ReadonlyMap<string, Topic>, faults: FaultState) {
    this.#topics = topics
    this.#faults = faults
    faults.watchers.add(() => this.#electLeaders())
  }

  /** Whether all brokers are reachable. */
  get isWhole(): boolean {
    return this.#isWhole
  }

  /** The reachable brokers. */
  get live(): readonly BrokerNode[] {
    return this.nodes.filter(({ id }) => this.isLive(id))
  }

  /** Sets the brokers, before the first request. */
  open(nodes: readonly BrokerNode[]): void {
    this.nodes = nodes
    for (let slot = 0; slot < COORDINATOR_SLOTS; slot++) this.#coordinators[slot] = nodes[slot % nodes.length]!.id
  }

  /** Whether a broker with this id exists and is reachable. */
  isLive(id: number): boolean {
    return this.nodes.some((node) => node.id === id) && !this.#faults.isAway(id)
  }

  /** The replicas and the leader of a partition. Partition 0 starts at the first broker, partition 1 at the second. */
  placement(log: PartitionLog): Placement {
    return this.nodes.length === 1 ? singleBroker : this.#placementOf(log)
  }

  /** The replication factor of topics that do not set one. */
  get defaultReplication(): number {
    return Math.min(DEFAULT_REPLICATION, this.nodes.length)
  }

  /** The replication factor of a topic. */
  replicationFactor(topic: string): number {
    return this.#topics.get(topic)?.replicationFactor ?? this.defaultReplication
  }

  /** Sets the replicas of a new partition. */
  assignReplicas(log: PartitionLog, replicas: readonly number[]): void {
    this.#placements.set(log, { replicas, leader: this.#firstLive(replicas), epochs: writtenEpochs(log) })
  }

  /** Makes a broker the leader of a partition, in a new epoch. Throws `CONFIG_INVALID` if the broker cannot lead it. */
  moveLeader(log: PartitionLog, to: number): void {
    const placement = this.#placementOf(log)
    const { topic, partition } = log
    this.check(to)
    if (!placement.replicas.includes(to)) {
      const message = `Broker ${to} cannot lead ${topic}/${partition}, because it has no replica; choose one of ${placement.replicas.join(', ')}`
      throw new KasperError('CONFIG_INVALID', message, { topic, partition })
    }
    if (this.#faults.isAway(to)) {
      const message = `Broker ${to} cannot lead ${topic}/${partition} while it is away; release brokerAway first`
      throw new KasperError('CONFIG_INVALID', message, { topic, partition })
    }
    if (placement.leader !== to) startEpoch(log, placement, to)
  }

  /** Throws `CONFIG_INVALID` if there is no broker with this id. */
  check(id: number): void {
    if (this.nodes.some((node) => node.id === id)) return
    const ids = this.nodes.map((node) => node.id).join(', ')
    throw new KasperError('CONFIG_INVALID', `There is no broker ${id}, only ${ids}; listen({ brokers }) sets their number`)
  }

  /** The coordinator of a group or a transactional id. As in Kafka, the hash of the id selects it. */
  coordinator(id: string): BrokerNode {
    const found = this.#coordinators[Math.abs(hash(id)) % COORDINATOR_SLOTS]
    return this.nodes.find((node) => node.id === found)!
  }

  /** The leader epoch of the record at this offset, or of the next record. */
  epochAt(log: PartitionLog, offset: number): number {
    return epochsOf(log, this.#placementOf(log)).findLast(({ startOffset }) => startOffset <= offset)?.epoch ?? UNDEFINED
  }

  /** The last epoch with records up to this one, and its end offset. Both are -1 if they are not known. */
  endOfEpoch(log: PartitionLog, wanted: number): { readonly epoch: number; readonly endOffset: number } {
    if (wanted === log.leaderEpoch) return { epoch: wanted, endOffset: log.highWatermark }
    const epochs = epochsOf(log, this.#placementOf(log))
    const next = epochs.find(({ epoch }) => epoch > wanted)
    if (wanted < 0 || next === undefined) return { epoch: UNDEFINED, endOffset: UNDEFINED }
    const last = epochs.findLast(({ epoch }) => epoch <= wanted)
    return { epoch: last?.epoch ?? wanted, endOffset: next.startOffset }
  }

  #placementOf(log: PartitionLog): LogPlacement {
    const placement = this.#placements.get(log)
    if (placement !== undefined) return placement
    const { length } = this.nodes
    const count = Math.min(this.replicationFactor(log.topic), length)
    this.assignReplicas(
      log,
      Array.from({ length: count }, (_, i) => this.nodes[(log.partition + i) % length]!.id),
    )
    return this.#placements.get(log)!
  }

  /** Elects new leaders and coordinators in place of brokers that are away. A returning broker leads partitions without a leader. */
  #electLeaders(): void {
    this.#isWhole = this.live.length === this.nodes.length
    // If no broker is reachable, none can be elected.
    if (this.nodes.length === 1 || this.live.length === 0) return
    for (const { logs } of this.#topics.values()) {
      for (const log of logs) {
        const placement = this.#placements.get(log)
        if (placement === undefined || this.isLive(placement.leader)) continue
        const leader = this.#firstLive(placement.replicas)
        if (leader !== placement.leader) startEpoch(log, placement, leader)
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

/** The placement of every partition if there is one broker. */
const singleBroker: Placement = { replicas: [FIRST_BROKER], leader: FIRST_BROKER }

/** The leader epochs of a log, as its batches contain them. */
function writtenEpochs(log: PartitionLog): EpochStart[] {
  const epochs: EpochStart[] = []
  for (const { bytes, at } of log.leaderEpoch === 0 ? [] : log.batches()) {
    const { leaderEpoch: epoch, baseOffset: startOffset } = readBatchHeader(bytes, at)
    if (epoch > (epochs.at(-1)?.epoch ?? UNDEFINED)) epochs.push({ epoch, startOffset })
  }
  return epochs.length > 0 ? epochs : [{ epoch: log.leaderEpoch, startOffset: 0 }]
}

/** Starts a new leader epoch. */
function startEpoch(log: PartitionLog, placement: LogPlacement, leader: number): void {
  placement.leader = leader
  log.leaderEpoch++
  // Like Kafka, drops epochs without records.
  const startOffset = log.highWatermark
  while (placement.epochs.length > 0 && placement.epochs.at(-1)!.startOffset >= startOffset) placement.epochs.pop()
  placement.epochs.push({ epoch: log.leaderEpoch, startOffset })
  log.notify() // clients that wait for messages have to ask the new leader
}

/** The epochs of records that still exist. */
function epochsOf(log: PartitionLog, { epochs }: LogPlacement): readonly EpochStart[] {
  while (epochs.length > 1 && epochs[1]!.startOffset <= log.startOffset) epochs.shift()
  return epochs
}

/** Java's `String.hashCode`. */
function hash(text: string): number {
  let value = 0
  for (let i = 0; i < text.length; i++) value = (Math.imul(value, 31) + text.charCodeAt(i)) | 0
  return value === -0x8000_0000 ? 0 : value
}
