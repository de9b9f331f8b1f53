import type { Message } from '../kafka/message.ts'
import type { BatchParticipant, ProcessContext } from './message-processor.ts'

/**
 * Runs `process` between the participants' `begin` and `end`, and discards the batch when one of them fails. Of several errors
 * it rejects with the first.
 *
 * @param onStage gets to know whose turn it is: a participant's is the store's
 */
export async function runBatch(
  participants: readonly BatchParticipant[],
  messages: readonly Message[],
  context: ProcessContext,
  process: () => Promise<void> | void,
  onStage: (stage: 'store' | 'process') => void = () => {},
): Promise<void> {
  try {
    onStage('store')
    await allSettled(participants.map((participant) => participant.begin(messages, context)))
    onStage('process')
    await process()
    // Whoever has the partition now writes its state: ours is old.
    context.signal.throwIfAborted()
    onStage('store')
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
