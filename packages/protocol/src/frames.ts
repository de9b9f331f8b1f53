// Frames: four bytes with the length, then a header and a message. Clients and brokers send nothing else.
import type { Api } from './api.ts'
import type { Draft } from './draft.ts'
import { CorruptMessageError } from './errors.ts'
import { readResponseHeader, writeRequestHeader, writeResponseHeader } from './headers.ts'
import { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** The values that a client chooses for the header of a request. */
export interface RequestIds {
  /** The broker copies it into the response. */
  readonly correlationId: number
  readonly clientId?: string | null
}

/** Writes a request with its length and header. If it throws, it has written nothing. */
export function writeRequestFrame<Request>(
  writer: Writer,
  api: Api<Request>,
  version: number,
  { correlationId, clientId = null }: RequestIds,
  request: Draft<Request>,
): void {
  writer.startFrame()
  try {
    writeRequestHeader(writer, api, version, correlationId, clientId)
    api.writeRequest(writer, request, version)
  } catch (error) {
    writer.discard()
    throw error
  }
  writer.endFrame()
}

/** Writes a response with its length and header. If it throws, it has written nothing. */
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

/** Reads a response and its correlation id from a frame without its length, as {@link FrameSplitter} returns it. */
export function readResponseFrame<Response>(
  api: Api<unknown, Response>,
  version: number,
  frame: Uint8Array,
): { readonly correlationId: number; readonly response: Response } {
  const reader = new Reader(frame)
  const correlationId = readResponseHeader(reader, api, version)
  return { correlationId, response: api.readResponse(reader, version) }
}

/** Smaller chunks are copied together, so that a frame in many small chunks costs no object for each of them. */
const SMALL_CHUNK = 1024
/** The buffer for small chunks grows with the frame up to this size, so that a connection with a few bytes costs little. */
const GATHER_BYTES = 16_384

/**
 * Splits the bytes from a connection into frames. It holds only bytes that have arrived, and allocates nothing for a length that a
 * frame merely claims.
 */
export class FrameSplitter {
  readonly #maxBytes: number
  #chunks: Uint8Array[] = []
  /** The number of unread bytes in the chunks. */
  #held = 0
  /** The start of the unread bytes in the first chunk. */
  #at = 0
  /** The buffer for small chunks, and the number of bytes in it. */
  #gather = new Uint8Array(0)
  #gathered = 0

  /** @param maxBytes the longest frame that is allowed, without its length. A longer one is an error: close the connection. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Adds bytes that have arrived. Keeps the array itself, so do not change it afterwards. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    if (chunk.length < SMALL_CHUNK && this.#held > 0) this.#copy(chunk)
    // A plain Uint8Array, because subarrays of a Buffer are Buffers.
    else this.#chunks.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length))
    this.#held += chunk.length
  }

  /** The next frame without its length; `undefined` until all of it has arrived. Throws {@link CorruptMessageError}. */
  next(): Uint8Array | undefined {
    if (this.#held < 4) return undefined
    const size = (this.#peek(0) << 24) | (this.#peek(1) << 16) | (this.#peek(2) << 8) | this.#peek(3)
    if (size < 0 || size > this.#maxBytes) {
      throw new CorruptMessageError(`A frame of ${size >>> 0} bytes, longer than the limit of ${this.#maxBytes}`)
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
