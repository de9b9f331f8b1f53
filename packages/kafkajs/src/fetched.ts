import type { FetchedBatch } from '@kasper/core'
import { KasperError } from '@kasper/core'
import type { RawRecord } from './message.ts'
import { KafkajsMessage } from './message.ts'

/** One partition of a fetch response, as kafkajs decodes it. */
export interface RawPartition {
  readonly partition: number
  readonly highWatermark: string
  /** Absent in answers of brokers that know no transactions. */
  readonly lastStableOffset?: string | undefined
  readonly abortedTransactions?: readonly AbortedTransaction[] | undefined
  readonly messages: readonly RawRecord[]
}

interface AbortedTransaction {
  readonly producerId: string
  readonly firstOffset: string
}

/** The bytes that a record has beside key, value and headers, roughly. */
const RECORD_OVERHEAD = 16

/** Turns what was fetched at this offset into a batch: without markers, aborted messages, and what came before the offset. */
export function readFetched(topic: string, offset: number, raw: RawPartition): FetchedBatch {
  const { partition } = raw
  const isAborted = abortedFilter(raw.abortedTransactions)
  const messages: KafkajsMessage[] = []
  let bytes = 0
  for (const record of raw.messages) {
    const aborted = isAborted?.(record) ?? false
    if (aborted || record.isControlRecord === true) continue
    const recordOffset = Number(record.offset)
    if (recordOffset < offset) continue
    bytes += RECORD_OVERHEAD + (record.key?.length ?? 0) + (record.value?.length ?? 0)
    messages.push(new KafkajsMessage(topic, partition, recordOffset, record))
  }
  const nextOffset = Math.max(offset, endOf(raw.messages.at(-1)))
  if (!Number.isSafeInteger(nextOffset)) {
    throw new KasperError(
      'FETCH_FAILED',
      `the offsets of ${topic}/${partition} are beyond 2^53, more than a JavaScript number holds`,
      { topic, partition },
    )
  }
  const endOffset = Number(raw.lastStableOffset ?? raw.highWatermark)
  return { topic, partition, messages, nextOffset, endOffset: endOffset >= 0 ? endOffset : Number(raw.highWatermark), bytes }
}

/** The offset after this record; of the last one in a record batch the end of the batch, whose last records compaction may have removed. */
function endOf(last: RawRecord | undefined): number {
  if (last === undefined) return 0
  const context = last.batchContext
  const batchEnd = context === undefined ? 0 : Number(context.firstOffset) + context.lastOffsetDelta
  return Math.max(Number(last.offset), batchEnd) + 1
}

/** Tells for each record, in order, whether it belongs to an aborted transaction; `undefined` where there are none. */
function abortedFilter(transactions: readonly AbortedTransaction[] | undefined): ((record: RawRecord) => boolean) | undefined {
  if (transactions === undefined || transactions.length === 0) return undefined
  const waiting = transactions
    .map(({ producerId, firstOffset }) => ({ producerId, firstOffset: Number(firstOffset) }))
    .sort((a, b) => a.firstOffset - b.firstOffset)
  const aborting = new Set<string>()
  return ({ offset, key, isControlRecord, batchContext }) => {
    if (batchContext === undefined) return false
    while (waiting.length > 0 && waiting[0]!.firstOffset <= Number(offset)) aborting.add(waiting.shift()!.producerId)
    if (isControlRecord === true) {
      // The marker's key: its version, then 0 for abort and 1 for commit, two bytes each.
      if (key !== null && key.length >= 4 && key[2] === 0 && key[3] === 0) aborting.delete(batchContext.producerId)
      return false
    }
    return batchContext.inTransaction && aborting.has(batchContext.producerId)
  }
}
