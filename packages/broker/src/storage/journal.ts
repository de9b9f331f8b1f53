// The journal stores everything but records, as keys and values. The last value of a key counts.
//
// The file is a sequence of frames: length (4 bytes), CRC-32C (4 bytes, both big-endian), and JSON text, [[key, value], …]. The value
// null deletes a key. A frame is valid as a whole, or not at all. When the file gets too large, a new file with all present values
// replaces it. So the file always starts with a complete frame, which contains the format version.
import { KasperError } from '@kasper/core'
import { crc32c } from '@kasper/protocol'
import { damaged } from './damage.ts'
import type { DataFile, Files } from './files.ts'

const FORMAT = 'format'
const FORMAT_VERSION = 1
const HEADER_BYTES = 8
/** The shortest valid frame is `[]`. */
const LEAST_BYTES = 2
const MAX_ENTRIES_PER_FRAME = 1000
/** The journal is not rewritten below this size while the broker runs. */
const LEAST_COMPACTION_BYTES = 1 << 20

/** A key and its value; `null` deletes the key. */
export type Entry = readonly [key: string, value: unknown]

/** The journal of one data directory. */
export class Journal {
  /** The present values. */
  readonly entries: Map<string, unknown> = new Map()
  readonly #files: Files
  readonly #directory: string
  readonly #path: string
  #file: DataFile | undefined
  #bytes = 0
  #compactedBytes = 0

  private constructor(files: Files, directory: string) {
    this.#files = files
    this.#directory = directory
    this.#path = `${directory}/journal`
  }

  /** Reads the journal. Drops an incomplete frame at its end. Throws `DATA_UNUSABLE`. */
  static async open(files: Files, directory: string): Promise<Journal> {
    const journal = new Journal(files, directory)
    const bytes = await files.read(journal.#path)
    if (bytes === undefined) journal.entries.set(FORMAT, FORMAT_VERSION)
    else journal.#read(bytes)
    await journal.#compact()
    return journal
  }

  /** Resolves when these entries are stored. {@link entries} must contain them already. */
  async write(entries: readonly Entry[]): Promise<void> {
    if (this.#bytes > LEAST_COMPACTION_BYTES && this.#bytes > 4 * this.#compactedBytes) {
      await this.#compact()
      return
    }
    const frame = encode(entries)
    await this.#file!.write([frame], this.#bytes)
    await this.#file!.sync()
    this.#bytes += frame.length
  }

  async close(): Promise<void> {
    await this.#file?.close()
  }

  #read(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const end = frameEnd(bytes, at)
      if (end === undefined) {
        for (let later = at + 1; later < bytes.length; later++) {
          if (frameEnd(bytes, later) !== undefined)
            throw damaged(this.#path, at, 'the frame there is broken, but valid frames follow')
        }
        break
      }
      for (const [key, value] of decode(bytes, at, end, this.#path)) {
        if (value === null) this.entries.delete(key)
        else this.entries.set(key, value)
      }
      at = end
    }
    const format = this.entries.get(FORMAT)
    if (format === undefined) throw damaged(this.#path, 0, 'the format version is missing')
    if (format !== FORMAT_VERSION) throw wrongFormat(this.#path, format)
  }

  async #compact(): Promise<void> {
    const next = `${this.#path}.new`
    const entries = [...this.entries]
    const frames: Uint8Array[] = []
    for (let i = 0; i < entries.length; i += MAX_ENTRIES_PER_FRAME)
      frames.push(encode(entries.slice(i, i + MAX_ENTRIES_PER_FRAME)))
    await this.#files.remove(next)
    const file = await this.#files.open(next)
    await file.write(frames, 0)
    await file.sync()
    await this.#files.rename(next, this.#path)
    await this.#files.syncDirectory(this.#directory)
    await this.#file?.close()
    this.#file = file
    this.#bytes = this.#compactedBytes = frames.reduce((sum, { length }) => sum + length, 0)
  }
}

function encode(entries: readonly Entry[]): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(entries))
  const frame = new Uint8Array(HEADER_BYTES + text.length)
  const view = new DataView(frame.buffer)
  view.setUint32(0, text.length)
  view.setUint32(4, crc32c(text))
  frame.set(text, HEADER_BYTES)
  return frame
}

/** The end of the frame at this position; `undefined` if there is no valid frame. */
function frameEnd(bytes: Uint8Array, at: number): number | undefined {
  const start = at + HEADER_BYTES
  if (start + LEAST_BYTES > bytes.length) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES)
  const length = view.getUint32(0)
  if (length < LEAST_BYTES || start + length > bytes.length) return undefined
  return crc32c(bytes, start, start + length) === view.getUint32(4) ? start + length : undefined
}

function decode(bytes: Uint8Array, at: number, end: number, path: string): readonly Entry[] {
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(at + HEADER_BYTES, end))) as Entry[]
  } catch (cause) {
    throw damaged(path, at, 'the frame there has an unknown format', cause)
  }
}

function wrongFormat(path: string, format: unknown): KasperError {
  const message = `${path} has format ${String(format)}, but this version supports only ${FORMAT_VERSION}; use the version that wrote it`
  return new KasperError('DATA_UNUSABLE', message)
}
