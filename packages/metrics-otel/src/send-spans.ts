import type { OutgoingMessage, SendSpan } from '@kasper/core'
import { type Context, type Span, SpanKind, trace } from '@opentelemetry/api'
import { endSpan } from './end-span.ts'
import { contextInjector } from './headers.ts'
import * as names from './semantic-conventions.ts'
import type { Tracing } from './tracing.ts'

/** Starts a span for each topic of these messages, and copies the messages with the context of their span in the headers. */
export function startSendSpans(tracing: Tracing, messages: readonly OutgoingMessage[], parent: Context): SendSpan {
  const spans: Span[] = []
  const injectors = new Map<string, (message: OutgoingMessage) => OutgoingMessage>()
  for (const [topic, count] of countByTopic(messages)) {
    const attributes = {
      ...names.operation('send', 'send'),
      [names.DESTINATION]: topic,
      [names.BATCH_MESSAGE_COUNT]: count,
    }
    const span = tracing.tracer.startSpan(`send ${topic}`, { kind: SpanKind.PRODUCER, attributes }, parent)
    spans.push(span)
    injectors.set(topic, contextInjector(tracing.propagator, trace.setSpan(parent, span)))
  }
  return {
    messages: messages.map((message) => injectors.get(message.topic)!(message)),
    end(error) {
      for (const span of spans) endSpan(span, error)
    },
  }
}

function countByTopic(messages: readonly OutgoingMessage[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  // Adjacent messages mostly have the same topic, so most messages cost one comparison.
  for (let start = 0, end = 0; start < messages.length; start = end) {
    const { topic } = messages[start]!
    while (messages[end]?.topic === topic) end++
    counts.set(topic, (counts.get(topic) ?? 0) + end - start)
  }
  return counts
}
