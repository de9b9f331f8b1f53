// What keeps a broker's topics over a restart. The memory stays what is read; everything that changes is written to a directory:
//
//   lock                            the process that has the directory
//   journal                         topics, configuration, offsets, transactions, and which files a partition has (journal.ts)
//   topics/<id>/<partition>/*.log   record batches in Kafka's own format (partition-files.ts)
//
// Changes are written in rounds: all that has come up while a round was under way goes into the next, with one fsync for each file.
// What a client is told waits for the round that its change is in, and consumers see records when they are stored.
// A round writes the journal first, so that whatever a log has is known: its producer, its transaction, its file.
import process from 'node:process'
import { KasperError, messageOf } from '@kasper/core'
import type { DataFile, Files } from './files.ts'
import { type Entry, Journal } from './journal.ts'
import type { PartitionFiles } from './partition-files.ts'

/** How many files stay open between rounds. */
const MAX_OPEN_FILES = 256
/** How many partitions are written to at the same time; the runtime has four threads for it. */
const PARTITIONS_AT_ONCE = 8

interface Round {
  readonly done: Promise<void>
  resolve(): void
  reject(error: KasperError): void
}

/** The data directory of one broker. */
export class Storage {
  readonly directory: string
  readonly files: Files
  /** Why nothing is stored any more, if so. */
  failure: KasperError | undefined
  /** Counts what was to be stored. */
  changes = 0
  readonly #journal: Journal
  readonly #unlock: () => Promise<void>
  readonly #open = new Map<string, Promise<DataFile>>()
  #entries = new Map<string, unknown>()
  #dirty = new Set<PartitionFiles>()
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

  /** Takes the directory, which is made if it is not there, and reads its journal. Throws `DATA_UNUSABLE`. */
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
      const message = `Cannot keep data in ${path}: ${messageOf(error)}; choose a directory that this user may write to`
      throw new KasperError('DATA_UNUSABLE', message, { cause: error })
    }
  }

  /** What the journal has, by keys. */
  get entries(): ReadonlyMap<string, unknown> {
    return this.#journal.entries
  }

  /** Remembers a value in the next round, or forgets the key. */
  put(key: string, value: unknown): void {
    if (value === null) this.#journal.entries.delete(key)
    else this.#journal.entries.set(key, value)
    this.#entries.set(key, value)
    this.#schedule()
  }

  /** There is something to write for this partition. */
  changed(partition: PartitionFiles): void {
    this.#dirty.add(partition)
    this.#schedule()
  }

  /** Deletes a file or a directory when the journal does not name it any more. */
  discard(path: string): void {
    this.#discarded.push(path)
    this.#schedule()
  }

  /** Nothing of this partition is written any more. */
  forget(partition: PartitionFiles): void {
    this.#dirty.delete(partition)
  }

  /** Resolves when everything until now is stored; `undefined` where it is already. Rejects with {@link failure}. */
  stored(): Promise<void> | undefined {
    if (this.failure !== undefined) return Promise.reject(this.failure)
    return (this.#next ?? this.#running)?.done
  }

  /** The file of this path, which stays open for a while. */
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

  /** Stores what there is, and gives the directory back. */
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
    // All that this turn of the event loop brings goes together.
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
    for (const partition of dirty) partition.take()
    const entries: Entry[] = [...this.#entries]
    this.#entries = new Map()
    const discarded = this.#discarded
    this.#discarded = []
    await atOnce(dirty, (partition) => partition.writeAnew())
    if (entries.length > 0) await this.#journal.write(entries)
    await atOnce(dirty, (partition) => partition.writeOn())
    for (const partition of dirty) partition.settle()
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

  /** Closes those that were not used for the longest time. */
  async #closeFiles(keep: number): Promise<void> {
    for (const [path, file] of this.#open) {
      if (this.#open.size <= keep) return
      this.#open.delete(path)
      await file.then((open) => open.close()).catch(() => {})
    }
  }

  #fail(cause: unknown): void {
    const message =
      `Cannot store in ${this.directory}: ${messageOf(cause)}. From now on nothing is written, and nothing is acknowledged; ` +
      'see to the disk, and start again'
    this.failure = new KasperError('DATA_UNUSABLE', message, { cause })
    process.emitWarning(this.failure)
  }
}

/** What is left over is deleted, so the directory must not be anybody else's. */
async function checkOwn(files: Files, path: string): Promise<void> {
  const names = await files.list(path)
  if (!names.includes('topics') || names.includes('journal')) return
  const message = `${path} is no data directory: it has topics, but no journal; choose an empty directory, or a new one`
  throw new KasperError('DATA_UNUSABLE', message)
}

function newRound(): Round {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>()
  done.catch(() => {}) // whether anybody waits for it or not
  return { done, resolve, reject }
}

async function atOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < items.length) await work(items[next++]!)
  }
  await Promise.all(Array.from({ length: Math.min(PARTITIONS_AT_ONCE, items.length) }, lane))
}
