import { headerList, headerValue, type Message, type OutgoingHeaders, type OutgoingMessage } from '@kasper/core'
import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Text of the last header of this key, whatever its case. */
export function headerText(message: Message, key: string): string | undefined {
  const value = headerValue(message, key)
  return value === undefined || value === null ? undefined : decoder.decode(value)
}

/** Reads a message's headers as a propagator wants to. */
export const messageHeaders: TextMapGetter<Message> = {
  keys: ({ headers }) => headers.map(({ key }) => key),
  get: headerText,
}

type Carrier = Map<string, Uint8Array>

const carrierSetter: TextMapSetter<Carrier> = {
  set: (carrier, key, value) => void carrier.set(key.toLowerCase(), encoder.encode(value)),
}

/** Copies messages, with this context in headers of its own in place of any that they have of the same keys. */
export function carrying(
  propagator: Pick<TextMapPropagator, 'inject'>,
  context: Context,
): (message: OutgoingMessage) => OutgoingMessage {
  const carrier: Carrier = new Map()
  propagator.inject(context, carrier, carrierSetter)
  if (carrier.size === 0) return (message) => message
  // One list, which most messages share: those without headers.
  const added = Array.from(carrier, ([key, value]) => ({ key, value }))
  // The state of another trace must not stay behind beside this one.
  const replaced = (key: string): boolean => carrier.has(key) || (key === 'tracestate' && carrier.has('traceparent'))
  const merged = (headers: OutgoingHeaders | undefined): OutgoingHeaders =>
    headers === undefined ? added : [...headerList(headers).filter(({ key }) => !replaced(key.toLowerCase())), ...added]
  return ({ topic, partition, key, value, headers, timestamp }) => ({
    topic,
    partition,
    key,
    value,
    headers: merged(headers),
    timestamp,
  })
}
