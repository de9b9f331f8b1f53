import { describePartition } from '../kafka/topic-partition.ts'
import type { Header, Message, OutgoingHeaders, OutgoingMessage } from '../kafka/message.ts'
import { KasperError, messageOf } from '../runtime/errors.ts'
import { decodeKey, decodeValue } from './message-codec.ts'
import type { InputOf, KeyOf, Topic } from './topics.ts'

/**
 * A message of a declared topic: its key and its value are decoded. The other fields are read from `raw`, so `{...message}` does not
 * copy them.
 */
export interface TopicMessage<N extends string = string, K = unknown, V = unknown> {
  readonly topic: N
  readonly partition: number
  readonly offset: number
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  readonly key: K
  readonly value: V
  readonly headers: readonly Header[]
  /** The message as it was read, with the bytes of its key and value. */
  readonly raw: Message
}

/** The type of a topic's messages: decoded for a declared topic, bytes for a topic that is given by its name. */
export type MessageOf<T> =
  T extends Topic<infer N>
    ? TopicMessage<N, KeyOf<T>, InputOf<T>>
    : T extends string
      ? string extends T
        ? Message
        : Message & { readonly topic: T }
      : never

/** A message to send to a declared topic. A table also takes the value `null`: a tombstone, which deletes the row. */
export type OutgoingMessageOf<T extends Topic> = (KeyOf<T> extends null
  ? { readonly key?: null | undefined }
  : { readonly key: KeyOf<T> }) & {
  readonly value: InputOf<T>
  /** The partition to write to. @default the producer's partitioner chooses it by the key */
  readonly partition?: number | undefined
  readonly headers?: OutgoingHeaders | undefined
  /** Milliseconds since the epoch. @default the time of sending */
  readonly timestamp?: number | undefined
}

/**
 * Decodes a message of a declared topic.
 * @throws KasperError `DECODE_FAILED` with topic, partition and offset, if the key or the value cannot be decoded, the key is missing, or
 *   a message of a stream has no value
 */
export function decodeMessage<T extends Topic>(message: Message, topic: T): TopicMessage<T['name'], KeyOf<T>, InputOf<T>> {
  if (message.key === null && topic.key !== null) {
    throw undecodable(
      message,
      'has no key',
      topic.kind === 'stream'
        ? 'declare the topic with { keyless: true } if its messages need none'
        : 'each row of a table needs one',
    )
  }
  if (message.value === null && topic.kind === 'stream') {
    throw undecodable(message, 'has no value (it is a tombstone)', 'declare the topic with table(), where the value is then null')
  }
  const key = topic.key === null ? null : decodeKey(message, topic.key)
  const value = decodeValue(message, topic.value)
  return new DecodedMessage(message, key, value) as TopicMessage<T['name'], KeyOf<T>, InputOf<T>>
}

/**
 * Encodes a message for a declared topic.
 * @throws KasperError `ENCODE_FAILED` if the key or the value cannot be encoded
 */
export function encodeMessage<T extends Topic>(message: OutgoingMessageOf<T>, topic: T): OutgoingMessage {
  const { key, value, partition, headers, timestamp } = message as OutgoingMessageOf<Topic>
  if (headers === undefined && 'raw' in message) {
    throw new KasperError(
      'ENCODE_FAILED',
      `a message to ${topic.name} is a copy of a message that was read: {...message} does not copy its headers, because they are decoded ` +
        'when they are read. Copy the fields by name: { key, value, headers }',
    )
  }
  return {
    topic: topic.name,
    key: topic.key === null ? null : encode(topic, 'key', key),
    value: value === null && topic.kind === 'table' ? null : encode(topic, 'value', value),
    partition,
    headers,
    timestamp,
  }
}

function encode(topic: Topic, part: 'key' | 'value', value: unknown): Uint8Array {
  try {
    return topic[part]!.encode(value)
  } catch (cause) {
    throw new KasperError('ENCODE_FAILED', `cannot encode the ${part} of a message to ${topic.name}: ${messageOf(cause)}`, {
      cause,
    })
  }
}

function undecodable({ topic, partition, offset }: Message, what: string, whatToDo: string): KasperError {
  const place = `the message of ${describePartition({ topic, partition })} at offset ${offset}`
  return new KasperError('DECODE_FAILED', `${place} ${what}: ${whatToDo}`, { topic, partition, offset })
}

class DecodedMessage implements TopicMessage {
  readonly raw: Message
  readonly key: unknown
  readonly value: unknown

  constructor(raw: Message, key: unknown, value: unknown) {
    this.raw = raw
    this.key = key
    this.value = value
  }

  get topic(): string {
    return this.raw.topic
  }

  get partition(): number {
    return this.raw.partition
  }

  get offset(): number {
    return this.raw.offset
  }

  get timestamp(): number {
    return this.raw.timestamp
  }

  get headers(): readonly Header[] {
    return this.raw.headers
  }
}
