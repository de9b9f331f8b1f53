// What a partition remembers of the producers that write to it: which batches it has, so that one that is sent again is not
// written again, and which transactions have not ended.
import type { BatchHeader, TransactionMarker } from '@kasper/protocol'

/** As many batches as an idempotent producer may have under way. */
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

/** A transaction that was given up, as consumers need to know it. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
  /** Of its marker. */
  readonly lastOffset: number
}

/** What speaks against a batch, or that it is there already. */
export type Admission = 'new' | 'fenced' | 'out-of-order' | { readonly baseOffset: number; readonly timestamp: number }

/** The producers of one partition. */
export class ProducerStates {
  /** Transactions given up, in the order of their ends. */
  readonly aborted: AbortedTransaction[] = []
  readonly #states = new Map<number, ProducerState>()
  /** Where the open transaction of each producer began; in that order. */
  readonly #ongoing = new Map<number, number>()

  /** The first offset of the oldest transaction that has not ended. */
  get firstUnstable(): number | undefined {
    if (this.#ongoing.size === 0) return undefined
    return this.#ongoing.values().next().value
  }

  /** The producers that have a transaction here that has not ended. */
  ongoing(): { readonly producerId: number; readonly producerEpoch: number }[] {
    return [...this.#ongoing.keys()].map((producerId) => ({ producerId, producerEpoch: this.#states.get(producerId)!.epoch }))
  }

  /** Whether this batch of an idempotent producer continues what it has written. */
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

  /** Remembers a batch that was written. */
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

  /** A transaction has ended with the marker at this offset. */
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

  /** The transactions given up that have messages in this range of offsets. */
  abortedWithin(fromOffset: number, endOffset: number): AbortedTransaction[] {
    return this.aborted.filter(({ firstOffset, lastOffset }) => lastOffset >= fromOffset && firstOffset < endOffset)
  }

  /** Whether what this producer has written there belongs to a transaction that was given up. */
  isAborted(producerId: number, offset: number): boolean {
    return this.aborted.some((one) => one.producerId === producerId && offset >= one.firstOffset && offset <= one.lastOffset)
  }

  /** Whether nothing of this producer comes behind the batch that begins at this offset. */
  isLast(producerId: number, baseOffset: number): boolean {
    return this.#states.get(producerId)?.batches.at(-1)?.baseOffset === baseOffset
  }

  /** Forgets a transaction given up, of which nothing is left, with its marker. */
  forgetAborted(markerOffset: number): void {
    const at = this.aborted.findIndex(({ lastOffset }) => lastOffset === markerOffset)
    if (at >= 0) this.aborted.splice(at, 1)
  }

  /** Forgets the transactions given up that lie before this offset. */
  deleteBefore(offset: number): void {
    while (this.aborted.length > 0 && this.aborted[0]!.lastOffset < offset) this.aborted.shift()
  }
}

/** Sequence numbers begin again at 0 behind the largest of 32 bits. */
function after(sequence: number, count: number): number {
  const next = sequence + count
  return next > MAX_SEQUENCE ? next - MAX_SEQUENCE - 1 : next
}
