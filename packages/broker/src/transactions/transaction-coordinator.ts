// Kafka's transaction coordinator. A transaction ends at once: the coordinator writes all markers before it answers.
import type { Clock, Timer, TopicPartition } from '@kasper/core'
import { encodeTransactionMarker, errorCodes, type TransactionMarker } from '@kasper/protocol'
import type { CommittedOffset, GroupCoordinator } from '../groups/group-coordinator.ts'
import type { PartitionLog } from '../logs/partition-log.ts'
import type { Topic } from '../logs/topic.ts'
import type { ProducerIds } from './producer-ids.ts'

const MAX_EPOCH = 0x7ffe
const MAX_TIMEOUT_MS = 15 * 60 * 1000

interface Transaction {
  readonly id: string
  producerId: number
  epoch: number
  /** The previous epoch, while its producer may repeat the request that changed the epoch; -1 otherwise. */
  lastEpoch: number
  timeoutMs: number
  /** `begun` until the transaction ends. `empty` before the producer's first transaction. Otherwise, how the last one ended. */
  state: 'empty' | 'begun' | 'committed' | 'aborted'
  /** How the last transaction ended, even after the producer has started again. */
  lastEnd: 'committed' | 'aborted' | undefined
  readonly logs: Set<PartitionLog>
  /** The offsets that the transaction commits, by group. */
  readonly offsets: Map<string, CommittedOffset[]>
  /** Wall time. */
  begunMs: number
  timer: Timer | undefined
}

/** A transactional id, with its current or last transaction, as the store keeps it. */
export interface StoredTransaction {
  readonly producerId: number
  readonly epoch: number
  readonly lastEpoch: number
  readonly timeoutMs: number
  readonly state: Transaction['state']
  readonly lastEnd: Transaction['lastEnd']
  readonly begunMs: number
  readonly partitions: readonly TopicPartition[]
  readonly offsets: readonly (readonly [groupId: string, offsets: readonly CommittedOffset[]])[]
}

/** A transactional producer, as a request identifies it. */
export interface TransactionalProducer {
  readonly transactionalId: string
  readonly producerId: number
  readonly producerEpoch: number
}

/** A producer's id and epoch. */
export type ProducerIdAndEpoch = Pick<TransactionalProducer, 'producerId' | 'producerEpoch'>

/** The transactions of all producers. Most methods return one of Kafka's error codes, with `NONE` for success. */
export class TransactionCoordinator {
  /** Called with every transaction that changes. */
  onChange: ((transactionalId: string, transaction: StoredTransaction) => void) | undefined
  readonly #clock: Clock
  readonly #groups: GroupCoordinator
  readonly #producerIds: ProducerIds
  readonly #transactions = new Map<string, Transaction>()

  constructor(clock: Clock, groups: GroupCoordinator, producerIds: ProducerIds) {
    this.#clock = clock
    this.#groups = groups
    this.#producerIds = producerIds
  }

  /**
   * Starts a producer. Fences the previous producer with this transactional id, and aborts its open transaction. Returns the
   * producer's id and epoch, or an error code.
   */
  init(producer: TransactionalProducer, timeoutMs: number): ProducerIdAndEpoch | number {
    if (timeoutMs <= 0 || timeoutMs > MAX_TIMEOUT_MS) return errorCodes.INVALID_TRANSACTION_TIMEOUT
    const { transactionalId, producerId, producerEpoch } = producer
    let transaction = this.#transactions.get(transactionalId)
    if (transaction === undefined) {
      transaction = {
        id: transactionalId,
        producerId: this.#producerIds.next(),
        epoch: 0,
        lastEpoch: -1,
        timeoutMs,
        state: 'empty',
        lastEnd: undefined,
        logs: new Set(),
        offsets: new Map(),
        begunMs: 0,
        timer: undefined,
      }
      this.#transactions.set(transactionalId, transaction)
      this.#save(transaction)
      return { producerId: transaction.producerId, producerEpoch: transaction.epoch }
    }
    const isSameProducer = producerId >= 0
    if (isSameProducer && producerId !== transaction.producerId) return errorCodes.PRODUCER_FENCED
    if (transaction.state === 'begun') this.#fence(transaction)
    if (!isSameProducer || producerEpoch === transaction.epoch) {
      this.#nextEpoch(transaction, isSameProducer)
      this.#renewProducerId(transaction)
    } else if (producerEpoch !== transaction.lastEpoch) return errorCodes.PRODUCER_FENCED
    transaction.state = 'empty'
    transaction.timeoutMs = timeoutMs
    this.#save(transaction)
    return { producerId: transaction.producerId, producerEpoch: transaction.epoch }
  }

  /** Adds partitions to the producer's transaction, which begins if needed. */
  addPartitions(producer: TransactionalProducer, logs: readonly PartitionLog[]): number {
    const transaction = this.#find(producer)
    if (typeof transaction === 'number') return transaction
    this.#begin(transaction)
    for (const log of logs) transaction.logs.add(log)
    this.#save(transaction)
    return errorCodes.NONE
  }

  /** Adds a group to the producer's transaction, which begins if needed. The producer can then commit offsets for the group. */
  addGroup(producer: TransactionalProducer, groupId: string): number {
    const transaction = this.#find(producer)
    if (typeof transaction === 'number') return transaction
    this.#begin(transaction)
    if (!transaction.offsets.has(groupId)) transaction.offsets.set(groupId, [])
    this.#save(transaction)
    return errorCodes.NONE
  }

  /**
   * Checks whether the producer's transaction may commit offsets for this group.
   * @param addsGroup whether the commit itself adds the group to the transaction, as with newer clients
   */
  checkOffsets(producer: TransactionalProducer, groupId: string, addsGroup: boolean): number {
    if (addsGroup) return this.addGroup(producer, groupId)
    const transaction = this.#find(producer)
    if (typeof transaction === 'number') return transaction
    return transaction.state === 'begun' && transaction.offsets.has(groupId) ? errorCodes.NONE : errorCodes.INVALID_TXN_STATE
  }

  /** Adds offsets to the transaction, which commits them when it ends. The caller must call {@link checkOffsets} first. */
  commitOffsets({ transactionalId }: TransactionalProducer, groupId: string, offsets: readonly CommittedOffset[]): void {
    const transaction = this.#transactions.get(transactionalId)!
    transaction.offsets.get(groupId)!.push(...offsets)
    // Creates the group now, as Kafka does.
    if (offsets.length > 0) this.#groups.storeOffsets(groupId, [])
    this.#save(transaction)
  }

  /** Commits or aborts the producer's transaction. */
  end(producer: TransactionalProducer, committed: boolean): number {
    const transaction = this.#find(producer)
    if (typeof transaction === 'number') return transaction
    if (transaction.state === (committed ? 'committed' : 'aborted')) return errorCodes.NONE
    if (transaction.state !== 'begun') return errorCodes.INVALID_TXN_STATE
    this.#end(transaction, committed)
    return errorCodes.NONE
  }

  /**
   * Ends the producer's transaction, and returns a new epoch, or an error code. The broker then rejects delayed requests of the old
   * epoch (KIP-890). A producer may abort a transaction that it has not begun.
   */
  endWithEpoch(producer: TransactionalProducer, committed: boolean): ProducerIdAndEpoch | number {
    const transaction = this.#transactions.get(producer.transactionalId)
    if (transaction === undefined || transaction.producerId !== producer.producerId) return errorCodes.INVALID_PRODUCER_ID_MAPPING
    const { state, epoch } = transaction
    const isRepeated = producer.producerEpoch === epoch - 1 && (state === 'committed' || state === 'aborted')
    if (producer.producerEpoch !== epoch && !isRepeated) return errorCodes.PRODUCER_FENCED
    if (isRepeated) {
      if (state !== (committed ? 'committed' : 'aborted')) return errorCodes.INVALID_TXN_STATE
    } else {
      if (committed && state !== 'begun') return errorCodes.INVALID_TXN_STATE
      this.#nextEpoch(transaction, true)
      this.#end(transaction, committed)
      this.#renewProducerId(transaction)
      this.#save(transaction)
    }
    return { producerId: transaction.producerId, producerEpoch: transaction.epoch }
  }

  /**
   * Checks whether a batch may be written as part of the producer's transaction.
   * @param addsPartition whether the write itself adds the partition to the transaction, as with newer clients
   */
  checkWrite(
    transactionalId: string | null,
    { producerId, producerEpoch }: ProducerIdAndEpoch,
    log: PartitionLog,
    addsPartition: boolean,
  ): number {
    const transaction = this.#find({ transactionalId: transactionalId ?? '', producerId, producerEpoch })
    if (typeof transaction === 'number') return transaction
    if (transaction.state === 'begun' && transaction.logs.has(log)) return errorCodes.NONE
    if (!addsPartition) return errorCodes.INVALID_TXN_STATE
    this.#begin(transaction)
    transaction.logs.add(log)
    this.#save(transaction)
    return errorCodes.NONE
  }

  /** Whether an open transaction contains an offset of this group for this partition. */
  hasPendingOffset(groupId: string, topic: string, partition: number): boolean {
    for (const { state, offsets } of this.#transactions.values()) {
      if (state !== 'begun') continue
      if (offsets.get(groupId)?.some((one) => one.topic === topic && one.partition === partition) === true) return true
    }
    return false
  }

  /** Restores transactions after a restart. Open transactions stay open. Writes the markers that a crash has prevented. */
  restore(stored: Iterable<readonly [transactionalId: string, StoredTransaction]>, topics: ReadonlyMap<string, Topic>): void {
    const byProducer = new Map<number, Transaction>()
    for (const [id, { partitions, offsets, ...rest }] of stored) {
      const logs = partitions.map(({ topic, partition }) => topics.get(topic)?.logs[partition]).filter((log) => log !== undefined)
      const transaction: Transaction = {
        id,
        ...rest,
        logs: new Set(logs),
        offsets: new Map(offsets.map(([group, all]) => [group, [...all]])),
        timer: undefined,
      }
      this.#transactions.set(id, transaction)
      byProducer.set(rest.producerId, transaction)
      if (rest.state !== 'begun') continue
      const leftMs = rest.begunMs + rest.timeoutMs - this.#clock.now()
      transaction.timer = this.#clock.setTimer(() => this.#fence(transaction), Math.max(0, leftMs))
    }
    for (const log of [...topics.values()].flatMap(({ logs }) => logs)) {
      for (const { producerId, producerEpoch: last } of log.producers.ongoing()) {
        const transaction = byProducer.get(producerId)
        if (transaction?.state === 'begun' && transaction.logs.has(log)) continue
        const producerEpoch = Math.max(last, transaction?.epoch ?? 0)
        this.#writeMarker(log, {
          committed: transaction?.lastEnd === 'committed',
          producerId,
          producerEpoch,
          coordinatorEpoch: 0,
        })
      }
    }
  }

  /** Stops all timers. */
  close(): void {
    for (const { timer } of this.#transactions.values()) timer?.cancel()
  }

  #find({ transactionalId, producerId, producerEpoch }: TransactionalProducer): Transaction | number {
    const transaction = this.#transactions.get(transactionalId)
    if (transaction === undefined || transaction.producerId !== producerId) return errorCodes.INVALID_PRODUCER_ID_MAPPING
    return transaction.epoch === producerEpoch ? transaction : errorCodes.PRODUCER_FENCED
  }

  #begin(transaction: Transaction): void {
    if (transaction.state === 'begun') return
    transaction.state = 'begun'
    transaction.begunMs = this.#clock.now()
    transaction.timer = this.#clock.setTimer(() => this.#fence(transaction), transaction.timeoutMs)
  }

  /** Aborts the open transaction, and raises the epoch. With its old epoch, the producer can only ask for the new one. */
  #fence(transaction: Transaction): void {
    this.#nextEpoch(transaction, true)
    this.#end(transaction, false)
  }

  /** @param mayRepeat whether the producer with the previous epoch may repeat its request */
  #nextEpoch(transaction: Transaction, mayRepeat: boolean): void {
    transaction.lastEpoch = mayRepeat && transaction.epoch < MAX_EPOCH ? transaction.epoch : -1
    transaction.epoch++
  }

  /** Assigns another producer id when the epochs are used up. */
  #renewProducerId(transaction: Transaction): void {
    if (transaction.epoch < MAX_EPOCH) return
    Object.assign(transaction, { producerId: this.#producerIds.next(), epoch: 0, lastEpoch: -1 })
  }

  #end(transaction: Transaction, committed: boolean): void {
    transaction.timer?.cancel()
    transaction.state = transaction.lastEnd = committed ? 'committed' : 'aborted'
    const { producerId, epoch: producerEpoch, logs, offsets } = transaction
    for (const log of logs) this.#writeMarker(log, { committed, producerId, producerEpoch, coordinatorEpoch: 0 })
    for (const [groupId, pending] of offsets) {
      if (committed && pending.length > 0) this.#groups.storeOffsets(groupId, pending)
    }
    logs.clear()
    offsets.clear()
    this.#save(transaction)
  }

  #writeMarker(log: PartitionLog, marker: TransactionMarker): void {
    const bytes = encodeTransactionMarker(marker, this.#clock.now())
    log.producers.end(marker, log.logEndOffset)
    log.append(bytes, 0, bytes.length)
  }

  #save({ id, producerId, epoch, lastEpoch, timeoutMs, state, lastEnd, begunMs, logs, offsets }: Transaction): void {
    this.onChange?.(id, {
      producerId,
      epoch,
      lastEpoch,
      timeoutMs,
      state,
      lastEnd,
      begunMs,
      partitions: [...logs].map(({ topic, partition }) => ({ topic, partition })),
      offsets: [...offsets].map(([group, all]) => [group, [...all]] as const),
    })
  }
}
