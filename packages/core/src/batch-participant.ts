import type { Message } from './message.ts'
import type { ProcessContext } from './message-processor.ts'

/**
 * What takes part in a partition's batches beside its processor: a {@link batchCache}, for one. It belongs to one partition, so
 * its methods are never called concurrently.
 */
export interface BatchParticipant {
  /** Before `process`. Rejecting fails the batch. */
  begin(messages: readonly Message[], context: ProcessContext): Promise<void>
  /**
   * After `process` has returned, and before the batch's offsets are committed. Rejecting fails the batch: nothing of it is
   * committed. It may then be called again, to try once more.
   */
  end(context: ProcessContext): Promise<void>
  /** The batch has failed, in `begin`, in `process` or in `end`: forget what it has done. Never throws. */
  discard(): void
  /** The partition belongs to somebody else from now on: forget everything about it. Never throws. */
  release(): void
}

/**
 * Runs `process` between the participants' `begin` and `end`, and discards the batch when one of them fails. Of several errors
 * it rejects with the first.
 */
export async function runBatch(
  participants: readonly BatchParticipant[],
  messages: readonly Message[],
  context: ProcessContext,
  process: () => Promise<void> | void,
): Promise<void> {
  try {
    await allSettled(participants.map((participant) => participant.begin(messages, context)))
    await process()
    // Whoever has the partition now writes its state: ours is old.
    context.signal.throwIfAborted()
    await allSettled(participants.map((participant) => participant.end(context)))
  } catch (error) {
    for (const participant of participants) participant.discard()
    throw error
  }
}

/** Waits for all, failed or not: discarding while one of them is still writing would let the next batch overtake it. */
async function allSettled(running: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(running)) if (result.status === 'rejected') throw result.reason
}
