// Traces a message through two processors on the current runtime. Prints each span and the name of its parent.
import process from 'node:process'
import { TopicProcessor } from '@kasper/core'
import { MemoryKafka } from '@kasper/testing'
import { context, propagation } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { otelTracer } from '../src/index.ts'

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
propagation.setGlobalPropagator(new W3CTraceContextPropagator())
const exporter = new InMemorySpanExporter()
const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer('test')

const kafka = new MemoryKafka()
const topics = ['a', 'b', 'c']
for (const topic of topics) kafka.createTopic(topic)
kafka.append([{ topic: 'a', value: 'v' }])
for (const step of [0, 1]) {
  const config = { topicProcessorName: `p${step}`, client: kafka.client(), inputTopics: [topics[step]!] }
  const running = new TopicProcessor(
    { ...config, tracer: otelTracer({ tracer }) },
    {
      async process([message], sender) {
        await new Promise((resolve) => setTimeout(resolve, 1))
        tracer.startSpan('mine').end()
        sender.send({ topic: topics[step + 1]!, value: message!.value })
      },
    },
  )
  await running.runUntilCaughtUp()
}
await kafka.close()

const spans = exporter.getFinishedSpans()
const nameOf = (id: string | undefined): string | undefined =>
  spans.find((span) => id !== undefined && span.spanContext().spanId === id)?.name
for (const { name, parentSpanContext } of spans) console.log(`${name} in ${nameOf(parentSpanContext?.spanId) ?? 'nothing'}`)
process.exit()
