import type { TopicPartitionOffset } from '../kafka/topic-partition.ts'
import type { Message } from '../kafka/message.ts'

/** What one `process` call gets: messages of one partition number, and how far each topic gets with them. */
export interface Batch {
  /** In the order fetched. Empty where only positions moved (compaction gaps, transaction markers). */
  readonly messages: readonly Message[]
  /** One for each topic that the batch touches. */
  readonly spans: readonly BatchSpan[]
}

/** A batch's part of one topic. `offset` is the one to commit when the batch is done: the next to read. */
export interface BatchSpan extends TopicPartitionOffset {
  /** The offset of the first of its messages; where there are none, `offset`. */
  readonly firstOffset: number
  readonly count: number
}

/** `flights/3 offsets 100-199, airports/3 offsets 7-7`: which messages a batch holds, for errors and logs. */
export function describeBatch(batch: Batch): string {
  return batch.spans.map((span) => `${span.topic}/${span.partition} offsets ${span.firstOffset}-${span.offset - 1}`).join(', ')
}
