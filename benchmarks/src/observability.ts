// npm run bench:observability [-- OPTIONS]: what metrics and tracing cost, in turns with the engine without them.
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

Passes messages of 100 bytes through the engine on the in-memory Kafka, in batches of 1000: without anything, with metrics for
Prometheus, and with OpenTelemetry's traces. They take turns, each round in another order. What each pass took is held against that
round's pass without anything, and figures are the middle ones of all rounds. How much of a difference is chance, "nothing, again"
shows: it is the same as "nothing".

  --messages N   messages a pass  (default 500,000)
  --rounds N     turns of each    (default 100, after one that is not counted)`)
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

/** So that nobody's pass has to clean up what another's left behind: that differs more than what is measured. */
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Each in every place, by and by. */
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
/** The middle one of all rounds: what other programs take away from both passes of a round, or from one of few, does not count. */
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
