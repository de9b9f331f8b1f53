import type { Codec } from './codec.ts'
import { KasperError, messageOf } from '../runtime/errors.ts'
import type { Message } from '../kafka/message.ts'

/** The decoded value of a message; `null` for a tombstone. Throws `DECODE_FAILED` with topic, partition and offset. */
export function decodeValue<T>(message: Message, codec: Codec<T>): T | null {
  return decode(message, codec, 'value')
}

/** The decoded key of a message; `null` if it has none. Throws `DECODE_FAILED` with topic, partition and offset. */
export function decodeKey<T>(message: Message, codec: Codec<T>): T | null {
  return decode(message, codec, 'key')
}

function decode<T>(message: Message, codec: Codec<T>, part: 'key' | 'value'): T | null {
  const bytes = message[part]
  if (bytes === null) return null
  try {
    return codec.decode(bytes)
  } catch (cause) {
    const { topic, partition, offset } = message
    throw new KasperError(
      'DECODE_FAILED',
      `cannot decode the ${part} of ${topic}/${partition} at offset ${offset}: ${messageOf(cause)}`,
      {
        topic,
        partition,
        offset,
        cause,
      },
    )
  }
}
