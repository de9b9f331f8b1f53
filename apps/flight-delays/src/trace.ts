import { open } from 'node:fs/promises'
import type { KafkaClient, Message, Tracer } from '@kasper/core'
import { messageOf } from './error-message.ts'
import type { ExportResult } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'

/** Traces the demo with OpenTelemetry. */
export interface Tracing extends AsyncDisposable {
  /** The tracer of the topic processor. */
  readonly tracer: Tracer
  /** The same client. Its producers begin a trace with each send. */
  traced(client: KafkaClient): KafkaClient
  /** Runs `work` as a traced batch, for messages that are read without a topic processor. At least one message, all of one partition. */
  consume(groupId: string, messages: readonly Message[], work: () => void): void
}

/** A batch has at most this many messages, and a link to the context of each. The SDK's default limit is 128. */
const LINKS_PER_SPAN = 1000
/** Large enough to drop no spans while the collector is slow. */
const QUEUED_SPANS = 100_000

/**
 * @param target a file, or the URL of an OTLP endpoint: http://localhost:4318. The file gets lines of OTLP JSON, as the file exporter of
 *   an OpenTelemetry collector writes them
 * @param note called at the end if some spans could not be written
 */
export async function startTracing(target: string, serviceName: string, note: (text: string) => void): Promise<Tracing> {
  const { context, propagation } = await import('@opentelemetry/api')
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks')
  const core = await import('@opentelemetry/core')
  const { resourceFromAttributes } = await import('@opentelemetry/resources')
  const { BatchSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace')
  const { otelTracer, tracedProducer } = await import('@kasper/metrics-otel')

  const exporter = failuresKept(/^https?:/.test(target) ? await otlpExporter(target) : await fileExporter(target))
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    spanLimits: { linkCountLimit: LINKS_PER_SPAN },
    spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: QUEUED_SPANS })],
  })
  core.setGlobalErrorHandler(() => {}) // The first error is kept, and reported at the end.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(
    new core.CompositePropagator({ propagators: [new core.W3CTraceContextPropagator(), new core.W3CBaggagePropagator()] }),
  )
  const otel = provider.getTracer(serviceName)
  const tracer = otelTracer({ tracer: otel })
  return {
    tracer,
    traced: (client) => ({
      capabilities: client.capabilities,
      consumer: (options) => client.consumer(options),
      producer: async (options) => tracedProducer(await client.producer(options), { tracer: otel }),
      admin: (options) => client.admin(options),
    }),
    consume(groupId, messages, work) {
      const { topic, partition, offset: firstOffset } = messages[0]!
      const ranges = [{ topic, partition, firstOffset, offset: messages.at(-1)!.offset + 1, count: messages.length }]
      const span = tracer.startProcess({ processor: groupId, groupId, partition, messages, ranges })
      span.run(work)
      span.end()
    },
    async [Symbol.asyncDispose]() {
      await provider.shutdown().catch(() => {})
      if (exporter.failure !== undefined) note(`The traces for ${target} are not complete: ${exporter.failure}`)
    },
  }
}

async function otlpExporter(target: string): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto')
  const url = new URL(target)
  if (url.pathname === '/') url.pathname = '/v1/traces'
  return new OTLPTraceExporter({ url: url.href })
}

async function fileExporter(path: string): Promise<SpanExporter> {
  const { ExportResultCode } = await import('@opentelemetry/core')
  const { JsonTraceSerializer } = await import('@opentelemetry/otlp-transformer')
  const file = await open(path, 'w').catch((cause: unknown) => {
    throw new Error(`--trace ${path}: ${messageOf(cause)}`, { cause })
  })
  const write = async (spans: ReadableSpan[], done: (result: ExportResult) => void): Promise<void> => {
    try {
      await file.write(Buffer.concat([JsonTraceSerializer.serializeRequest(spans)!, Buffer.from('\n')]))
      done({ code: ExportResultCode.SUCCESS })
    } catch (error) {
      done({ code: ExportResultCode.FAILED, error: error as Error })
    }
  }
  let writing: Promise<unknown> = Promise.resolve()
  return {
    export(spans, done) {
      writing = writing.then(() => write(spans, done))
    },
    async shutdown() {
      await writing
      await file.close()
    },
  }
}

/** Keeps the first error of an export. */
function failuresKept(exporter: SpanExporter): SpanExporter & { readonly failure: string | undefined } {
  let failure: string | undefined
  return {
    get failure() {
      return failure
    },
    export(spans: ReadableSpan[], done: (result: ExportResult) => void) {
      exporter.export(spans, (result) => {
        if (result.error !== undefined) failure ??= messageOf(result.error)
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
  }
}
