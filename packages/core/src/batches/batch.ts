import type { Message } from '../kafka/message.ts'
import type { OffsetRange } from '../kafka/topic-partition.ts'
import { KasperError, messageOf } from '../runtime/errors.ts'

/** The messages of one `process` call: of one partition number, and of all input topics. */
export interface Batch {
  /** In the order fetched. Empty if only positions moved, over compaction gaps or transaction markers. */
  readonly messages: readonly Message[]
  /** One for each topic that the batch touches. */
  readonly ranges: readonly OffsetRange[]
}

/** The messages of a batch, for errors and logs: `flights/3 offsets 100-199, airports/3 offsets 7-7`. */
export function describeBatch({ ranges }: Batch): string {
  return ranges
    .map(({ topic, partition, firstOffset, offset }) => `${topic}/${partition} offsets ${firstOffset}-${offset - 1}`)
    .join(', ')
}

/**
 * An error about a batch, which names its place. Kasper's own errors keep their code, and the place that they name. For other errors
 * nobody knows whether trying again helps.
 */
export function batchError(
  code: 'PROCESS_FAILED' | 'PRODUCE_FAILED' | 'COMMIT_FAILED',
  failure: string,
  batch: Batch,
  cause: unknown,
): KasperError {
  const range = batch.ranges[0]
  const named = cause instanceof KasperError ? cause : undefined
  if (named !== undefined && isComplete(named, code)) return named
  return new KasperError(named?.code ?? code, `${failure} ${describeBatch(batch)}: ${messageOf(cause)}`, {
    topic: named?.topic ?? range?.topic,
    partition: named?.partition ?? range?.partition,
    offset: named?.offset ?? (named?.topic === undefined ? range?.firstOffset : undefined),
    cause,
    retriable: named === undefined ? false : undefined,
  })
}

/** Whether the error already says all that the batch could add. One of the codec also names the message, by its offset. */
function isComplete({ code, topic, offset }: KasperError, failed: string): boolean {
  if (code === 'FENCED') return true
  return topic !== undefined && (code === failed || (code === 'DECODE_FAILED' && offset !== undefined))
}
