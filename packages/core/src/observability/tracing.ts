import type { Message, OutgoingMessage } from '../kafka/message.ts'
import type { OffsetRange } from '../kafka/topic-partition.ts'

/**
 * Makes trace spans of what the engine does, per batch. OpenTelemetry is one way to implement it: see @kasper/metrics-otel. No
 * method may throw.
 */
export interface Tracer {
  /** A batch is about to be processed. */
  startProcess(batch: TracedBatch): ProcessSpan
}

/** What a tracer gets to know of a batch. */
export interface TracedBatch {
  readonly processor: string
  readonly groupId: string
  readonly partition: number
  /** At least one. */
  readonly messages: readonly Message[]
  /** By topic: which offsets of it the batch has. */
  readonly ranges: readonly OffsetRange[]
}

/** A piece of work that is being traced. */
export interface TraceSpan {
  /** The work is done, or has failed with this error. */
  end(error?: unknown): void
}

/** The span of one `process` call. Sends and commits may start when it has ended. */
export interface ProcessSpan extends TraceSpan {
  /** Calls `process` with this span active, so that spans made in it are its children. */
  run<T>(process: () => T): T
  /** What the batch has collected is about to be sent. */
  startSend(messages: readonly OutgoingMessage[]): SendSpan
  /** The batch's offsets are about to be committed. */
  startCommit(): TraceSpan
}

export interface SendSpan extends TraceSpan {
  /** The messages to send, with headers that carry the trace on; the very same ones where there is nothing to carry. */
  readonly messages: readonly OutgoingMessage[]
}
