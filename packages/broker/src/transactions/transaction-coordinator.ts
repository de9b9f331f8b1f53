import type { Clock, Timer } from '@kasper/core'
import { encodeTransactionMarker, errorCodes, type TransactionMarker } from '@kasper/protocol'
import type { Broker } from '../broker.ts'
import type { Committed } from '../groups/group-coordinator.ts'
import type { PartitionLog } from '../logs/partition-log.ts'

const MAX_EPOCH = 0x7ffe
const MAX_TIMEOUT_MS = 15 * 60 * 1000

interface Transaction {
  readonly id: string
  producerId: number
  epoch: number
  /** The epoch that asked for this one, as long as it may ask again; -1 where nobody may. */
  lastEpoch: number
  timeoutMs: number
  /** `begun` until the next end; `empty` where a producer has begun nothing yet; the others say how the last one ended. */
  state: 'empty' | 'begun' | 'committed' | 'aborted'
  /** How the last one ended, whatever came then. */
  lastEnd: 'committed' | 'aborted' | undefined
  readonly logs: Set<PartitionLog>
  /** What is committed with it, by group. */
  readonly offsets: Map<string, Committed[]>
  /** Wall time. */
  begunMs: number
  timer: Timer | undefined
}

/** Who a producer says it is. */
export interface TransactionalProducer {
  readonly transactionalId: string
  readonly producerId: number
  readonly producerEpoch: number
}

/** A producer as it goes on. */
export type EpochedProducer = Pick<TransactionalProducer, 'producerId' | 'producerEpoch'>

/** The transactions of all producers. Ends take effect at once: no marker is ever under way. */
export class TransactionCoordinator {
  readonly #broker: Broker
  readonly #clock: Clock
  readonly #transactions = new Map<string, Transaction>()

  constructor(broker: Broker) {
    this.#broker = broker
    this.#clock = broker.clock
    this.#restore()
  }

  /** A producer starts, and fences whoever had this id before; what that one had not ended is aborted. Or an error code. */
  init(producer: TransactionalProducer, timeoutMs: number): EpochedProducer | number {
    if (timeoutMs <= 0 || timeoutMs > MAX_TIMEOUT_MS) return errorCodes.INVALID_TRANSACTION_TIMEOUT
    const { transactionalId, producerId, producerEpoch } = producer
    let transaction = this.#transactions.get(transactionalId)
    if (transaction === undefined) {
      transaction = {
        id: transactionalId,
        producerId: this.#broker.newProducerId(),
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
      this.#keep(transaction)
      return { producerId: transaction.producerId, producerEpoch: transaction.epoch }
    }
    const continues = producerId >= 0
    if (continues && producerId !== transaction.producerId) return errorCodes.PRODUCER_FENCED
    if (transaction.state === 'begun') this.#fence(transaction)
    if (!continues || producerEpoch === transaction.epoch) {
      this.#nextEpoch(transaction, continues)
      this.#renew(transaction)
    } else if (producerEpoch !== transaction.lastEpoch) return errorCodes.PRODUCER_FENCED
    transaction.state = 'empty'
    transaction.timeoutMs = timeoutMs
    this.#keep(transaction)
    return { producerId: transaction.producerId, producerEpoch: transaction.epoch }
  }

  /** Adds these partitions to the producer's transaction, which this begins; returns an error code. */
  add(producer: TransactionalProducer, logs: readonly PartitionLog[]): number {
    const transaction = this.#find(producer)
    if (typeof transaction === 'number') return transaction
    this.#begin(transaction)
    for (const log of logs) transaction.logs.add(log)
    this.#keep(transaction)
    return errorCodes.NONE
  }

  /** Says that offsets of this group are to come; returns an error code. */
  addGroup(producer: TransactionalProducer, groupId: string): number {
    const transaction = this.#find(producer)
    if (typeof transaction === 'number') return transaction
    this.#begin(transaction)
    if (!transaction.offsets.has(groupId)) transaction.offsets.set(groupId, [])
    this.#keep(transaction)
    return errorCodes.NONE
  }

  /**
   * Whether offsets of this group may come with the producer's transaction; an error code.
   * @param implicit whether they add the group by themselves, as newer clients have it
   */
  checkOffsets(producer: TransactionalProducer, groupId: string, implicit: boolean): number {
    if (implicit) return this.addGroup(producer, groupId)
    const transaction = this.#find(producer)
    if (typeof transaction === 'number') return transaction
    return transaction.state === 'begun' && transaction.offsets.has(groupId) ? errorCodes.NONE : errorCodes.INVALID_TXN_STATE
  }

  /** Commits offsets when the transaction is, where {@link checkOffsets} has nothing against it. */
  commitOffsets({ transactionalId }: TransactionalProducer, groupId: string, offsets: readonly Committed[]): void {
    const transaction = this.#transactions.get(transactionalId)!
    transaction.offsets.get(groupId)!.push(...offsets)
    // The group is there from now on.
    if (offsets.length > 0) this.#broker.coordinator.commitUnchecked(groupId, [])
    this.#keep(transaction)
  }

  /** Ends the producer's transaction; returns an error code. */
  end(producer: TransactionalProducer, committed: boolean): number {
    const transaction = this.#find(producer)
    if (typeof transaction === 'number') return transaction
    if (transaction.state === (committed ? 'committed' : 'aborted')) return errorCodes.NONE
    if (transaction.state !== 'begun') return errorCodes.INVALID_TXN_STATE
    this.#end(transaction, committed)
    return errorCodes.NONE
  }

  /**
   * Ends the producer's transaction, and gives the producer a new epoch, so that nothing that it sent before can come late (KIP-890). It
   * may abort one that it has not begun. Or an error code.
   */
  endWithEpoch(producer: TransactionalProducer, committed: boolean): EpochedProducer | number {
    const transaction = this.#transactions.get(producer.transactionalId)
    if (transaction === undefined || transaction.producerId !== producer.producerId) return errorCodes.INVALID_PRODUCER_ID_MAPPING
    const { state, epoch } = transaction
    const asksAgain = producer.producerEpoch === epoch - 1 && (state === 'committed' || state === 'aborted')
    if (producer.producerEpoch !== epoch && !asksAgain) return errorCodes.PRODUCER_FENCED
    if (asksAgain) {
      if (state !== (committed ? 'committed' : 'aborted')) return errorCodes.INVALID_TXN_STATE
    } else {
      if (committed && state !== 'begun') return errorCodes.INVALID_TXN_STATE
      this.#nextEpoch(transaction, true)
      this.#end(transaction, committed)
      this.#renew(transaction)
      this.#keep(transaction)
    }
    return { producerId: transaction.producerId, producerEpoch: transaction.epoch }
  }

  /**
   * Whether this batch may be written as a part of a transaction; returns an error code.
   * @param implicit whether the write itself adds the partition, as newer clients have it
   */
  checkWrite(
    transactionalId: string | null,
    { producerId, producerEpoch }: EpochedProducer,
    log: PartitionLog,
    implicit: boolean,
  ): number {
    const transaction = this.#find({ transactionalId: transactionalId ?? '', producerId, producerEpoch })
    if (typeof transaction === 'number') return transaction
    if (transaction.state === 'begun' && transaction.logs.has(log)) return errorCodes.NONE
    if (!implicit) return errorCodes.INVALID_TXN_STATE
    this.#begin(transaction)
    transaction.logs.add(log)
    this.#keep(transaction)
    return errorCodes.NONE
  }

  /** Whether a transaction that has not ended is about to commit for this partition. */
  isPending(groupId: string, topic: string, partition: number): boolean {
    for (const { state, offsets } of this.#transactions.values()) {
      if (state !== 'begun') continue
      if (offsets.get(groupId)?.some((one) => one.topic === topic && one.partition === partition) === true) return true
    }
    return false
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

  /** Aborts what the producer has begun. Its epoch is an old one then, with which it can do no more than to ask for this one. */
  #fence(transaction: Transaction): void {
    this.#nextEpoch(transaction, true)
    this.#end(transaction, false)
  }

  /** @param mayAskAgain whether the producer of the epoch before may */
  #nextEpoch(transaction: Transaction, mayAskAgain: boolean): void {
    transaction.lastEpoch = mayAskAgain && transaction.epoch < MAX_EPOCH ? transaction.epoch : -1
    transaction.epoch++
  }

  /** Gives the producer another id when its epochs are used up. */
  #renew(transaction: Transaction): void {
    if (transaction.epoch < MAX_EPOCH) return
    Object.assign(transaction, { producerId: this.#broker.newProducerId(), epoch: 0, lastEpoch: -1 })
  }

  #end(transaction: Transaction, committed: boolean): void {
    transaction.timer?.cancel()
    transaction.state = transaction.lastEnd = committed ? 'committed' : 'aborted'
    const { producerId, epoch: producerEpoch, logs, offsets } = transaction
    for (const log of logs) this.#mark(log, { committed, producerId, producerEpoch, coordinatorEpoch: 0 })
    for (const [groupId, pending] of offsets) {
      if (committed && pending.length > 0) this.#broker.coordinator.commitUnchecked(groupId, pending)
    }
    logs.clear()
    offsets.clear()
    this.#keep(transaction)
  }

  #mark(log: PartitionLog, marker: TransactionMarker): void {
    const bytes = encodeTransactionMarker(marker, this.#clock.now())
    log.producers.end(marker, log.nextOffset)
    log.append(bytes, 0, bytes.length)
  }

  #keep({ id, producerId, epoch, lastEpoch, timeoutMs, state, lastEnd, begunMs, logs, offsets }: Transaction): void {
    const { store } = this.#broker
    if (store === undefined) return
    const partitions = [...logs].map(({ topic, partition }) => ({ topic, partition }))
    const stored = {
      producerId,
      epoch,
      lastEpoch,
      timeoutMs,
      state,
      lastEnd,
      begunMs,
      partitions,
      offsets: [...offsets].map(([group, all]) => [group, [...all]] as const),
    }
    store.keepTransaction(id, stored)
  }

  /** After a restart: transactions under way go on, and those that were ending are ended. */
  #restore(): void {
    const { store, topics } = this.#broker
    const byProducer = new Map<number, Transaction>()
    for (const [id, { partitions, offsets, ...stored }] of store?.transactions ?? []) {
      const logs = partitions.map(({ topic, partition }) => topics.get(topic)?.logs[partition]).filter((log) => log !== undefined)
      const transaction: Transaction = {
        id,
        ...stored,
        logs: new Set(logs),
        offsets: new Map(offsets.map(([group, all]) => [group, [...all]])),
        timer: undefined,
      }
      this.#transactions.set(id, transaction)
      byProducer.set(stored.producerId, transaction)
      if (stored.state !== 'begun') continue
      const leftMs = stored.begunMs + stored.timeoutMs - this.#clock.now()
      transaction.timer = this.#clock.setTimer(() => this.#fence(transaction), Math.max(0, leftMs))
    }
    for (const log of store === undefined ? [] : [...topics.values()].flatMap(({ logs }) => logs)) {
      for (const { producerId, producerEpoch: last } of log.producers.ongoing()) {
        const transaction = byProducer.get(producerId)
        if (transaction?.state === 'begun' && transaction.logs.has(log)) continue
        const producerEpoch = Math.max(last, transaction?.epoch ?? 0)
        this.#mark(log, { committed: transaction?.lastEnd === 'committed', producerId, producerEpoch, coordinatorEpoch: 0 })
      }
    }
  }
}
