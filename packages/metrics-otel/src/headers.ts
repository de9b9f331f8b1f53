import { headerList, headerValue, type Message, type OutgoingHeaders, type OutgoingMessage } from '@kasper/core'
import type { TextMapGetter, TextMapSetter } from '@opentelemetry/api'

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

/** What a propagator writes, by lower-case key. */
export type Carrier = Map<string, Uint8Array>

export const carrierSetter: TextMapSetter<Carrier> = {
  set: (carrier, key, value) => void carrier.set(key.toLowerCase(), encoder.encode(value)),
}

/** A copy of the message with these headers in place of any that it has of the same keys. */
export function withCarrier(message: OutgoingMessage, carrier: Carrier): OutgoingMessage {
  if (carrier.size === 0) return message
  const { topic, partition, key, value, headers, timestamp } = message
  return { topic, partition, key, value, headers: merged(headers, carrier), timestamp }
}

function merged(headers: OutgoingHeaders | undefined, carrier: Carrier): OutgoingHeaders {
  const added = Array.from(carrier, ([key, value]) => ({ key, value }))
  if (headers === undefined) return added
  // The state of another trace must not stay behind beside this one.
  const replaced = (key: string): boolean => carrier.has(key) || (key === 'tracestate' && carrier.has('traceparent'))
  return [...headerList(headers).filter(({ key }) => !replaced(key.toLowerCase())), ...added]
}
