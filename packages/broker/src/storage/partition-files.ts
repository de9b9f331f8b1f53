// The files of one partition: record batches one behind the other, as they came, in files that are named after their first
// offset. The journal says which files they are and where the log begins; what it does not name is left over, and deleted.
import { batchSize, readBatchHeader, sealBatch } from '@kasper/protocol'
import type { LogStore, PartitionLog } from '../logs/partition-log.ts'
import type { Storage } from './storage.ts'

/** From this size on a new file is begun. Whole files are what deleting gives back to the disk. */
const FILE_BYTES = 16 << 20
/** Where the checksum lies in a batch. */
const CRC = 17

/** What the journal says of a partition. */
export interface PartitionManifest {
  readonly start: number
  readonly files: readonly string[]
}

interface LogFile {
  readonly name: string
  readonly base: number
  /** With what is still to be written. */
  bytes: number
}

interface Piece {
  readonly file: LogFile
  readonly position: number
  readonly bytes: Uint8Array
  readonly start: number
  end: number
}

/** Keeps one partition's log on disk. */
export class PartitionFiles implements LogStore {
  readonly log: PartitionLog
  end = 0
  stableEnd = 0
  readonly #storage: Storage
  readonly #key: string
  readonly #directory: string
  #files: LogFile[]
  #pieces: Piece[] = []
  /** What the round that is under way writes. */
  #taken:
    | { readonly pieces: readonly Piece[]; readonly rewrites: boolean; readonly end: number; readonly stableEnd: number }
    | undefined
  #rewriteDue = false
  #made = false

  /** @param files those that are there, and what is in them */
  constructor(
    storage: Storage,
    topicId: string,
    log: PartitionLog,
    files: readonly { readonly name: string; readonly bytes: number }[],
  ) {
    this.#storage = storage
    this.log = log
    this.#key = manifestKey(topicId, log.partition)
    this.#directory = partitionDirectory(storage, topicId, log.partition)
    this.#files = files.map(({ name, bytes }) => ({ name, bytes, base: baseOf(name) }))
    this.end = log.nextOffset
    this.stableEnd = log.stableOffset
  }

  appended(bytes: Uint8Array, at: number): void {
    this.#storage.changed(this)
    if (this.#rewriteDue) return
    if (this.#place(bytes, at, 0)) this.#describe()
  }

  replaced(): void {
    this.#rewriteDue = true
    this.#storage.changed(this)
  }

  startMoved(): void {
    const { startOffset, nextOffset } = this.log
    if (startOffset === nextOffset && this.#files.length > 0) {
      this.replaced()
      return
    }
    let gone = 0
    while (gone + 1 < this.#files.length && this.#files[gone + 1]!.base <= startOffset) gone++
    const files = this.#files.splice(0, gone)
    this.#pieces = this.#pieces.filter(({ file }) => !files.includes(file))
    this.#discard(files)
    this.#describe()
    this.#storage.changed(this)
  }

  /** At the begin of a round: what it will write. */
  take(): void {
    const { nextOffset: end, stableOffset: stableEnd } = this.log
    const rewrites = this.#rewriteDue
    if (rewrites) this.#plan()
    this.#taken = { pieces: this.#pieces, rewrites, end, stableEnd }
    this.#pieces = []
    this.#rewriteDue = false
  }

  /** Writes new files that the journal does not name yet. */
  async writeAnew(): Promise<void> {
    if (this.#taken!.rewrites) await this.#write()
  }

  /** Writes to files that the journal names. */
  async writeOn(): Promise<void> {
    if (!this.#taken!.rewrites) await this.#write()
  }

  /** At the end of a round: what it wrote may be seen. */
  settle(): void {
    const { end, stableEnd } = this.#taken!
    this.#taken = undefined
    this.end = end
    this.stableEnd = stableEnd
    this.log.notify()
  }

  /** Puts new files in the place of those that there are, with all that is in the log. */
  #plan(): void {
    const before = this.#files
    const generation = Math.max(0, ...before.map(({ name }) => generationOf(name))) + 1
    this.#files = []
    this.#pieces = []
    for (const { bytes, at } of this.log.batches()) this.#place(bytes, at, generation)
    this.#discard(before)
    this.#describe()
  }

  /** Says where in which file this batch goes, and whether that is a new file. */
  #place(bytes: Uint8Array, at: number, generation: number): boolean {
    if (!hasChecksum(bytes, at)) sealBatch(bytes, at)
    const size = batchSize(bytes, at)
    let file = this.#files.at(-1)
    const begins = file === undefined || (file.bytes > 0 && file.bytes + size > FILE_BYTES)
    if (file === undefined || begins) {
      const { baseOffset } = readBatchHeader(bytes, at)
      file = { name: fileName(baseOffset, generation), base: baseOffset, bytes: 0 }
      this.#files.push(file)
    }
    const last = this.#pieces.at(-1)
    if (last !== undefined && last.file === file && last.bytes === bytes && last.end === at) last.end += size
    else this.#pieces.push({ file, position: file.bytes, bytes, start: at, end: at + size })
    file.bytes += size
    return begins
  }

  /** One file after the other, so that what lies behind a file's broken end is never good. */
  async #write(): Promise<void> {
    const { pieces } = this.#taken!
    for (let i = 0; i < pieces.length;) {
      const { file, position } = pieces[i]!
      const parts: Uint8Array[] = []
      for (; i < pieces.length && pieces[i]!.file === file; i++) {
        const { bytes, start, end } = pieces[i]!
        parts.push(bytes.subarray(start, end))
      }
      if (!this.#made) await this.#storage.makeDirectory(this.#directory)
      this.#made = true
      const path = `${this.#directory}/${file.name}`
      const open = await this.#storage.open(path)
      await open.write(parts, position)
      await open.sync()
      if (position === 0) await this.#storage.files.syncDirectory(this.#directory)
    }
  }

  #describe(): void {
    const manifest: PartitionManifest = { start: this.log.startOffset, files: this.#files.map(({ name }) => name) }
    this.#storage.put(this.#key, manifest)
  }

  #discard(files: readonly LogFile[]): void {
    for (const { name } of files) this.#storage.discard(`${this.#directory}/${name}`)
  }
}

/** Where the files of a partition are. */
export function partitionDirectory({ directory }: Storage, topicId: string, partition: number): string {
  return `${directory}/topics/${topicId}/${partition}`
}

/** Where the journal describes a partition. */
export function manifestKey(topicId: string, partition: number): string {
  return `log/${topicId}/${partition}`
}

function fileName(base: number, generation: number): string {
  return `${String(base).padStart(20, '0')}${generation === 0 ? '' : `-${generation}`}.log`
}

/** The first offset that a file may have. */
export function baseOf(name: string): number {
  return Number.parseInt(name, 10)
}

/** How often what is in this file was written anew. */
export function generationOf(name: string): number {
  return Number(/-(\d+)\.log$/.exec(name)?.[1] ?? 0)
}

/** Batches that were written within the process have none, until somebody needs it. */
function hasChecksum(bytes: Uint8Array, at: number): boolean {
  const crc = at + CRC
  return (bytes[crc]! | bytes[crc + 1]! | bytes[crc + 2]! | bytes[crc + 3]!) !== 0
}
