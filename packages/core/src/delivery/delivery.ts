import type { Batch } from '../batches/batch.ts'
import type { OutgoingMessage } from '../kafka/message.ts'
import type { ProduceAck } from '../kafka/producer.ts'
import type { Stage } from '../observability/stages.ts'
import type { ProcessSpan } from '../observability/tracing.ts'

/** The outputs and the offsets of one batch, which are delivered as a whole. */
export interface DeliveryUnit {
  readonly batch: Batch
  /** The trace of the batch. Its sends and its commit are part of the trace. */
  readonly span: ProcessSpan | undefined
}

/**
 * Delivers the units of one partition number, one after the other. A delivery guarantee (at least once, exactly once) is one
 * implementation of this interface. Nothing else decides when a message is sent or an offset is committed.
 */
export interface Delivery {
  /** Fires when the partition is abandoned, with the error that every later call rejects with. */
  readonly signal: AbortSignal
  /** Sends outputs while their batch is still running. Resolves when all of them are acknowledged. */
  send(unit: DeliveryUnit, messages: readonly OutgoingMessage[]): Promise<readonly ProduceAck[]>
  /**
   * Ends a unit: sends the outputs that are left, and commits the offsets. Resolves when the outputs are acknowledged and the
   * commit is under way, so that the next batch can be processed meanwhile.
   */
  commit(unit: DeliveryUnit, outputs: readonly OutgoingMessage[]): Promise<void>
  /** Resolves when the last commit has arrived. Rejects if it failed. */
  committed(): Promise<void>
  /** The partition is lost, or its batch takes too long to be waited for: from now on nothing is sent or committed for it. */
  abandon(): void
}

/** The reports of a delivery about its partition, for health, metrics and stall warnings. */
export interface DeliveryProgress {
  /** The stage of the running batch. */
  stage: Stage
  /** The batch's outputs are acknowledged. Its offsets are going to the broker. */
  committing(batch: Batch, now: number): void
  /** The broker has answered the commit, or the commit has failed. */
  commitEnded(): void
}
