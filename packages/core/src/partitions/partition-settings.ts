import type { Clock } from '../runtime/clock.ts'
import type { Logger } from '../runtime/logger.ts'
import type { Tracer } from '../observability/tracing.ts'

/** The part of a processor's configuration that its partitions use, with every default filled in. Times are in milliseconds. */
export interface PartitionSettings {
  readonly topicProcessorName: string
  readonly groupId: string
  readonly batchSize: number
  readonly batchWaitMs: number
  readonly prefetchMessages: number
  readonly prefetchBytes: number
  readonly drainTimeoutMs: number
  readonly stallWarningMs: number
  readonly initialOffset: 'earliest' | 'latest'
  readonly outOfRange: 'fail' | 'earliest' | 'latest'
  readonly logger: Logger
  readonly tracer?: Tracer | undefined
  readonly clock: Clock
}
