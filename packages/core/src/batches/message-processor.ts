import type { Message, OutgoingMessage } from '../kafka/message.ts'
import type { ProduceAck } from '../kafka/producer.ts'

/**
 * The business logic: it receives batches of messages of one partition number of all input topics.
 *
 * When `process` returns, everything given to the sender is sent, all acknowledgements are awaited, and only then is the batch
 * committed. When it throws, everything stops, nothing of this batch is committed, and `runLoop()` rejects with it.
 */
export interface MessageProcessor {
  /**
   * What takes part in each batch beside it, such as a {@link batchCache}: begun before `process`, ended (and so its writes done)
   * before anything is sent or committed. They belong to one partition, so give each partition a processor of its own.
   */
  readonly participants?: readonly BatchParticipant[] | undefined
  /**
   * @param messages 1 … batchSize of them, in the order fetched; within a topic partition in offset order. The array is only
   *   valid during the call.
   * @param sender collects what is to be sent; only usable during the call.
   */
  process(messages: readonly Message[], sender: Sender, context: ProcessContext): Promise<void> | void
}

/**
 * The processors: one instance for all partitions, one per partition by number, or a factory, called each time a partition is
 * assigned, so that each has an instance of its own.
 */
export type MessageProcessors =
  | MessageProcessor
  | ReadonlyMap<number, MessageProcessor>
  | ((partition: number) => MessageProcessor | Promise<MessageProcessor>)

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

/** What a processor may want to know about where it runs. */
export interface ProcessContext {
  readonly partition: number
  /** Fires when the batch's work has become useless: the partition was lost, or closing (giving the partition up) waited too long. */
  readonly signal: AbortSignal
}

/** Takes what a processor wants to send. */
export interface Sender {
  /** Collects this message. It goes out, with all the others, when `process` returns or at the next `flush`. */
  send(message: OutgoingMessage): void
  /**
   * Sends what is collected now and waits for all acknowledgements. What was flushed stands, even if `process` fails later. If
   * flushing fails, the messages stay collected.
   */
  flush(): Promise<readonly ProduceAck[]>
}
