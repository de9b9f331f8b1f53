import type { Producer } from '@kasper/core'
import { context } from '@opentelemetry/api'
import { type OtelTracerOptions, startSend, tracing } from './tracer.ts'

/**
 * A producer that makes a `send <topic>` span for what it sends to a topic, as a child of whatever span is active, and puts its
 * context into the messages' headers, sampled or not. For programs that send outside of a topic processor, whose own sends are
 * traced by {@link otelTracer}.
 */
export function tracedProducer(producer: Producer, options: Pick<OtelTracerOptions, 'tracer' | 'propagator'> = {}): Producer {
  const used = tracing(options)
  return {
    async send(messages, sendOptions) {
      const span = startSend(used, messages, context.active())
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
