import type { Message } from '../kafka/message.ts'
import type { OffsetRange } from '../kafka/topic-partition.ts'

/** The messages of one `process` call: of one partition number, and of all input topics. */
export interface Batch {
  /** In the order fetched. Empty if only positions moved, over compaction gaps or transaction markers. */
  readonly messages: readonly Message[]
  /** One for each topic that the batch touches. */
  readonly ranges: readonly OffsetRange[]
}

/** `flights/3 offsets 100-199, airports/3 offsets 7-7`: the messages of a batch, for errors and logs. */
export function describeBatch(batch: Batch): string {
  return batch.ranges
    .map((range) => `${range.topic}/${range.partition} offsets ${range.firstOffset}-${range.offset - 1}`)
    .join(', ')
}
