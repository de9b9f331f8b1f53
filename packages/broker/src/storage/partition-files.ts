// The files of one partition. They contain its record batches in order, unchanged, and are named after their first offset. The
// journal has a manifest of each partition: its files, and the log's start offset. Files that no manifest names are deleted.
import { batchSize, readBatchHeader } from '@kasper/protocol'
import { addMissingChecksum } from '../logs/batch-checksum.ts'
import type { LogStore, PartitionLog } from '../logs/partition-log.ts'
import type { RoundParticipant, Storage } from './storage.ts'

/** The size at which a new file starts. Deleted records free disk space only as whole files. */
const FILE_BYTES = 16 << 20

/** The entry of a partition in the journal. */
export interface PartitionManifest {
  readonly start: number
  readonly files: readonly string[]
}

interface LogFile {
  readonly name: string
  readonly base: number
  /** Its size after all pending writes. */
  bytes: number
}

/** Batches that lie together in memory and are written to one place in a file. */
interface FileWrite {
  readonly file: LogFile
  readonly position: number
  readonly bytes: Uint8Array
  readonly start: number
  end: number
}

/** The writes of one round, and the offsets that are stored after it. */
interface RoundWrites {
  readonly writes: readonly FileWrite[]
  /** Whether the writes go to new files, which replace the old ones. */
  readonly replacesFiles: boolean
  readonly endOffset: number
  readonly stableOffset: number
}

/** Stores one partition's log in files. */
export class PartitionFiles implements LogStore, RoundParticipant {
  readonly log: PartitionLog
  storedEndOffset: number
  storedStableOffset: number
  readonly #storage: Storage
  readonly #key: string
  readonly #directory: string
  #files: LogFile[]
  /** Writes for the next round. */
  #writes: FileWrite[] = []
  /** The round that runs now. */
  #round: RoundWrites | undefined
  #replaceFiles = false
  #directoryExists = false

  /** @param files the files that exist, and how many bytes of each are in use */
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
    this.storedEndOffset = log.logEndOffset
    this.storedStableOffset = log.stableOffset
  }

  appended(bytes: Uint8Array, at: number): void {
    this.#storage.partitionChanged(this)
    if (this.#replaceFiles) return
    if (this.#addWrite(bytes, at, 0)) this.#putManifest()
  }

  replaced(): void {
    this.#replaceFiles = true
    this.#storage.partitionChanged(this)
  }

  startMoved(): void {
    const { startOffset, logEndOffset } = this.log
    if (startOffset === logEndOffset && this.#files.length > 0) {
      this.replaced()
      return
    }
    let deleted = 0
    while (deleted + 1 < this.#files.length && this.#files[deleted + 1]!.base <= startOffset) deleted++
    const files = this.#files.splice(0, deleted)
    this.#writes = this.#writes.filter(({ file }) => !files.includes(file))
    this.#discard(files)
    this.#putManifest()
    this.#storage.partitionChanged(this)
  }

  beginRound(): void {
    const { logEndOffset: endOffset, stableOffset } = this.log
    const replacesFiles = this.#replaceFiles
    if (replacesFiles) this.#replaceAllFiles()
    this.#round = { writes: this.#writes, replacesFiles, endOffset, stableOffset }
    this.#writes = []
    this.#replaceFiles = false
  }

  async writeNewFiles(): Promise<void> {
    if (this.#round!.replacesFiles) await this.#write()
  }

  async writeKnownFiles(): Promise<void> {
    if (!this.#round!.replacesFiles) await this.#write()
  }

  endRound(): void {
    const { endOffset, stableOffset } = this.#round!
    this.#round = undefined
    this.storedEndOffset = endOffset
    this.storedStableOffset = stableOffset
    this.log.notify()
  }

  /** Plans new files with the whole log, which replace the present ones. */
  #replaceAllFiles(): void {
    const before = this.#files
    const generation = Math.max(0, ...before.map(({ name }) => generationOf(name))) + 1
    this.#files = []
    this.#writes = []
    for (const { bytes, at } of this.log.batches()) this.#addWrite(bytes, at, generation)
    this.#discard(before)
    this.#putManifest()
  }

  /** Decides which file the batch goes to, and at which position. Returns whether that is a new file. */
  #addWrite(bytes: Uint8Array, at: number, generation: number): boolean {
    addMissingChecksum(bytes, at)
    const size = batchSize(bytes, at)
    let file = this.#files.at(-1)
    const isNewFile = file === undefined || (file.bytes > 0 && file.bytes + size > FILE_BYTES)
    if (file === undefined || isNewFile) {
      const { baseOffset } = readBatchHeader(bytes, at)
      file = { name: fileName(baseOffset, generation), base: baseOffset, bytes: 0 }
      this.#files.push(file)
    }
    const last = this.#writes.at(-1)
    if (last !== undefined && last.file === file && last.bytes === bytes && last.end === at) last.end += size
    else this.#writes.push({ file, position: file.bytes, bytes, start: at, end: at + size })
    file.bytes += size
    return isNewFile
  }

  /** Writes one file after the other, so that no valid batch can follow a file with a broken end. */
  async #write(): Promise<void> {
    const { writes } = this.#round!
    for (let i = 0; i < writes.length;) {
      const { file, position } = writes[i]!
      const parts: Uint8Array[] = []
      for (; i < writes.length && writes[i]!.file === file; i++) {
        const { bytes, start, end } = writes[i]!
        parts.push(bytes.subarray(start, end))
      }
      if (!this.#directoryExists) await this.#storage.makeDirectory(this.#directory)
      this.#directoryExists = true
      const path = `${this.#directory}/${file.name}`
      const open = await this.#storage.open(path)
      await open.write(parts, position)
      await open.sync()
      if (position === 0) await this.#storage.files.syncDirectory(this.#directory)
    }
  }

  #putManifest(): void {
    const manifest: PartitionManifest = { start: this.log.startOffset, files: this.#files.map(({ name }) => name) }
    this.#storage.put(this.#key, manifest)
  }

  #discard(files: readonly LogFile[]): void {
    for (const { name } of files) this.#storage.discard(`${this.#directory}/${name}`)
  }
}

/** The directory of a partition's files. */
export function partitionDirectory({ directory }: Storage, topicId: string, partition: number): string {
  return `${directory}/topics/${topicId}/${partition}`
}

/** The journal key of a partition's manifest. */
export function manifestKey(topicId: string, partition: number): string {
  return `log/${topicId}/${partition}`
}

function fileName(base: number, generation: number): string {
  return `${String(base).padStart(20, '0')}${generation === 0 ? '' : `-${generation}`}.log`
}

/** The smallest offset that can be in the file. */
export function baseOf(name: string): number {
  return Number.parseInt(name, 10)
}

/** How often the content of this file was rewritten. */
export function generationOf(name: string): number {
  return Number(/-(\d+)\.log$/.exec(name)?.[1] ?? 0)
}
