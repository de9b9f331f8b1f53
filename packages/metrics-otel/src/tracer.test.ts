import { headerValue, type Message, type MessageProcessor, TopicProcessor } from '@kasper/core'
import { MemoryKafka, MemoryMetrics } from '@kasper/testing'
import { type Context, context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  SimpleSpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { otelTracer, tracedProducer } from './index.ts'

let kafka: MemoryKafka
let exporter: InMemorySpanExporter

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

beforeEach(() => {
  kafka = new MemoryKafka()
  for (const topic of ['in', 'out', 'other']) kafka.createTopic(topic)
  exporter = new InMemorySpanExporter()
})

afterEach(() => kafka.close())

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SAMPLED = `00-${TRACE}-b7ad6b7169203331-01`
const UNSAMPLED = `00-${TRACE}-b7ad6b7169203331-00`

function otel(sampler?: Sampler) {
  const spanProcessors = [new SimpleSpanProcessor({ exporter })]
  return new TracerProvider({ spanProcessors, ...(sampler && { sampler }) }).getTracer('test')
}

interface Run {
  readonly process?: MessageProcessor['process']
  readonly sampler?: Sampler
  readonly metrics?: MemoryMetrics
  readonly batchSize?: number
  readonly name?: string
  readonly input?: string
}

/** Processes all messages of the input topic. By default sends each value to `out`. */
async function run({ process = forward, sampler, metrics, batchSize = 100, name = 'p', input = 'in' }: Run = {}): Promise<void> {
  const tracer = otelTracer({ tracer: otel(sampler), metricsProvider: metrics })
  const config = { topicProcessorName: name, client: kafka.client(), inputTopics: [input], tracer, batchSize }
  await new TopicProcessor(config, { process }).runUntilCaughtUp()
}

const forward: MessageProcessor['process'] = (messages, sender) => {
  for (const { value } of messages) sender.send({ topic: 'out', value })
}

function append(...headers: Readonly<Record<string, string>>[]): void {
  kafka.append(headers.map((each, i) => ({ topic: 'in', value: `v${i}`, headers: each })))
}

/** The exported spans. */
function spans(name?: string): ReadableSpan[] {
  return exporter.getFinishedSpans().filter((span) => name === undefined || span.name === name)
}

function one(name: string): ReadableSpan {
  const found = spans(name)
  expect(found, name).toHaveLength(1)
  return found[0]!
}

const decoder = new TextDecoder()
function header(message: Message, key: string): string | undefined {
  const value = headerValue(message, key)
  return value === undefined || value === null ? undefined : decoder.decode(value)
}

const traceparentOf = (span: ReadableSpan): string => `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`

test("the span of a single message is a child of the message's context, and what it sends continues the trace", async () => {
  append({ TraceParent: SAMPLED, tracestate: 'vendor=1', baggage: 'user=alice' })
  await run()
  const process = one('process in')
  expect(process.spanContext().traceId).toBe(TRACE)
  expect(process.parentSpanContext).toMatchObject({ spanId: 'b7ad6b7169203331', isRemote: true })
  expect(process.kind).toBe(SpanKind.CONSUMER)
  expect(process.links).toEqual([])
  expect(process.attributes).toEqual({
    'messaging.system': 'kafka',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': 'in',
    'messaging.destination.partition.id': '0',
    'messaging.consumer.group.name': 'kasper-topic-processor-p',
    'kasper.processor': 'p',
    'messaging.batch.message_count': 1,
    'messaging.kafka.offset': 0,
  })
  const send = one('send out')
  expect(send.kind).toBe(SpanKind.PRODUCER)
  expect(send.parentSpanContext?.spanId).toBe(process.spanContext().spanId)
  expect(send.attributes).toMatchObject({ 'messaging.operation.name': 'send', 'messaging.destination.name': 'out' })
  const commit = one('commit in')
  expect(commit.parentSpanContext?.spanId).toBe(process.spanContext().spanId)
  expect(commit.attributes).toMatchObject({
    'messaging.operation.name': 'commit',
    'messaging.operation.type': 'settle',
    'messaging.destination.name': 'in',
  })
  const [sent] = kafka.read('out')
  expect(header(sent!, 'traceparent')).toBe(traceparentOf(send))
  expect(header(sent!, 'tracestate')).toBe('vendor=1')
  expect(header(sent!, 'baggage')).toBe('user=alice')
})

test("the span of a batch begins a trace, with a link to each of its messages' contexts", async () => {
  const other = `00-${TRACE.replace('0', '1')}-00f067aa0ba902b7-01`
  append({ traceparent: SAMPLED }, { traceparent: SAMPLED }, {}, { traceparent: other })
  await run()
  const process = one('process in')
  expect(process.parentSpanContext).toBeUndefined()
  expect(process.spanContext().traceId).not.toBe(TRACE)
  expect(process.links.map((link) => [link.context.traceId, link.context.spanId])).toEqual([
    [TRACE, 'b7ad6b7169203331'],
    [TRACE.replace('0', '1'), '00f067aa0ba902b7'],
  ])
  expect(process.attributes['messaging.batch.message_count']).toBe(4)
  expect(kafka.read('out').map((message) => header(message, 'traceparent'))).toEqual(
    Array(4).fill(traceparentOf(one('send out'))),
  )
})

test('spans made in process are children of its span, and see the baggage of a single message', async () => {
  append({ traceparent: SAMPLED, baggage: 'user=alice' })
  const tracer = otel()
  let baggage: string | undefined
  await run({
    async process() {
      await Promise.resolve()
      baggage = propagation.getActiveBaggage()?.getEntry('user')?.value
      tracer.startSpan('mine').end()
    },
  })
  expect(one('mine').parentSpanContext?.spanId).toBe(one('process in').spanContext().spanId)
  expect(baggage).toBe('alice')
})

test('each topic has a send span; the context of another trace is replaced, and other headers stay', async () => {
  append({ traceparent: SAMPLED, tracestate: 'vendor=1', shop: 'x' })
  await run({
    async process([message], sender) {
      sender.send({ topic: 'out', value: 'a', headers: { Traceparent: 'old', tracestate: 'old', baggage: 'kept=1', shop: 'x' } })
      await sender.flush()
      sender.send({ topic: 'out', value: 'b', headers: message!.headers })
      sender.send({ topic: 'other', value: 'c', key: 'k', timestamp: 7 })
    },
  })
  expect(spans('send out')).toHaveLength(2)
  const [a, b] = kafka.read('out')
  expect(a!.headers.map(({ key }) => key)).toEqual(['baggage', 'shop', 'traceparent', 'tracestate'])
  expect(header(a!, 'traceparent')).toBe(traceparentOf(spans('send out')[0]!))
  expect(header(b!, 'traceparent')).toBe(traceparentOf(spans('send out')[1]!))
  expect(header(b!, 'shop')).toBe('x')
  const [c] = kafka.read('other')
  expect(header(c!, 'traceparent')).toBe(traceparentOf(one('send other')))
  expect([decoder.decode(c!.key!), decoder.decode(c!.value!), c!.timestamp]).toEqual(['k', 'c', 7])
})

test('the send spans count the messages of each topic, in any order', async () => {
  append({})
  await run({
    process(_, sender) {
      for (const topic of ['out', 'other', 'out', 'out']) sender.send({ topic, value: 'a' })
    },
  })
  const count = (name: string): unknown => one(name).attributes['messaging.batch.message_count']
  expect([count('send out'), count('send other')]).toEqual([3, 1])
})

test('a batch of several topics is named after all of them, and has no single destination', async () => {
  kafka.append(['other', 'in'].map((topic) => ({ topic, value: 'a' })))
  const config = {
    topicProcessorName: 'p',
    client: kafka.client(),
    inputTopics: ['other', 'in'],
    tracer: otelTracer({ tracer: otel() }),
  }
  await new TopicProcessor(config, { process() {} }).runUntilCaughtUp()
  for (const name of ['process in,other', 'commit in,other']) {
    expect(one(name).attributes).not.toHaveProperty('messaging.destination.name')
    expect(one(name).attributes).toMatchObject({ 'messaging.destination.partition.id': '0' })
  }
})

test('processors can share a tracer, and samplers see the attributes of each batch', () => {
  const seen: unknown[] = []
  const sampler: Sampler = {
    shouldSample(_context, _traceId, name, _kind, attributes) {
      seen.push([
        name,
        ...['destination.name', 'destination.partition.id', 'consumer.group.name'].map((key) => attributes[`messaging.${key}`]),
      ])
      return { decision: SamplingDecision.NOT_RECORD }
    },
  }
  kafka.append(Array.from({ length: 2 }, (_, i) => ({ topic: 'in', value: `v${i}` })))
  const messages = kafka.read('in')
  const tracer = otelTracer({ tracer: otel(sampler) })
  const start = (groupId: string, partition: number, ...topics: string[]): void =>
    tracer
      .startProcess({
        processor: groupId,
        groupId,
        partition,
        messages,
        ranges: topics.map((topic) => ({ topic, partition, offset: 2, firstOffset: 0, count: 2 })),
      })
      .end()
  start('g', 0, 'in')
  start('g', 0, 'in')
  start('g', 1, 'in')
  start('h', 0, 'in')
  start('g', 0, 'other')
  start('g', 0, 'in', 'other')
  start('g', 0, 'other', 'in')
  start('g', 0, 'other')
  expect(seen).toEqual([
    ['process in', 'in', '0', 'g'],
    ['process in', 'in', '0', 'g'],
    ['process in', 'in', '1', 'g'],
    ['process in', 'in', '0', 'h'],
    ['process other', 'other', '0', 'g'],
    ['process in,other', undefined, '0', 'g'],
    ['process in,other', undefined, '0', 'g'],
    ['process other', 'other', '0', 'g'],
  ])
})

test('the state of another trace does not stay in the headers', async () => {
  append({})
  await run({
    process: (_, sender) => sender.send({ topic: 'out', value: 'a', headers: { traceparent: SAMPLED, TraceState: 'vendor=1' } }),
  })
  const [sent] = kafka.read('out')
  expect(sent!.headers.map(({ key }) => key)).toEqual(['traceparent'])
  expect(header(sent!, 'traceparent')).toBe(traceparentOf(one('send out')))
})

test('a batch that is not sampled makes no spans and changes no headers', async () => {
  append({ traceparent: SAMPLED }, {})
  await run({
    sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }),
    process(messages, sender) {
      for (const { value, headers } of messages) sender.send({ topic: 'out', value, headers })
    },
  })
  expect(spans()).toEqual([])
  expect(kafka.read('out').map((message) => header(message, 'traceparent'))).toEqual([SAMPLED, undefined])
})

test('a message that was not sampled stays unsampled, with any ratio, and its context is carried on', async () => {
  append({ traceparent: UNSAMPLED, baggage: 'user=alice' })
  await run({ sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(1) }) })
  expect(spans()).toEqual([])
  const [sent] = kafka.read('out')
  expect(header(sent!, 'traceparent')).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`))
  expect(header(sent!, 'baggage')).toBe('user=alice')
})

test.for([
  'nonsense',
  '',
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  `ff-${TRACE}-b7ad6b7169203331-01`,
  SAMPLED.toUpperCase(),
])('an invalid traceparent (%j) is ignored and counted', async (traceparent) => {
  const metrics = new MemoryMetrics()
  append({ traceparent }, {}, { traceparent: SAMPLED }, { traceparent: SAMPLED })
  await run({ metrics, batchSize: 1 })
  await run({ metrics, name: 'q' })
  expect(metrics.value('invalid_traceparents_total', { processor: 'p' })).toBe(1)
  expect(metrics.value('invalid_traceparents_total', { processor: 'q' })).toBe(1)
  expect(spans('process in').map((span) => [span.parentSpanContext?.traceId, span.links.length])).toEqual([
    [undefined, 0],
    [undefined, 0],
    [TRACE, 0],
    [TRACE, 0],
    [undefined, 1],
  ])
})

test('spans record errors', async () => {
  append({})
  await expect(run({ process: () => Promise.reject(new TypeError('no luck')) })).rejects.toThrow('no luck')
  expect(one('process in')).toMatchObject({
    status: { code: SpanStatusCode.ERROR, message: 'no luck' },
    attributes: { 'error.type': 'TypeError' },
    events: [{ name: 'exception', attributes: { 'exception.message': 'no luck' } }],
  })
  exporter.reset()
  kafka.faults.failProduce()
  await expect(run()).rejects.toThrow('cannot write to out/0')
  expect(one('process in').status.code).toBe(SpanStatusCode.UNSET)
  expect(one('send out').status.code).toBe(SpanStatusCode.ERROR)
  exporter.reset()
  kafka.faults.failCommits()
  await expect(run()).rejects.toThrow('could not commit')
  expect(one('commit in').status.code).toBe(SpanStatusCode.ERROR)
})

test('every span from a producer through three processors is connected', async () => {
  for (const topic of ['b', 'c', 'd']) kafka.createTopic(topic)
  const producer = tracedProducer(await kafka.client().producer(), { tracer: otel() })
  const root = otel().startSpan('request')
  await context.with(trace.setSpan(context.active(), root), () =>
    producer.send(Array.from({ length: 10 }, (_, i) => ({ topic: 'in', key: `k${i}`, value: `v${i}` }))),
  )
  await producer.send([{ topic: 'in', value: 'alone' }])
  root.end()
  for (const [name, input, output] of [
    ['one', 'in', 'b'],
    ['two', 'b', 'c'],
    ['three', 'c', 'd'],
  ] as const) {
    await run({
      name,
      input,
      batchSize: 4,
      process(messages, sender) {
        for (const { key, value } of messages) sender.send({ topic: output, key, value })
      },
    })
  }
  const all = spans()
  const byId = new Map(all.map((span) => [span.spanContext().spanId, span]))
  /** The names of the first spans before this one. */
  const origins = (span: ReadableSpan): string[] => {
    const parents = [span.parentSpanContext, ...span.links.map((link) => link.context)].filter((it) => it !== undefined)
    if (parents.length === 0) return [span.name]
    return [...new Set(parents.flatMap(({ spanId }) => origins(byId.get(spanId)!)))]
  }
  expect(kafka.read('d')).toHaveLength(11)
  const last = spans('send d')
  expect(last).toHaveLength(3)
  expect([...new Set(last.flatMap(origins))].toSorted()).toEqual(['request', 'send in'])
  for (const span of all) expect(origins(span).every((name) => name === 'request' || name === 'send in')).toBe(true)
  for (const message of kafka.read('d')) {
    expect(last.map(traceparentOf)).toContain(header(message, 'traceparent'))
  }
})

test('a traced producer continues the active context, sampled or not, and records errors', async () => {
  const producer = tracedProducer(await kafka.client().producer(), {
    tracer: otel(new ParentBasedSampler({ root: new AlwaysOffSampler() })),
  })
  const active: Context = propagation.extract(context.active(), { traceparent: UNSAMPLED })
  await context.with(active, () => producer.send([{ topic: 'out', value: 'a' }]))
  expect(header(kafka.read('out')[0]!, 'traceparent')).toMatch(new RegExp(`^00-${TRACE}-.*-00$`))
  const sampled = tracedProducer(producer, { tracer: otel() })
  await expect(sampled.send([{ topic: 'absent', value: 'a' }])).rejects.toThrow('absent')
  expect(one('send absent').attributes['error.type']).toBe('TOPIC_UNKNOWN')
  await sampled.close()
})
