// npm run bench:observability [-- OPTIONS]: measures the cost of metrics and traces.
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { TopicProcessor, type TopicProcessorConfig } from '@kasper/core'
import { otelTracer } from '@kasper/metrics-otel'
import { prometheusMetrics } from '@kasper/metrics-prom'
import { MemoryKafka } from '@kasper/testing'
import { context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  BatchSpanProcessor,
  InMemorySpanExporter,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { Registry } from '@prometheus-io/client'
import { type Figure, measure, median } from './measure.ts'

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    messages: { type: 'string', default: '500000' },
    rounds: { type: 'string', default: '100' },
  },
})

if (options.help) {
  console.log(`npm run bench:observability [-- OPTIONS]

Passes messages of 100 bytes through the engine on the in-memory Kafka, in batches of 1000: with neither metrics nor traces,
with metrics for Prometheus, and with OpenTelemetry's traces. The contenders take turns, in a random order each round. Each
pass is compared with the pass of "nothing" in the same round. Figures are the medians of all rounds. "nothing, again" is the
same as "nothing": its difference shows how much of the other differences is chance.

  --messages N   messages in a pass        (default 500,000)
  --rounds N     passes of each contender  (default 100, after one uncounted pass)`)
  process.exit()
}

const PARTITIONS = 4
const messages = Number(options.messages)
const exporter = new InMemorySpanExporter()
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
const propagator = new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] })

function sampled(ratio: number): Partial<TopicProcessorConfig> {
  const sampler = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) })
  const provider = new TracerProvider({ sampler, spanProcessors: [new BatchSpanProcessor({ exporter })] })
  return { tracer: otelTracer({ tracer: provider.getTracer('bench'), propagator }) }
}

const contenders: readonly (readonly [name: string, config: Partial<TopicProcessorConfig>, figures: Figure[]])[] = [
  ['nothing', {}, []],
  ['nothing, again', {}, []],
  ['metrics', { metricsProvider: prometheusMetrics({ registry: new Registry() }) }, []],
  ['traces, 1 % sampled', sampled(0.01), []],
  ['traces, all sampled', sampled(1), []],
]

/** Collecting the garbage of earlier passes during a pass would change its time by more than the differences to measure. */
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** The list in a random order, because the place in a round has an influence too. */
function shuffled<T>(list: readonly T[]): readonly T[] {
  return list
    .map((item) => [Math.random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item)
}

const kafka = new MemoryKafka()
const client = kafka.client()
const admin = await client.admin()
kafka.createTopic('in', { partitions: PARTITIONS })
const beginnings = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: 'in', partition, offset: 0 }))
const value = new Uint8Array(100).fill(120)
for (let sent = 0; sent < messages;) {
  const count = Math.min(10_000, messages - sent)
  kafka.append(Array.from({ length: count }, (_, i) => ({ topic: 'in', key: `key-${i}`, value })))
  sent += count
}

for (let round = 0; round <= Number(options.rounds); round++) {
  for (const [i, [, config, figures]] of shuffled([...contenders.entries()])) {
    const [output, topicProcessorName] = [`out-${round}-${i}`, `bench-${i}`]
    await admin.createTopics([{ name: output, partitions: PARTITIONS }])
    const processor = new TopicProcessor(
      { topicProcessorName, client, inputTopics: ['in'], ...config },
      {
        process(batch, sender) {
          for (const { key, value } of batch) sender.send({ topic: output, key, value })
        },
      },
    )
    await admin.setCommittedOffsets(processor.groupId, beginnings)
    collectGarbage()
    const figure = await measure(messages, () => processor.runUntilCaughtUp())
    if (round > 0) figures.push(figure)
    await admin.deleteTopics([output])
    exporter.reset()
  }
}

const [[, , nothing]] = contenders as [(typeof contenders)[number]]
/** The median over all rounds. Disturbances of a whole round, or of a few passes, do not change it. */
const ofNothing = (figures: readonly Figure[], of: keyof Figure): string =>
  `${(100 * median(figures.map((figure, round) => figure[of] / nothing[round]![of]))).toFixed(1)} %`
console.table(
  contenders.map(([name, , figures]) => ({
    with: name,
    'messages/s': Math.round(median(figures.map(({ messagesPerSecond }) => messagesPerSecond))).toLocaleString('en'),
    'of nothing': ofNothing(figures, 'messagesPerSecond'),
    'CPU s/million': median(figures.map(({ cpuPerMillion }) => cpuPerMillion)).toFixed(3),
    'CPU of nothing': ofNothing(figures, 'cpuPerMillion'),
  })),
)
process.exit() // the span processors have timers
