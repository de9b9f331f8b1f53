import type { Header, Message } from '@kasper/core'
import type { IHeaders } from 'kafkajs'

/** A record as kafkajs decodes it, with what its types leave out. */
export interface RawRecord {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: IHeaders | undefined
  /** A transaction marker, not a message. */
  readonly isControlRecord?: boolean | undefined
  /** Of the record batch that it came in; old message sets have none. */
  readonly batchContext?:
    | {
        readonly firstOffset: string
        readonly lastOffsetDelta: number
        readonly producerId: string
        readonly inTransaction: boolean
      }
    | undefined
}

/** A view on kafkajs's record. kafkajs has decoded everything already; only what is read is converted. */
export class KafkajsMessage implements Message {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly #raw: RawRecord
  #key: Uint8Array | null | undefined
  #value: Uint8Array | null | undefined
  #headers: readonly Header[] | undefined

  constructor(topic: string, partition: number, offset: number, raw: RawRecord) {
    this.topic = topic
    this.partition = partition
    this.offset = offset
    this.#raw = raw
  }

  get timestamp(): number {
    return Number(this.#raw.timestamp)
  }

  get key(): Uint8Array | null {
    if (this.#key === undefined) this.#key = plainBytes(this.#raw.key)
    return this.#key
  }

  get value(): Uint8Array | null {
    if (this.#value === undefined) this.#value = plainBytes(this.#raw.value)
    return this.#value
  }

  get headers(): readonly Header[] {
    this.#headers ??= headersOf(this.#raw.headers)
    return this.#headers
  }
}

/** Not the Buffer itself: its `slice` does not copy, and copying with `slice` is what users of bytes are told to do. */
function plainBytes(bytes: Uint8Array | null): Uint8Array | null {
  return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** kafkajs collects headers by key, so the order of different keys is lost where one key repeats around another. */
function headersOf(headers: IHeaders | undefined): readonly Header[] {
  if (headers === undefined) return []
  const list: Header[] = []
  for (const [key, value] of Object.entries(headers) as [string, Buffer | null | (Buffer | null)[]][]) {
    if (Array.isArray(value)) for (const one of value) list.push({ key, value: plainBytes(one) })
    else list.push({ key, value: plainBytes(value) })
  }
  return list
}
