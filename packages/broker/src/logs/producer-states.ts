// The state of a partition's producers: their last batches, which detect repeated batches, and their open transactions.
import type { BatchHeader, TransactionMarker } from '@kasper/protocol'

/** An idempotent producer may have this many batches in flight. */
const REMEMBERED_BATCHES = 5
const MAX_SEQUENCE = 0x7fff_ffff

interface WrittenBatch {
  readonly firstSequence: number
  readonly lastSequence: number
  readonly baseOffset: number
  readonly timestamp: number
}

interface ProducerState {
  epoch: number
  batches: WrittenBatch[]
}

/** An aborted transaction, as consumers need it. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
  /** The offset of its marker. */
  readonly lastOffset: number
}

/** Whether a batch may be written. For a repeated batch, where the first copy was written. */
export type Admission = 'new' | 'fenced' | 'out-of-order' | { readonly baseOffset: number; readonly timestamp: number }

/** The producers of one partition. */
export class ProducerStates {
  /** Aborted transactions, in the order of their ends. */
  readonly aborted: AbortedTransaction[] = []
  readonly #states = new Map<number, ProducerState>()
  /** The first offset of each producer's open transaction, in this order. */
  readonly #ongoing = new Map<number, number>()

  /** The first offset of the oldest open transaction. */
  get firstUnstable(): number | undefined {
    if (this.#ongoing.size === 0) return undefined
    return this.#ongoing.values().next().value
  }

  /** The producers with an open transaction. */
  ongoing(): { readonly producerId: number; readonly producerEpoch: number }[] {
    return [...this.#ongoing.keys()].map((producerId) => ({ producerId, producerEpoch: this.#states.get(producerId)!.epoch }))
  }

  /** Checks that a batch of an idempotent producer follows its last one. */
  admit({ producerId, producerEpoch, baseSequence, recordCount }: BatchHeader): Admission {
    const state = this.#states.get(producerId)
    if (state === undefined) return 'new'
    if (producerEpoch < state.epoch) return 'fenced'
    if (producerEpoch > state.epoch) return baseSequence === 0 ? 'new' : 'out-of-order'
    const lastSequence = after(baseSequence, recordCount - 1)
    const same = state.batches.find((one) => one.firstSequence === baseSequence && one.lastSequence === lastSequence)
    if (same !== undefined) return same
    const last = state.batches.at(-1)
    if (last === undefined) return 'new'
    return baseSequence === after(last.lastSequence, 1) ? 'new' : 'out-of-order'
  }

  /** Adds a batch that was written. */
  add(
    { producerId, producerEpoch, baseSequence, recordCount, transactional, maxTimestamp: timestamp }: BatchHeader,
    baseOffset: number,
  ): void {
    let state = this.#states.get(producerId)
    if (state === undefined) {
      state = { epoch: producerEpoch, batches: [] }
      this.#states.set(producerId, state)
    }
    if (state.epoch !== producerEpoch) {
      state.epoch = producerEpoch
      state.batches = []
    }
    state.batches.push({ firstSequence: baseSequence, lastSequence: after(baseSequence, recordCount - 1), baseOffset, timestamp })
    if (state.batches.length > REMEMBERED_BATCHES) state.batches.shift()
    if (transactional && !this.#ongoing.has(producerId)) this.#ongoing.set(producerId, baseOffset)
  }

  /** Ends a transaction. Its marker is at this offset. */
  end({ producerId, producerEpoch, committed }: TransactionMarker, markerOffset: number): void {
    const state = this.#states.get(producerId)
    if (state !== undefined && producerEpoch > state.epoch) {
      state.epoch = producerEpoch
      state.batches = []
    }
    const firstOffset = this.#ongoing.get(producerId)
    if (firstOffset === undefined) return
    this.#ongoing.delete(producerId)
    if (!committed) this.aborted.push({ producerId, firstOffset, lastOffset: markerOffset })
  }

  /** The aborted transactions with records in this range of offsets. */
  abortedWithin(fromOffset: number, endOffset: number): AbortedTransaction[] {
    return this.aborted.filter(({ firstOffset, lastOffset }) => lastOffset >= fromOffset && firstOffset < endOffset)
  }

  /** Whether the batch at this offset is the producer's last one. */
  isLast(producerId: number, baseOffset: number): boolean {
    return this.#states.get(producerId)?.batches.at(-1)?.baseOffset === baseOffset
  }

  /** Removes an aborted transaction without records, when its marker is deleted. */
  forgetAborted(markerOffset: number): void {
    const at = this.aborted.findIndex(({ lastOffset }) => lastOffset === markerOffset)
    if (at >= 0) this.aborted.splice(at, 1)
  }

  /** Removes the aborted transactions before this offset. */
  deleteBefore(offset: number): void {
    while (this.aborted.length > 0 && this.aborted[0]!.lastOffset < offset) this.aborted.shift()
  }
}

/** Whether the producer's record at this offset belongs to one of these transactions. */
export function isAborted(aborted: readonly AbortedTransaction[], producerId: number, offset: number): boolean {
  return aborted.some((one) => one.producerId === producerId && offset >= one.firstOffset && offset <= one.lastOffset)
}

/** Adds to a sequence number. After the largest 32-bit number comes 0. */
function after(sequence: number, count: number): number {
  const next = sequence + count
  return next > MAX_SEQUENCE ? next - MAX_SEQUENCE - 1 : next
}
