import type { BatchSpan } from './batch.ts'
import type { ProduceAck } from './client.ts'
import type { MetricsProvider } from './metrics.ts'

/** Seconds, as OpenTelemetry's messaging conventions have them. */
const DURATION_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const SIZE_BUCKETS: readonly number[] = [1, 10, 100, 1000, 10_000, 100_000]

/** What the engine measures of itself, per batch, never per message. */
export interface EngineMetrics {
  incoming(spans: readonly BatchSpan[]): void
  outgoing(acks: readonly ProduceAck[]): void
  /** Messages between the position and the end of the log. */
  lag(topic: string, partition: number, messages: number): void
  /** The partition is no longer ours: whoever reads it next reports its lag. */
  forgetLag(topic: string, partition: number): void
  processed(partition: number, messages: number, durationMs: number): void
  produced(durationMs: number): void
  committed(durationMs: number): void
}

export function engineMetrics(provider: MetricsProvider, processor: string): EngineMetrics {
  const byPartition = ['processor', 'topic', 'partition'] as const
  const incoming = provider.counter({
    name: 'incoming_messages_total',
    help: 'Messages given to processors',
    labelNames: byPartition,
  })
  const outgoing = provider.counter({
    name: 'outgoing_messages_total',
    help: 'Messages acknowledged by the brokers',
    labelNames: byPartition,
  })
  const lag = provider.gauge({
    name: 'lag_messages',
    help: 'Messages between the position and the end of the log',
    labelNames: byPartition,
  })
  const batch = provider.summary({
    name: 'batch_messages',
    help: 'Messages in one process call',
    labelNames: ['processor', 'partition'],
    buckets: SIZE_BUCKETS,
  })
  const duration = (stage: string, help: string, labelNames: readonly string[]): ReturnType<MetricsProvider['summary']> =>
    provider.summary({ name: `${stage}_duration_seconds`, help, labelNames, buckets: DURATION_BUCKETS })
  const process = duration('process', 'Time in process()', ['processor', 'partition'])
  const produce = duration('produce', 'Time from sending a batch of messages to the last acknowledgement', ['processor'])
  const commit = duration('commit', 'Time from the end of a batch to the acknowledgement of its offsets', ['processor'])

  return {
    incoming(spans) {
      for (const span of spans) incoming.add(span.count, processor, span.topic, String(span.partition))
    },
    outgoing(acks) {
      for (const ack of acks) outgoing.add(ack.count, processor, ack.topic, String(ack.partition))
    },
    lag: (topic, partition, messages) => lag.set(messages, processor, topic, String(partition)),
    forgetLag: (topic, partition) => lag.remove(processor, topic, String(partition)),
    processed(partition, messages, durationMs) {
      batch.observe(messages, processor, String(partition))
      process.observe(durationMs / 1000, processor, String(partition))
    },
    produced: (durationMs) => produce.observe(durationMs / 1000, processor),
    committed: (durationMs) => commit.observe(durationMs / 1000, processor),
  }
}
