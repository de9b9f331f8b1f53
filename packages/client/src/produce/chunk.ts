import type { OutgoingMessage, TopicPartition } from '@kasper/core'
import { headerList } from '@kasper/core/adapter'

/** Messages of one `send` for one partition: at most a batch full of them. */
export interface Chunk extends TopicPartition {
  readonly messages: OutgoingMessage[]
  /** About how many bytes they take in a batch. */
  bytes: number
}

/** Brokers accept batches of up to 1,048,588 bytes unless `max.message.bytes` says otherwise. This leaves room for the batch's header. */
export const MAX_BATCH_BYTES = 1_000_000

/** The most bytes that a record takes beside its key, value and headers. */
const RECORD_OVERHEAD_BYTES = 32
const HEADER_OVERHEAD_BYTES = 8

/** About how many bytes a message takes in a batch: rather too many than too few. */
export function sizeOf({ key, value, headers }: OutgoingMessage): number {
  let size = RECORD_OVERHEAD_BYTES + byteLength(key) + byteLength(value)
  if (headers !== undefined)
    for (const header of headerList(headers)) size += HEADER_OVERHEAD_BYTES + byteLength(header.key) + byteLength(header.value)
  return size
}

/** The same messages in two chunks. */
export function halvesOf(chunk: Chunk): readonly Chunk[] {
  const { messages, bytes } = chunk
  const middle = Math.ceil(messages.length / 2)
  return [messages.slice(0, middle), messages.slice(middle)].map((half) => ({
    ...chunk,
    messages: half,
    bytes: (bytes * half.length) / messages.length,
  }))
}

function byteLength(data: Uint8Array | string | null | undefined): number {
  if (data === null || data === undefined) return 0
  return typeof data === 'string' ? utf8Length(data) : data.length
}

function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // A surrogate pair takes four bytes: two for each half.
    if (unit > 0x7f) length += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2
  }
  return length
}
