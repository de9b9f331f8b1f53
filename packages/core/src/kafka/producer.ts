import type { Clock } from '../runtime/clock.ts'
import type { Logger } from '../runtime/logger.ts'
import type { OutgoingMessage } from './message.ts'
import type { Partitioner } from './partitioner.ts'
import type { TopicPartition } from './topic-partition.ts'

export interface ProducerOptions {
  /** Decides where messages without a partition go. @default murmur2 of the key as in the Java client; without a key, round robin */
  readonly partitioner?: Partitioner | undefined
  /** Called for each attempt to send that failed and is repeated. */
  readonly onRetry?: (() => void) | undefined
  readonly logger?: Logger | undefined
  readonly clock?: Clock | undefined
}

/** What the brokers acknowledged of one `send`, for one topic partition. */
export interface ProduceAck extends TopicPartition {
  /** The offset of the first of these messages. */
  readonly baseOffset: number
  readonly count: number
  /** About how many bytes they take in the log, where the client knows. */
  readonly bytes?: number | undefined
}

export interface Producer {
  /**
   * Sends all these messages and resolves when every one is acknowledged by all in-sync replicas. Messages for one partition
   * are written in the order given, also across calls. Rejects with `TOPIC_UNKNOWN`, `PARTITION_UNKNOWN`, `MESSAGE_TOO_LARGE`,
   * `BROKER_UNREACHABLE` or `PRODUCE_FAILED`; then some of the messages may have been written.
   */
  send(
    messages: readonly OutgoingMessage[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly ProduceAck[]>
  /** Waits for what is under way, then disconnects. Idempotent. */
  close(): Promise<void>
}
