// Traces connect a producer, three processors and the last topic, on real Kafka.
import { type KafkaClient, TopicProcessor } from '@kasper/core'
import { kafkajs } from '@kasper/kafkajs'
import { platformatic } from '@kasper/platformatic'
import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { required } from '../../../scripts/required.ts'
import { otelTracer, tracedProducer } from './index.ts'

const exporter = new InMemorySpanExporter()
const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer('test')

const clients: Readonly<Record<string, (brokers: string[]) => KafkaClient>> = {
  kafkajs: (brokers) => kafkajs({ brokers }),
  platformatic: (bootstrapBrokers) => platformatic({ bootstrapBrokers }),
}

function testClient(name: string): KafkaClient {
  return clients[name]!(required('KAFKA_BROKERS').split(','))
}

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  )
})

afterAll(() => {
  context.disable()
  propagation.disable()
})

beforeEach(() => exporter.reset())

test.for(Object.keys(clients))('traces connect a producer and three processors, in batches and one by one: %s', async (name) => {
  const client = testClient(name)
  const run = `trace-${name}-${process.pid}-${Date.now().toString(36)}`
  const topics = ['a', 'b', 'c', 'd'].map((name) => `${run}-${name}`)
  const admin = await client.admin()
  await admin.createTopics(topics.map((name) => ({ name, partitions: 1 })))

  const request = tracer.startSpan('request')
  const active = trace.setSpan(context.active(), request)
  const producer = tracedProducer(await client.producer(), { tracer })
  await context.with(active, () => producer.send(Array.from({ length: 5 }, (_, i) => ({ topic: topics[0]!, value: `v${i}` }))))
  request.end()
  await producer.close()

  for (const [step, batchSize] of [100, 1, 100].entries()) {
    const config = { topicProcessorName: `${run}-${step}`, client, inputTopics: [topics[step]!], batchSize }
    await new TopicProcessor(
      { ...config, tracer: otelTracer({ tracer }) },
      {
        process(messages, sender) {
          for (const { value } of messages) sender.send({ topic: topics[step + 1]!, value })
        },
      },
    ).runUntilCaughtUp()
  }
  await admin.deleteTopics(topics)
  await admin.close()

  const spans = exporter.getFinishedSpans()
  const named = (name: string): ReadableSpan[] => spans.filter((span) => span.name === name)
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]))
  const comesFromRequest = (span: ReadableSpan): boolean => {
    if (span.name === 'request') return true
    const before = [span.parentSpanContext, ...span.links.map((link) => link.context)].filter((it) => it !== undefined)
    return before.length > 0 && before.every(({ spanId }) => comesFromRequest(byId.get(spanId)!))
  }
  expect(named(`send ${topics[0]}`)).toHaveLength(1)
  expect(named(`process ${topics[1]}`)).toHaveLength(5) // batches of one: children of the span that sent all five
  for (const span of named(`process ${topics[1]}`)) {
    expect(span.parentSpanContext?.spanId).toBe(named(`send ${topics[1]}`)[0]!.spanContext().spanId)
  }
  expect(named(`send ${topics[3]}`).length).toBeGreaterThan(0)
  expect(spans.filter((span) => !comesFromRequest(span)).map((span) => span.name)).toEqual([])
})

test.for(Object.keys(clients))('baggage continues from single message to single message: %s', async (name) => {
  const client = testClient(name)
  const run = `baggage-${name}-${process.pid}-${Date.now().toString(36)}`
  const topics = ['a', 'b', 'c'].map((name) => `${run}-${name}`)
  const admin = await client.admin()
  await admin.createTopics(topics.map((name) => ({ name, partitions: 1 })))
  const producer = tracedProducer(await client.producer(), { tracer })
  const baggage = propagation.createBaggage({ user: { value: 'älice' } })
  await context.with(propagation.setBaggage(context.active(), baggage), () => producer.send([{ topic: topics[0]!, value: 'v' }]))
  await producer.close()
  const users: (string | undefined)[] = []
  for (const step of [0, 1]) {
    const config = { topicProcessorName: `${run}-${step}`, client, inputTopics: [topics[step]!] }
    await new TopicProcessor(
      { ...config, tracer: otelTracer({ tracer }) },
      {
        process([message], sender) {
          users.push(propagation.getActiveBaggage()?.getEntry('user')?.value)
          sender.send({ topic: topics[step + 1]!, value: message!.value })
        },
      },
    ).runUntilCaughtUp()
  }
  await admin.deleteTopics(topics)
  await admin.close()
  expect(users).toEqual(['älice', 'älice'])
})
