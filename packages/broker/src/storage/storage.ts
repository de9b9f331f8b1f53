// Stores a broker's state in a directory, so that it survives a restart. The broker reads from memory, and writes all changes to:
//
//   lock                            the process that uses the directory
//   journal                         topics, configuration, offsets, transactions, and the files of each partition (journal.ts)
//   topics/<id>/<partition>/*.log   record batches in Kafka's own format (partition-files.ts)
//
// Changes are written in rounds, with one fsync per file. A change that arrives during a round goes into the next one. The broker
// answers a client after the round with the client's change. Consumers see records when they are stored.
// A round writes the journal before the logs. So the journal knows every producer, transaction and file that a log mentions.
import process from 'node:process'
import { KasperError } from '@kasper/core'
import { concurrently, messageOf } from '@kasper/core/adapter'
import type { DataFile, Files } from './files.ts'
import { type Entry, Journal } from './journal.ts'

/** How many files stay open between rounds. */
const MAX_OPEN_FILES = 256
/** How many partitions are written at the same time. The runtime has four threads for file access. */
const PARTITIONS_AT_ONCE = 8

/** A partition with changes. In each round, the storage calls all four methods, in this order. */
export interface RoundParticipant {
  /** Takes the changes so far into the round. */
  beginRound(): void
  /** Writes files that the journal does not name yet. */
  writeNewFiles(): Promise<void>
  /** Writes to files that the journal names. */
  writeKnownFiles(): Promise<void>
  /** Makes the stored changes visible. */
  endRound(): void
}

interface Round {
  readonly done: Promise<void>
  resolve(): void
  reject(error: KasperError): void
}

/** The data directory of one broker. */
export class Storage {
  readonly directory: string
  readonly files: Files
  /** Why the storage has stopped writing, if it has. */
  failure: KasperError | undefined
  /** Counts the changes that had to be stored. */
  changes = 0
  readonly #journal: Journal
  readonly #unlock: () => Promise<void>
  readonly #open = new Map<string, Promise<DataFile>>()
  #entries = new Map<string, unknown>()
  #dirty = new Set<RoundParticipant>()
  #discarded: string[] = []
  #running: Round | undefined
  #next: Round | undefined
  #closing: Promise<void> | undefined

  private constructor(directory: string, files: Files, journal: Journal, unlock: () => Promise<void>) {
    this.directory = directory
    this.files = files
    this.#journal = journal
    this.#unlock = unlock
  }

  /** Creates the directory if needed, locks it, and reads its journal. Throws `DATA_UNUSABLE`. */
  static async open(path: string, files: Files): Promise<Storage> {
    let unlock: (() => Promise<void>) | undefined
    try {
      await files.makeDirectory(path)
      await checkOwn(files, path)
      unlock = await files.lock(path)
      return new Storage(path, files, await Journal.open(files, path), unlock)
    } catch (error) {
      await unlock?.()
      if (error instanceof KasperError) throw error
      const message = `Cannot store data in ${path}: ${messageOf(error)}; choose a directory that this user may write to`
      throw new KasperError('DATA_UNUSABLE', message, { cause: error })
    }
  }

  /** The values in the journal, by key. */
  get entries(): ReadonlyMap<string, unknown> {
    return this.#journal.entries
  }

  /** Stores a value in the next round. `null` deletes the key. */
  put(key: string, value: unknown): void {
    if (value === null) this.#journal.entries.delete(key)
    else this.#journal.entries.set(key, value)
    this.#entries.set(key, value)
    this.#schedule()
  }

  /** Writes this partition's changes in the next round. */
  partitionChanged(partition: RoundParticipant): void {
    this.#dirty.add(partition)
    this.#schedule()
  }

  /** Stops writing this partition. */
  partitionDeleted(partition: RoundParticipant): void {
    this.#dirty.delete(partition)
  }

  /** Deletes a file or a directory at the end of the next round, when the journal does not name it any more. */
  discard(path: string): void {
    this.#discarded.push(path)
    this.#schedule()
  }

  /** Resolves when all changes so far are stored. Returns `undefined` when they already are. Rejects with {@link failure}. */
  stored(): Promise<void> | undefined {
    if (this.failure !== undefined) return Promise.reject(this.failure)
    return (this.#next ?? this.#running)?.done
  }

  /** Opens a file, which stays open for later rounds. */
  open(path: string): Promise<DataFile> {
    const file = this.#open.get(path) ?? this.files.open(path)
    this.#open.delete(path)
    this.#open.set(path, file)
    return file
  }

  async makeDirectory(path: string): Promise<void> {
    const made = await this.files.makeDirectory(path)
    if (made === undefined) return
    for (let at = path; at.length > this.directory.length;) {
      at = at.slice(0, at.lastIndexOf('/'))
      await this.files.syncDirectory(at)
    }
  }

  /** Stores all changes, and unlocks the directory. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.stored()?.catch(() => {})
    await this.#closeFiles(0)
    await this.#journal.close()
    await this.#unlock()
  }

  #schedule(): void {
    this.changes++
    if (this.#next !== undefined || this.failure !== undefined) return
    this.#next = newRound()
    // All changes of this event loop turn go into one round.
    if (this.#running === undefined) setImmediate(() => void this.#run())
  }

  async #run(): Promise<void> {
    while (this.#next !== undefined) {
      const round = this.#next
      this.#running = round
      this.#next = undefined
      try {
        await this.#write()
        round.resolve()
      } catch (cause) {
        this.#fail(cause)
        round.reject(this.failure!)
        ;(this.#next as Round | undefined)?.reject(this.failure!)
        this.#next = undefined
      }
    }
    this.#running = undefined
  }

  async #write(): Promise<void> {
    const dirty = [...this.#dirty]
    this.#dirty = new Set()
    for (const partition of dirty) partition.beginRound()
    const entries: Entry[] = [...this.#entries]
    this.#entries = new Map()
    const discarded = this.#discarded
    this.#discarded = []
    await concurrently(dirty, PARTITIONS_AT_ONCE, (partition) => partition.writeNewFiles())
    if (entries.length > 0) await this.#journal.write(entries)
    await concurrently(dirty, PARTITIONS_AT_ONCE, (partition) => partition.writeKnownFiles())
    for (const partition of dirty) partition.endRound()
    for (const path of discarded) await this.#remove(path)
    if (this.#open.size > MAX_OPEN_FILES) await this.#closeFiles(MAX_OPEN_FILES)
  }

  async #remove(path: string): Promise<void> {
    for (const [open, file] of this.#open) {
      if (!open.startsWith(path)) continue
      this.#open.delete(open)
      await (await file).close()
    }
    await this.files.remove(path)
  }

  /** Closes the least recently used files. */
  async #closeFiles(maxOpen: number): Promise<void> {
    for (const [path, file] of this.#open) {
      if (this.#open.size <= maxOpen) return
      this.#open.delete(path)
      await file.then((open) => open.close()).catch(() => {})
    }
  }

  #fail(cause: unknown): void {
    const message =
      `Cannot write to ${this.directory}: ${messageOf(cause)}. The broker stores and acknowledges nothing any more; ` +
      'check the disk, and restart the broker'
    this.failure = new KasperError('DATA_UNUSABLE', message, { cause })
    process.emitWarning(this.failure)
  }
}

/** Throws if the directory belongs to another program, because the storage deletes files that it does not know. */
async function checkOwn(files: Files, path: string): Promise<void> {
  const names = await files.list(path)
  if (!names.includes('topics') || names.includes('journal')) return
  const message = `${path} is not a data directory: it contains topics, but no journal; choose an empty or a new directory`
  throw new KasperError('DATA_UNUSABLE', message)
}

function newRound(): Round {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>()
  done.catch(() => {}) // perhaps no one waits for this round
  return { done, resolve, reject }
}
