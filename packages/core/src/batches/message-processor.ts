import type { OutgoingMessageOf } from '../codecs/topic-message.ts'
import type { Topic } from '../codecs/topics.ts'
import type { Message, OutgoingMessage } from '../kafka/message.ts'
import type { ProduceAck } from '../kafka/producer.ts'

/**
 * The business logic of a topic processor. It gets the messages of one partition number, of all input topics, in batches.
 *
 * When `process` returns, the engine sends everything that was given to the sender, waits for the acknowledgements, and then
 * commits the batch. When `process` throws, the run ends: the batch is not committed, and `runLoop()` rejects with the error.
 */
export interface MessageProcessor<M = Message> {
  /**
   * The participants in each batch beside `process`, such as a {@link batchCache}. A participant belongs to one partition, so a
   * processor that has participants must not be shared between partitions.
   */
  readonly participants?: readonly BatchParticipant[] | undefined
  /**
   * @param messages 1 to `batchSize` messages in the order fetched, which is offset order within a topic partition. The array is
   *   valid only during the call.
   * @param sender collects the messages to send. Can be used only during the call.
   */
  readonly process: (messages: readonly M[], sender: Sender, context: ProcessContext) => Promise<void> | void
}

/**
 * One processor for all partitions, a map from partition number to processor, or a factory. The factory is called each time a
 * partition is assigned.
 */
export type MessageProcessors<M = Message> =
  | MessageProcessor<M>
  | ReadonlyMap<number, MessageProcessor<M>>
  | ((partition: number) => MessageProcessor<M> | Promise<MessageProcessor<M>>)

/** Takes part in the batches of one partition, such as a {@link batchCache}. Its methods are never called concurrently. */
export interface BatchParticipant {
  /** Called before `process`. If it rejects, the batch fails. */
  begin(messages: readonly Message[], context: ProcessContext): Promise<void>
  /**
   * Called after `process` has returned, before anything is sent or committed. If it rejects, the batch fails and is not committed.
   * It may be called again for the same batch.
   */
  end(context: ProcessContext): Promise<void>
  /** The batch has failed, in `begin`, `process` or `end`: drop its changes. Must not throw. */
  discard(): void
  /** The worker of the partition has ended: drop everything that is kept about the partition. Must not throw. */
  release(): void
}

/** Where a `process` call runs. */
export interface ProcessContext {
  readonly partition: number
  /** Fires when the result of the batch is not needed any more: the partition is lost, or the batch took longer than `drainTimeoutMs`. */
  readonly signal: AbortSignal
}

/** Sends the messages that `process` makes. */
export interface Sender {
  /** Collects a message. It is sent when `process` returns, or at the next `flush`. */
  send(message: OutgoingMessage): void
  /** Encodes a message for a declared topic, and collects it. Throws `ENCODE_FAILED`. */
  send<T extends Topic>(topic: T, message: OutgoingMessageOf<T>): void
  /**
   * Sends the collected messages now and waits for the acknowledgements. Flushed messages are sent even if `process` fails later. If
   * the flush fails, the messages stay collected.
   */
  flush(): Promise<readonly ProduceAck[]>
}
