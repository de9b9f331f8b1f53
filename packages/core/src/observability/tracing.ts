import type { Message, OutgoingMessage } from '../kafka/message.ts'
import type { OffsetRange } from '../kafka/topic-partition.ts'

/** Makes trace spans of batches. `@kasper/metrics-otel` implements it with OpenTelemetry. Its methods must not throw. */
export interface Tracer {
  /** Called when a batch is about to be processed. */
  startProcess(batch: TracedBatch): ProcessSpan
}

/** The batch that a span is about. */
export interface TracedBatch {
  readonly processor: string
  readonly groupId: string
  readonly partition: number
  /** At least one. */
  readonly messages: readonly Message[]
  /** The offsets of the batch, one range for each topic. */
  readonly ranges: readonly OffsetRange[]
}

/** A piece of work that is traced. */
export interface TraceSpan {
  /** The work is done, or has failed with this error. */
  end(error?: unknown): void
}

/** The span of one `process` call. Sends and commits may start after it has ended. */
export interface ProcessSpan extends TraceSpan {
  /** Calls `process` while this span is active, so that spans made in it are its children. */
  run<T>(process: () => T): T
  /** Called when messages of the batch are about to be sent. */
  startSend(messages: readonly OutgoingMessage[]): SendSpan
  /** Called when the offsets of the batch are about to be committed. */
  startCommit(): TraceSpan
}

export interface SendSpan extends TraceSpan {
  /** The messages to send, with the headers that carry the trace. The same array if there are no headers to add. */
  readonly messages: readonly OutgoingMessage[]
}
