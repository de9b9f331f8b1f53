import type { Producer } from '@kasper/core'
import { context } from '@opentelemetry/api'
import { startSendSpans } from './send-spans.ts'
import { type TracingOptions, tracingOf } from './tracing.ts'

/**
 * A producer with tracing, for programs that send outside of a topic processor. ({@link otelTracer} traces a processor's own sends.)
 * Each `send` makes a span `send <topic>` for each topic, as a child of the active span, and puts its context into the headers of
 * the messages, sampled or not.
 */
export function tracedProducer(producer: Producer, options: TracingOptions = {}): Producer {
  const tracing = tracingOf(options)
  return {
    async send(messages, sendOptions) {
      const span = startSendSpans(tracing, messages, context.active())
      try {
        const acks = await producer.send(span.messages, sendOptions)
        span.end()
        return acks
      } catch (error) {
        span.end(error)
        throw error
      }
    },
    close: () => producer.close(),
  }
}
