import { headerValue, type Message, type OutgoingHeaders, type OutgoingMessage } from '@kasper/core'
import { headerList } from '@kasper/core/adapter'
import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The text of the last header with this key. Case does not matter. */
export function headerText(message: Message, key: string): string | undefined {
  const value = headerValue(message, key)
  return value === undefined || value === null ? undefined : decoder.decode(value)
}

/** Reads a message's headers for a propagator. */
export const messageHeaders: TextMapGetter<Message> = {
  keys: ({ headers }) => headers.map(({ key }) => key),
  get: headerText,
}

type Carrier = Map<string, Uint8Array>

const carrierSetter: TextMapSetter<Carrier> = {
  set: (carrier, key, value) => void carrier.set(key.toLowerCase(), encoder.encode(value)),
}

/** A function that copies a message with this context in its headers. Headers with the same keys are replaced. */
export function contextInjector(
  propagator: Pick<TextMapPropagator, 'inject'>,
  context: Context,
): (message: OutgoingMessage) => OutgoingMessage {
  const carrier: Carrier = new Map()
  propagator.inject(context, carrier, carrierSetter)
  if (carrier.size === 0) return (message) => message
  // Messages without headers, which are most, share this list.
  const injected = Array.from(carrier, ([key, value]) => ({ key, value }))
  // The state of another trace must not stay beside this context.
  const isReplaced = (key: string): boolean => carrier.has(key) || (key === 'tracestate' && carrier.has('traceparent'))
  const merged = (headers: OutgoingHeaders | undefined): OutgoingHeaders =>
    headers === undefined ? injected : [...headerList(headers).filter(({ key }) => !isReplaced(key.toLowerCase())), ...injected]
  return ({ topic, partition, key, value, headers, timestamp }) => ({
    topic,
    partition,
    key,
    value,
    headers: merged(headers),
    timestamp,
  })
}
