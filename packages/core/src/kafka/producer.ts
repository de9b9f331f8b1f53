import type { Clock } from '../runtime/clock.ts'
import type { Logger } from '../runtime/logger.ts'
import type { OutgoingMessage } from './message.ts'
import type { Partitioner } from './partitioner.ts'
import type { TopicPartition } from './topic-partition.ts'

export interface ProducerOptions {
  /** Chooses the partition of messages that name none. @default as the Java client: murmur2 of the key; round robin without a key */
  readonly partitioner?: Partitioner | undefined
  /** Called for each failed attempt to send that the client repeats. */
  readonly onRetry?: (() => void) | undefined
  readonly logger?: Logger | undefined
  readonly clock?: Clock | undefined
}

/** The brokers' acknowledgement of one `send`, for one topic partition. */
export interface ProduceAck extends TopicPartition {
  /** The offset of the first of these messages. */
  readonly baseOffset: number
  readonly count: number
  /** About how many bytes the messages take in the log. A client that does not know leaves it out. */
  readonly bytes?: number | undefined
}

/** Writes messages to topics. */
export interface Producer {
  /**
   * Sends these messages. Resolves when all in-sync replicas have acknowledged every one. The messages of a partition are written in
   * the order given, across calls too. Rejects with `TOPIC_UNKNOWN`, `PARTITION_UNKNOWN`, `MESSAGE_TOO_LARGE`, `BROKER_UNREACHABLE` or
   * `PRODUCE_FAILED`; some of the messages may have been written nevertheless.
   */
  send(
    messages: readonly OutgoingMessage[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly ProduceAck[]>
  /** Waits for the sends in progress, then disconnects. Idempotent. */
  close(): Promise<void>
}
