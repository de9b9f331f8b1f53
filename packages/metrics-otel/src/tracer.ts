import type {
  Message,
  MetricsProvider,
  OutgoingMessage,
  ProcessSpan,
  SendSpan,
  TracedBatch,
  Tracer,
  TraceSpan,
} from '@kasper/core'
import { noopMetricsProvider } from '@kasper/core/adapter'
import {
  type Attributes,
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  trace,
} from '@opentelemetry/api'
import { endSpan } from './end-span.ts'
import { contextInjector, headerText, messageHeaders } from './headers.ts'
import * as names from './semantic-conventions.ts'
import { startSendSpans } from './send-spans.ts'
import { type Tracing, type TracingOptions, tracingOf } from './tracing.ts'

/** Options of {@link otelTracer}. */
export interface OtelTracerOptions extends TracingOptions {
  /** Counts `invalid_traceparents_total`. @default it is not counted */
  readonly metricsProvider?: MetricsProvider | undefined
}

/**
 * Traces a processor with OpenTelemetry.
 *
 * - `process <topic>` is the span of a batch. For a batch of one message, it is a child of the context in the message's headers,
 *   and has its baggage. For a larger batch, it begins a trace, with links to the contexts of its messages.
 * - `send <topic>` is the span of a batch's messages to a topic, and `commit <topic>` the span of its offsets. Both are children of the
 *   batch's span. The headers of the messages sent carry the context of their `send` span.
 *
 * If a batch is not sampled, headers are neither read nor written. The exception is a batch of one message with a context: its
 * outputs get the same context.
 *
 * ```ts
 * new TopicProcessor({ …, tracer: otelTracer() }, processor)
 * ```
 */
export function otelTracer(options: OtelTracerOptions = {}): Tracer {
  const tracing = tracingOf(options)
  const readsTraceparent = tracing.propagator.fields().includes('traceparent')
  const invalidTraceparents = (options.metricsProvider ?? noopMetricsProvider).counter({
    name: 'invalid_traceparents_total',
    help: 'Messages with an invalid traceparent header, which is ignored',
    labelNames: ['processor'],
  })

  /** The context in a message's headers. */
  function contextOf(message: Message, { processor }: TracedBatch): Context {
    const extracted = tracing.propagator.extract(ROOT_CONTEXT, message, messageHeaders)
    if (readsTraceparent && trace.getSpanContext(extracted) === undefined && headerText(message, 'traceparent') !== undefined) {
      invalidTraceparents.inc(processor)
    }
    return extracted
  }

  /** By partition number. Spans of batches that are not sampled are started too, so a start must be cheap. */
  const starts = new Map<number, SpanStart>()

  function startOf(batch: TracedBatch): SpanStart {
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
      const span = tracing.tracer.startSpan(name, options, parent)
      if (span.isRecording()) {
        span.setAttributes(batchAttributes(batch))
        if (messages.length > 1) addLinks(span, batch, (message) => contextOf(message, batch))
      }
      return new OtelProcessSpan(tracing, span, parent, batch)
    },
  }
}

/** The name and options of the spans of a partition's batches, as long as the batches have one topic. */
interface SpanStart {
  readonly topic: string
  readonly groupId: string
  readonly name: string
  readonly options: SpanOptions
}

class OtelProcessSpan implements ProcessSpan {
  readonly #tracing: Tracing
  readonly #span: Span
  readonly #context: Context
  /** Whether the batch is a single message with a context. Its outputs get this context, sampled or not. */
  readonly #continuesTrace: boolean
  /** Whether the batch is sampled. If not, there are no spans of sends and commits either. */
  readonly #isRecording: boolean
  readonly #batch: TracedBatch

  constructor(tracing: Tracing, span: Span, parent: Context, batch: TracedBatch) {
    this.#tracing = tracing
    this.#span = span
    this.#context = trace.setSpan(parent, span)
    this.#continuesTrace = parent !== ROOT_CONTEXT
    this.#isRecording = span.isRecording()
    this.#batch = batch
  }

  run<T>(process: () => T): T {
    return context.with(this.#context, process)
  }

  startSend(messages: readonly OutgoingMessage[]): SendSpan {
    if (this.#isRecording) return startSendSpans(this.#tracing, messages, this.#context)
    if (!this.#continuesTrace) return { messages, end: doNothing }
    return { messages: messages.map(contextInjector(this.#tracing.propagator, this.#context)), end: doNothing }
  }

  startCommit(): TraceSpan {
    if (!this.#isRecording) return { end: doNothing }
    const { groupId, partition } = this.#batch
    const attributes = {
      ...names.operation('commit', 'settle'),
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

const doNothing = (): void => {}

/** Messages that were sent together carry the same context, and share one link. */
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

/** The options at the start of a batch's span. Samplers see only these attributes. */
function startOptions(batch: TracedBatch): SpanOptions {
  const attributes = {
    ...names.operation('process', 'process'),
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

/** A batch of several topics has no single destination. */
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
