/** One Kafka record header. A record may carry several headers of one key, in order. */
export interface Header {
  readonly key: string
  /** The raw bytes; `null` is a header without a value. */
  readonly value: Uint8Array | null
}

/**
 * A message as it was read from a topic.
 *
 * A message is a read-only view on the bytes that came in. A client may decode a field when it is first read, so a field that is
 * not read costs nothing. A message and its bytes stay valid for as long as they are referenced, but they keep the whole fetched
 * block in memory. To keep bytes for longer than the batch, copy them: `new Uint8Array(value)`.
 */
export interface Message {
  readonly topic: string
  readonly partition: number
  /** The position in the partition's log. Up to 2^53; a client throws on larger ones. */
  readonly offset: number
  /** When the message was created or appended, as the topic is configured. Milliseconds since the epoch. */
  readonly timestamp: number
  /** `null` if the message has no key. */
  readonly key: Uint8Array | null
  /** `null` is a tombstone: the key is deleted. */
  readonly value: Uint8Array | null
  /** Decoded when they are first read. Empty if there are none. */
  readonly headers: readonly Header[]
}

/** The headers of a message to send: ordered pairs, or an object if no key repeats. Strings are encoded as UTF-8. */
export type OutgoingHeaders =
  | readonly { readonly key: string; readonly value: Uint8Array | string | null }[]
  | Readonly<Record<string, Uint8Array | string | null>>

/** A message to send. Strings are encoded as UTF-8. */
export interface OutgoingMessage {
  readonly topic: string
  /** The partition to write to. @default the producer's {@link Partitioner} chooses it by the key */
  readonly partition?: number | undefined
  readonly key?: Uint8Array | string | null | undefined
  /** `null` is a tombstone: it deletes the key from a compacted topic. */
  readonly value: Uint8Array | string | null
  readonly headers?: OutgoingHeaders | undefined
  /** Milliseconds since the epoch. @default the time of sending */
  readonly timestamp?: number | undefined
}

/** The value of the last header with this key, or `undefined` if there is none. Ignores ASCII case. */
export function headerValue(message: Pick<Message, 'headers'>, key: string): Uint8Array | null | undefined {
  const wanted = key.toLowerCase()
  return message.headers.findLast((header) => header.key.toLowerCase() === wanted)?.value
}

/** Both forms of outgoing headers as ordered pairs. */
export function headerList(
  headers: OutgoingHeaders,
): readonly { readonly key: string; readonly value: Uint8Array | string | null }[] {
  if (Array.isArray(headers)) return headers
  return Object.entries(headers as Readonly<Record<string, Uint8Array | string | null>>).map(([key, value]) => ({ key, value }))
}
