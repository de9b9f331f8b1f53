import type { ProduceAck } from '../kafka/producer.ts'
import type { OffsetRange } from '../kafka/topic-partition.ts'
import { hasCode } from '../runtime/errors.ts'
import type { MetricsProvider, Summary } from './metrics.ts'
import type { ErrorStage, RetryStage, Stage } from './stages.ts'
import { ERROR_STAGES, RETRY_STAGES, STAGES } from './stages.ts'

/** Seconds: from a batch that only computes, to a stall. */
const DURATION_BUCKETS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const SIZE_BUCKETS: readonly number[] = [1, 10, 100, 1000, 10_000, 100_000]

/** The values of a topic partition's gauges. */
export interface TopicState {
  readonly topic: string
  /** Messages between the position and the end of the log. */
  readonly lagMessages: number
  /** Age of the next message to process, by its timestamp. 0 if there is none; `undefined` if its age is not known. */
  readonly lagMs: number | undefined
}

/** The values of a partition number's gauges. */
export interface PartitionState {
  readonly topics: readonly TopicState[]
  readonly queueMessages: number
  readonly queueBytes: number
  /** How long the partition has had work to do and made no progress. */
  readonly sinceProgressMs: number
}

/** The engine's own metrics. They are updated per batch, never per message. */
export interface EngineMetrics {
  fetched(topic: string, partition: number, bytes: number): void
  /** A batch starts. Its first message was fetched `waitedMs` ago. */
  incoming(ranges: readonly OffsetRange[], waitedMs: number): void
  outgoing(acks: readonly ProduceAck[]): void
  processed(partition: number, messages: number, durationMs: number): void
  produced(durationMs: number): void
  committed(durationMs: number): void
  failed(stage: ErrorStage): void
  /** An attempt has failed, and the client repeats it. */
  retried(stage: RetryStage): void
  paused(partition: number, durationMs: number): void
  /** The group has assigned its partitions again. */
  rebalanced(): void
  /** How many partition numbers the processor owns. */
  assigned(partitions: number): void
  /** The run starts. `now` is wall time, milliseconds since the epoch. */
  started(now: number): void
  /** How many partitions are stalled, by stage. */
  stalled(partitions: ReadonlyMap<Stage, number>): void
  state(partition: number, state: PartitionState): void
  /** Removes the gauges of a partition that the processor does not own any more. Its new owner reports them. */
  forget(partition: number, topics: readonly string[]): void
}

export function engineMetrics(provider: MetricsProvider, processor: string): EngineMetrics {
  const counter = (name: string, help: string, ...labels: string[]): ReturnType<MetricsProvider['counter']> =>
    provider.counter({ name, help, labelNames: ['processor', ...labels] })
  const gauge = (name: string, help: string, ...labels: string[]): ReturnType<MetricsProvider['gauge']> =>
    provider.gauge({ name, help, labelNames: ['processor', ...labels] })
  const duration = (name: string, help: string, ...labels: string[]): Summary =>
    provider.summary({ name: `${name}_duration_seconds`, help, labelNames: ['processor', ...labels], buckets: DURATION_BUCKETS })
  const byTopic = ['topic', 'partition']

  const incomingMessages = counter('incoming_messages_total', 'Messages given to processors', ...byTopic)
  const incomingBytes = counter('incoming_bytes_total', 'Bytes of records fetched', ...byTopic)
  const outgoingMessages = counter('outgoing_messages_total', 'Messages acknowledged by the brokers', ...byTopic)
  const outgoingBytes = counter('outgoing_bytes_total', 'Bytes of records acknowledged by the brokers', ...byTopic)
  const batchMessages = provider.summary({
    name: 'batch_messages',
    help: 'Messages in one process call',
    labelNames: ['processor', 'partition'],
    buckets: SIZE_BUCKETS,
  })
  const wait = duration('batch_wait', "Time from the fetch of a batch's first message to its process call", 'partition')
  const process = duration('process', 'Time in process()', 'partition')
  const produce = duration('produce', 'Time from sending a batch of messages to the last acknowledgement')
  const commit = duration('commit', 'Time from the end of a batch to the acknowledgement of its offsets')
  const errors = counter('errors_total', 'Errors, by stage', 'stage')
  const retries = counter('retries_total', 'Attempts that failed and were repeated, by stage', 'stage')
  const pausedSeconds = counter(
    'paused_seconds_total',
    'Time in which fetching was paused because the queue was full',
    'partition',
  )
  const rebalances = counter('rebalances_total', 'How often the group has assigned its partitions')
  const startTime = gauge('start_time_seconds', 'When the run began, in seconds since 1970')
  const assignedPartitions = gauge('assigned_partitions', 'Partition numbers that the processor owns')
  const stalledPartitions = gauge(
    'stalled_partitions',
    'Partition numbers that have made no progress for stallWarningMs, by their stage',
    'stage',
  )
  const lagMessages = gauge('lag_messages', 'Messages between the position and the end of the log', ...byTopic)
  const lagSeconds = gauge('lag_seconds', 'Age of the next message to process; 0 when there is none', ...byTopic)
  const queueMessages = gauge('queue_messages', 'Messages fetched and not yet processed', 'partition')
  const queueBytes = gauge('queue_bytes', 'Bytes fetched and not yet processed', 'partition')
  const sinceProgress = gauge(
    'time_since_progress_seconds',
    'How long a partition has had work to do and made no progress',
    'partition',
  )
  // The series exist from the start, so that the first error is visible as an increase.
  for (const stage of ERROR_STAGES) errors.add(0, processor, stage)
  for (const stage of RETRY_STAGES) retries.add(0, processor, stage)

  const totalAssigned = sumOfInstances(provider, `assigned ${processor}`)
  const totalStalled = new Map(STAGES.map((stage) => [stage, sumOfInstances(provider, `stalled ${stage} ${processor}`)]))

  return {
    fetched: (topic, partition, bytes) => incomingBytes.add(bytes, processor, topic, String(partition)),
    incoming(ranges, waitedMs) {
      for (const { topic, partition, count } of ranges) incomingMessages.add(count, processor, topic, String(partition))
      wait.observe(waitedMs / 1000, processor, String(ranges[0]!.partition))
    },
    outgoing(acks) {
      for (const { topic, partition, count, bytes } of acks) {
        outgoingMessages.add(count, processor, topic, String(partition))
        if (bytes !== undefined) outgoingBytes.add(bytes, processor, topic, String(partition))
      }
    },
    processed(partition, messages, durationMs) {
      batchMessages.observe(messages, processor, String(partition))
      process.observe(durationMs / 1000, processor, String(partition))
    },
    produced: (durationMs) => produce.observe(durationMs / 1000, processor),
    committed: (durationMs) => commit.observe(durationMs / 1000, processor),
    failed: (stage) => errors.inc(processor, stage),
    retried: (stage) => retries.inc(processor, stage),
    paused: (partition, durationMs) => pausedSeconds.add(durationMs / 1000, processor, String(partition)),
    rebalanced: () => rebalances.inc(processor),
    started: (now) => startTime.set(now / 1000, processor),
    assigned: (partitions) => assignedPartitions.set(totalAssigned(partitions), processor),
    stalled(partitions) {
      for (const [stage, total] of totalStalled) stalledPartitions.set(total(partitions.get(stage) ?? 0), processor, stage)
    },
    state(number, state) {
      const partition = String(number)
      for (const { topic, lagMessages: messages, lagMs } of state.topics) {
        lagMessages.set(messages, processor, topic, partition)
        if (lagMs === undefined) lagSeconds.remove(processor, topic, partition)
        else lagSeconds.set(lagMs / 1000, processor, topic, partition)
      }
      queueMessages.set(state.queueMessages, processor, partition)
      queueBytes.set(state.queueBytes, processor, partition)
      sinceProgress.set(state.sinceProgressMs / 1000, processor, partition)
    },
    forget(number, topics) {
      const partition = String(number)
      for (const topic of topics) for (const lag of [lagMessages, lagSeconds]) lag.remove(processor, topic, partition)
      for (const queued of [queueMessages, queueBytes, sinceProgress]) queued.remove(processor, partition)
    },
  }
}

/** Counts an error of a partition. Losing the partition is not an error: then `lost` has fired, or the error is `FENCED`. */
export function countFailure(metrics: EngineMetrics, lost: AbortSignal, stage: ErrorStage, error: unknown): void {
  if (!lost.aborted && !hasCode(error, 'FENCED')) metrics.failed(stage)
}

/** By provider and gauge: the value of each processor instance in this process. */
const instances = new WeakMap<MetricsProvider, Map<string, Map<symbol, number>>>()

/**
 * Several processors of one name in one process share their gauges. The returned function sets the value of one instance, and
 * returns the sum of all.
 */
function sumOfInstances(provider: MetricsProvider, gauge: string): (value: number) => number {
  const gauges = instances.get(provider) ?? new Map<string, Map<symbol, number>>()
  instances.set(provider, gauges)
  const values = gauges.get(gauge) ?? new Map<symbol, number>()
  gauges.set(gauge, values)
  const instance = Symbol(gauge)
  return (value) => {
    if (value === 0) values.delete(instance)
    else values.set(instance, value)
    let sum = 0
    for (const each of values.values()) sum += each
    return sum
  }
}
