import type { OutgoingHeaders, OutgoingMessage } from '@kasper/core'
import { headerList } from '@kasper/core/adapter'
import type { IHeaders, Message } from 'kafkajs'

/** A message as kafkajs wants it. It takes Buffers only; of any other bytes it would write the decimal numbers. */
export function toKafkajs({ key, value, headers, timestamp }: OutgoingMessage): Message {
  const message: Message = { key: toBuffer(key ?? null), value: toBuffer(value) }
  if (headers !== undefined) message.headers = headersInOrder(headers)
  if (timestamp !== undefined) message.timestamp = String(timestamp)
  return message
}

function toBuffer(data: Uint8Array | string | null): Buffer | string | null {
  if (data === null || typeof data === 'string' || Buffer.isBuffer(data)) return data
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

/**
 * kafkajs takes headers as an object, which would lose the order of repeated keys, but asks an array among its values for its
 * `map`: one array, under any key, can so give all headers, in order.
 */
function headersInOrder(headers: OutgoingHeaders): IHeaders {
  const pairs = headerList(headers).map(({ key, value }) =>
    value === null ? new NullHeader(key) : { key, value: toBuffer(value) },
  )
  const list: Buffer[] = []
  list.map = () => pairs as never
  return { all: list }
}

/**
 * A header whose value is null, for which kafkajs fails: it measures every value before it looks whether it is null. It reads a
 * value three times for each encoding (to measure, to compare, to write), so the first of three must not be null.
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
