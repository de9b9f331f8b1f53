/** One Kafka record header. A record may carry several headers of one key, in order. */
export interface Header {
  readonly key: string
  /** The raw bytes; `null` is a header without a value. */
  readonly value: Uint8Array | null
}

/**
 * A message as it was read from a topic.
 *
 * Messages are read-only views on the bytes that came in: a client may decode each field when it is first read, so a
 * field that nobody reads costs nothing. A message, and the bytes of its key and value, stay valid for as long as someone
 * holds them, but they keep the whole fetched block alive: copy (`new Uint8Array(value)`) what outlives the batch.
 */
export interface Message {
  readonly topic: string
  readonly partition: number
  /** Position in the partition's log. Safe up to 2^53; a client throws above that. */
  readonly offset: number
  /** Milliseconds since the epoch: when it was created or appended, as the topic is configured. */
  readonly timestamp: number
  /** `null` where the message has no key. */
  readonly key: Uint8Array | null
  /** `null` is a tombstone: the key was deleted. */
  readonly value: Uint8Array | null
  /** Decoded when first read; empty where there are none. */
  readonly headers: readonly Header[]
}

/** Headers of a message to send: ordered pairs, or an object where no key repeats. Strings go out as UTF-8. */
export type OutgoingHeaders =
  | readonly { readonly key: string; readonly value: Uint8Array | string | null }[]
  | Readonly<Record<string, Uint8Array | string | null>>

/** A message to send. Strings go out as UTF-8. */
export interface OutgoingMessage {
  readonly topic: string
  /** Where to write it. Left out, the producer's {@link Partitioner} decides by the key. */
  readonly partition?: number | undefined
  readonly key?: Uint8Array | string | null | undefined
  /** `null` is a tombstone: it deletes the key from a compacted topic. */
  readonly value: Uint8Array | string | null
  readonly headers?: OutgoingHeaders | undefined
  /** Milliseconds since the epoch. Left out, it is the time of sending. */
  readonly timestamp?: number | undefined
}

/** The bytes of the last header of this key (ASCII case is ignored), or `undefined` where there is none. */
export function headerValue(message: Pick<Message, 'headers'>, key: string): Uint8Array | null | undefined {
  const wanted = key.toLowerCase()
  return message.headers.findLast((header) => header.key.toLowerCase() === wanted)?.value
}

/** Outgoing headers as ordered pairs, whichever of their two forms they came in. */
export function headerList(
  headers: OutgoingHeaders,
): readonly { readonly key: string; readonly value: Uint8Array | string | null }[] {
  if (Array.isArray(headers)) return headers
  return Object.entries(headers as Readonly<Record<string, Uint8Array | string | null>>).map(([key, value]) => ({ key, value }))
}
