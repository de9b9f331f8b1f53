import {
  KasperError,
  type Message,
  type MetricsProvider,
  noopMetricsProvider,
  type OutgoingMessage,
  type ProcessSpan,
  type SendSpan,
  type TracedBatch,
  type Tracer,
  type TraceSpan,
} from '@kasper/core'
import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type TextMapPropagator,
  trace,
  type Tracer as OtelTracer,
} from '@opentelemetry/api'
import { carrying, headerText, messageHeaders } from './headers.ts'
import * as names from './semantic-conventions.ts'

/** Options of {@link otelTracer}. */
export interface OtelTracerOptions {
  /** @default one named `@kasper/metrics-otel`, of the global tracer provider */
  readonly tracer?: OtelTracer | undefined
  /** What goes into message headers and comes out of them. @default the global propagator, in the SDKs: W3C trace context and baggage */
  readonly propagator?: Pick<TextMapPropagator, 'inject' | 'extract' | 'fields'> | undefined
  /** Where `invalid_traceparents_total` is counted. @default nowhere */
  readonly metricsProvider?: MetricsProvider | undefined
}

/** What spans are made with. */
export interface Tracing {
  readonly tracer: OtelTracer
  readonly propagator: Pick<TextMapPropagator, 'inject' | 'extract' | 'fields'>
}

export function tracing({ tracer, propagator = propagation }: OtelTracerOptions): Tracing {
  return { tracer: tracer ?? trace.getTracer('@kasper/metrics-otel'), propagator }
}

/**
 * Traces a processor with OpenTelemetry.
 *
 * - `process <topic>` for each batch. The span of a batch of one message is a child of the message's own context, if that is in
 *   its headers, and has its baggage. The span of any other batch begins a trace, and is linked to its messages' contexts.
 * - `send <topic>` for what a batch sends to a topic, and `commit <topic>` for its offsets, as children of it. What is sent
 *   carries the context of its `send` span in its headers.
 *
 * Where a batch is not sampled, its messages' headers are not even read, and nothing is written into those that it sends, unless a
 * single message came with a context: then that is carried on.
 *
 * ```ts
 * new TopicProcessor({ …, tracer: otelTracer() }, processor)
 * ```
 */
export function otelTracer(options: OtelTracerOptions = {}): Tracer {
  const used = tracing(options)
  const readsTraceparent = used.propagator.fields().includes('traceparent')
  const invalid = (options.metricsProvider ?? noopMetricsProvider).counter({
    name: 'invalid_traceparents_total',
    help: 'Messages with a traceparent header that is none; it is ignored',
    labelNames: ['processor'],
  })

  /** The context that a message carries. */
  function contextOf(message: Message, { processor }: TracedBatch): Context {
    const extracted = used.propagator.extract(ROOT_CONTEXT, message, messageHeaders)
    if (readsTraceparent && trace.getSpanContext(extracted) === undefined && headerText(message, 'traceparent') !== undefined) {
      invalid.inc(processor)
    }
    return extracted
  }

  /** By partition number. Spans are started for batches that are not sampled too, so that costs no more than it has to. */
  const starts = new Map<number, Start>()

  function startOf(batch: TracedBatch): Start {
    const { groupId, partition, ranges } = batch
    const { topic } = ranges[0]!
    const known = starts.get(partition)
    if (known !== undefined && known.topic === topic && known.groupId === groupId && ranges.length === 1) return known
    const start = { topic, groupId, name: `process ${topicsOf(batch)}`, options: startOptions(batch) }
    if (ranges.length === 1) starts.set(partition, start)
    return start
  }

  return {
    startProcess(batch) {
      const { messages } = batch
      const parent = messages.length === 1 ? contextOf(messages[0]!, batch) : ROOT_CONTEXT
      const { name, options } = startOf(batch)
      const span = used.tracer.startSpan(name, options, parent)
      if (span.isRecording()) {
        span.setAttributes(batchAttributes(batch))
        if (messages.length > 1) addLinks(span, batch, (message) => contextOf(message, batch))
      }
      return new OtelProcessSpan(used, span, parent, batch)
    },
  }
}

/** How the spans of a partition's batches start, of those that are of one topic. */
interface Start {
  readonly topic: string
  readonly groupId: string
  readonly name: string
  readonly options: SpanOptions
}

class OtelProcessSpan implements ProcessSpan {
  readonly #tracing: Tracing
  readonly #span: Span
  readonly #context: Context
  /** Whether the batch is a single message that came with a context: then that is carried on, sampled or not. */
  readonly #goesOn: boolean
  /** Where not, there are no spans of sends and commits either. */
  readonly #recording: boolean
  readonly #batch: TracedBatch

  constructor(tracing: Tracing, span: Span, parent: Context, batch: TracedBatch) {
    this.#tracing = tracing
    this.#span = span
    this.#context = trace.setSpan(parent, span)
    this.#goesOn = parent !== ROOT_CONTEXT
    this.#recording = span.isRecording()
    this.#batch = batch
  }

  run<T>(process: () => T): T {
    return context.with(this.#context, process)
  }

  startSend(messages: readonly OutgoingMessage[]): SendSpan {
    if (this.#recording) return startSend(this.#tracing, messages, this.#context)
    if (!this.#goesOn) return { messages, end: nothing }
    return { messages: messages.map(carrying(this.#tracing.propagator, this.#context)), end: nothing }
  }

  startCommit(): TraceSpan {
    if (!this.#recording) return { end: nothing }
    const { groupId, partition } = this.#batch
    const attributes = {
      ...operation('commit', 'settle'),
      ...destination(this.#batch),
      [names.DESTINATION_PARTITION]: String(partition),
      [names.CONSUMER_GROUP]: groupId,
    }
    const span = this.#tracing.tracer.startSpan(
      `commit ${topicsOf(this.#batch)}`,
      { kind: SpanKind.CLIENT, attributes },
      this.#context,
    )
    return { end: (error) => endSpan(span, error) }
  }

  end(error?: unknown): void {
    endSpan(this.#span, error)
  }
}

const nothing = (): void => {}

/** Starts a span for each topic that is sent to, and puts its context into the headers of that topic's messages. */
export function startSend(used: Tracing, messages: readonly OutgoingMessage[], parent: Context): SendSpan {
  const spans: Span[] = []
  const copies = new Map<string, (message: OutgoingMessage) => OutgoingMessage>()
  for (const [topic, count] of countByTopic(messages)) {
    const attributes = { ...operation('send', 'send'), [names.DESTINATION]: topic, [names.BATCH_MESSAGE_COUNT]: count }
    const span = used.tracer.startSpan(`send ${topic}`, { kind: SpanKind.PRODUCER, attributes }, parent)
    spans.push(span)
    copies.set(topic, carrying(used.propagator, trace.setSpan(parent, span)))
  }
  return {
    messages: messages.map((message) => copies.get(message.topic)!(message)),
    end(error) {
      for (const span of spans) endSpan(span, error)
    },
  }
}

function countByTopic(messages: readonly OutgoingMessage[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  // Neighbours are mostly for one topic, so all there is to do for a message is a comparison.
  for (let start = 0, end = 0; start < messages.length; start = end) {
    const { topic } = messages[start]!
    while (messages[end]?.topic === topic) end++
    counts.set(topic, (counts.get(topic) ?? 0) + end - start)
  }
  return counts
}

/** Messages that were sent together carry the same context: that is one link. */
function addLinks(span: Span, { messages }: TracedBatch, contextOf: (message: Message) => Context): void {
  const seen = new Set<string>()
  for (const message of messages) {
    if (message.headers.length === 0) continue
    const linked = trace.getSpanContext(contextOf(message))
    if (linked === undefined || seen.has(linked.spanId)) continue
    seen.add(linked.spanId)
    span.addLink({ context: linked })
  }
}

/** What the conventions want a sampler to see. */
function startOptions(batch: TracedBatch): SpanOptions {
  const attributes = {
    ...operation('process', 'process'),
    ...destination(batch),
    [names.DESTINATION_PARTITION]: String(batch.partition),
    [names.CONSUMER_GROUP]: batch.groupId,
  }
  return { kind: SpanKind.CONSUMER, attributes }
}

function batchAttributes({ processor, messages }: TracedBatch): Attributes {
  return {
    [names.PROCESSOR]: processor,
    [names.BATCH_MESSAGE_COUNT]: messages.length,
    ...(messages.length === 1 ? { [names.OFFSET]: messages[0]!.offset } : {}),
  }
}

function operation(name: string, type: string): Attributes {
  return { [names.SYSTEM]: names.KAFKA, [names.OPERATION_NAME]: name, [names.OPERATION_TYPE]: type }
}

/** A batch may be of several topics, and then has no single destination. */
function destination({ ranges }: TracedBatch): Attributes | undefined {
  return ranges.length === 1 ? { [names.DESTINATION]: ranges[0]!.topic } : undefined
}

function topicsOf({ ranges }: TracedBatch): string {
  return ranges.length === 1
    ? ranges[0]!.topic
    : ranges
        .map(({ topic }) => topic)
        .toSorted()
        .join(',')
}

function endSpan(span: Span, error: unknown): void {
  if (error !== undefined) {
    const type = error instanceof KasperError ? error.code : error instanceof Error ? error.name : '_OTHER'
    span.setAttribute(names.ERROR_TYPE, type)
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
    if (error instanceof Error) span.recordException(error)
  }
  span.end()
}
