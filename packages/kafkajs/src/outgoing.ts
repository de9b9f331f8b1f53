import { Buffer } from 'node:buffer'
import type { OutgoingHeaders, OutgoingMessage } from '@kasper/core'
import { asBuffer, headerList } from '@kasper/core/adapter'
import type { IHeaders, Message } from 'kafkajs'

/** A message in kafkajs's format. kafkajs takes Buffers; of any other bytes it would write the decimal numbers. */
export function toKafkajs({ key, value, headers, timestamp }: OutgoingMessage): Message {
  const message: Message = { key: bufferOf(key ?? null), value: bufferOf(value) }
  if (headers !== undefined) message.headers = headersInOrder(headers)
  if (timestamp !== undefined) message.timestamp = String(timestamp)
  return message
}

function bufferOf(data: Uint8Array | string | null): Buffer | string | null {
  return data === null || typeof data === 'string' ? data : asBuffer(data, Buffer)
}

/**
 * kafkajs takes headers as an object, in which repeated keys would lose their order. If a value is an array, kafkajs calls its `map`. So
 * one array, under any key, returns all headers in order.
 */
function headersInOrder(headers: OutgoingHeaders): IHeaders {
  const pairs = headerList(headers).map(({ key, value }) =>
    value === null ? new NullHeader(key) : { key, value: bufferOf(value) },
  )
  const list: Buffer[] = []
  list.map = () => pairs as never
  return { all: list }
}

/**
 * A header whose value is null. kafkajs fails for it, because it measures every value before it checks for null. For each encoding it
 * reads the value three times: to measure, to compare and to write it. So the first of three reads must not return null.
 */
class NullHeader {
  readonly key: string
  #reads = 0

  constructor(key: string) {
    this.key = key
  }

  get value(): string | null {
    return this.#reads++ % 3 === 0 ? '' : null
  }
}
