// A frame: the length in four bytes, then a header and a message. Everything between a client and a broker is frames.
import type { Api } from './api.ts'
import type { Draft } from './draft.ts'
import { CorruptMessageError } from './errors.ts'
import { readResponseHeader, writeRequestHeader, writeResponseHeader } from './headers.ts'
import { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** What goes around a request. */
export interface RequestEnvelope {
  /** Comes back with the response. */
  readonly correlationId: number
  readonly clientId?: string | null
}

/** Writes a request with everything around it. If it throws, the writer is as before. */
export function writeRequestFrame<Request>(
  writer: Writer,
  api: Api<Request>,
  version: number,
  envelope: RequestEnvelope,
  request: Draft<Request>,
): void {
  writer.startFrame()
  try {
    writeRequestHeader(writer, api, version, envelope.correlationId, envelope.clientId ?? null)
    api.writeRequest(writer, request, version)
  } catch (error) {
    writer.discard()
    throw error
  }
  writer.endFrame()
}

/** Writes a response with everything around it. If it throws, the writer is as before. */
export function writeResponseFrame<Response>(
  writer: Writer,
  api: Api<unknown, Response>,
  version: number,
  correlationId: number,
  response: Draft<Response>,
): void {
  writer.startFrame()
  try {
    writeResponseHeader(writer, api, version, correlationId)
    api.writeResponse(writer, response, version)
  } catch (error) {
    writer.discard()
    throw error
  }
  writer.endFrame()
}

/** Reads a response and its correlation id; `frame` is without its length, as {@link FrameSplitter} gives it. */
export function readResponseFrame<Response>(
  api: Api<unknown, Response>,
  version: number,
  frame: Uint8Array,
): { readonly correlationId: number; readonly response: Response } {
  const reader = new Reader(frame)
  const correlationId = readResponseHeader(reader, api, version)
  return { correlationId, response: api.readResponse(reader, version) }
}

/** Chunks smaller than this are copied together, so that a frame that comes in drops does not cost an object for each of them. */
const SMALL_CHUNK = 1024
/** The room for that grows with the frame, up to here, so that a connection with a few bytes of a frame costs little. */
const GATHER_BYTES = 16_384

/**
 * Cuts what a connection brings into frames. It holds no more than what came: the length that a frame claims to have is no reason
 * to make room for it.
 */
export class FrameSplitter {
  readonly #maxBytes: number
  #chunks: Uint8Array[] = []
  /** How many bytes are in the chunks from {@link #at} on. */
  #held = 0
  /** Where the unread part of the first chunk begins. */
  #at = 0
  /** Where small chunks are copied together, and how far it is filled. */
  #gather = new Uint8Array(0)
  #gathered = 0

  /** @param maxBytes how long a frame may be; a longer one is an error, which the connection does not survive */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Adds what has arrived. The bytes are kept, not copied, so they must stay as they are. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    if (chunk.length < SMALL_CHUNK && this.#held > 0) this.#copy(chunk)
    // A view of its own, because a Buffer's views would be Buffers.
    else this.#chunks.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length))
    this.#held += chunk.length
  }

  /** The next frame without its length, or `undefined` while it is not whole. */
  next(): Uint8Array | undefined {
    if (this.#held < 4) return undefined
    const size = (this.#peek(0) << 24) | (this.#peek(1) << 16) | (this.#peek(2) << 8) | this.#peek(3)
    if (size < 0 || size > this.#maxBytes) {
      throw new CorruptMessageError(`A frame of ${size >>> 0} bytes, where ${this.#maxBytes} are allowed`)
    }
    if (this.#held < size + 4) return undefined
    this.#skip(4)
    return this.#take(size)
  }

  #copy(chunk: Uint8Array): void {
    let last = this.#chunks.at(-1)
    if (this.#gather.length - this.#gathered < chunk.length) {
      this.#gather = new Uint8Array(Math.min(GATHER_BYTES, Math.max(chunk.length, this.#held) * 2))
      this.#gathered = 0
      last = undefined
    }
    this.#gather.set(chunk, this.#gathered)
    this.#gathered += chunk.length
    if (last?.buffer === this.#gather.buffer) {
      this.#chunks[this.#chunks.length - 1] = this.#gather.subarray(last.byteOffset, this.#gathered)
    } else {
      this.#chunks.push(this.#gather.subarray(this.#gathered - chunk.length, this.#gathered))
    }
  }

  #peek(index: number): number {
    let position = this.#at + index
    for (const chunk of this.#chunks) {
      if (position < chunk.length) return chunk[position]!
      position -= chunk.length
    }
    return 0
  }

  #skip(size: number): void {
    this.#held -= size
    this.#at += size
    let done = 0
    while (done < this.#chunks.length && this.#at >= this.#chunks[done]!.length) this.#at -= this.#chunks[done++]!.length
    if (done > 0) this.#chunks.splice(0, done)
  }

  #take(size: number): Uint8Array {
    const first = this.#chunks[0]
    if (first === undefined || this.#at + size <= first.length) {
      const frame = (first ?? new Uint8Array(0)).subarray(this.#at, this.#at + size)
      this.#skip(size)
      return frame
    }
    const frame = new Uint8Array(size)
    let filled = 0
    let from = this.#at
    for (let i = 0; filled < size; i++) {
      const piece = this.#chunks[i]!.subarray(from, from + size - filled)
      frame.set(piece, filled)
      filled += piece.length
      from = 0
    }
    this.#skip(size)
    return frame
  }
}
