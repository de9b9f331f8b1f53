// A disk for tests that can lose its power. Afterwards, data that was not synced is there in part, as garbage, or not at all.
import type { DataFile, Files } from '../src/storage/files.ts'

interface FakeFile {
  /** The content after a power loss. */
  durable: Uint8Array
  content: Uint8Array
}

/** Files in memory. */
export class FakeDisk {
  /** How many operations succeed until the power fails. Later operations never settle. */
  stepsLeft: number = Infinity
  /** Called before each operation, which waits for it. */
  before: (operation: string, path: string) => Promise<void> | void = () => {}
  readonly operations: string[] = []
  #files = new Map<string, FakeFile>()
  /** The names after a power loss. */
  #durableNames = new Map<string, FakeFile>()

  /** The file operations for the storage. */
  get files(): Files {
    const step = (operation: string, path: string): Promise<void> => this.#step(operation, path)
    return {
      open: async (path) => {
        await step('open', path)
        let file = this.#files.get(path)
        if (file === undefined) {
          file = { durable: new Uint8Array(0), content: new Uint8Array(0) }
          this.#files.set(path, file)
        }
        return this.#handle(path, file)
      },
      read: async (path) => this.#files.get(path)?.content.slice(),
      list: async (path) => [
        ...new Set(
          [...this.#files.keys()]
            .filter((name) => name.startsWith(`${path}/`))
            .map((name) => name.slice(path.length + 1).split('/')[0]!),
        ),
      ],
      makeDirectory: async () => undefined,
      syncDirectory: async (path) => {
        await step('syncDirectory', path)
        const isIn = (name: string): boolean => name.slice(0, name.lastIndexOf('/')) === path
        for (const name of this.#durableNames.keys()) if (isIn(name) && !this.#files.has(name)) this.#durableNames.delete(name)
        for (const [name, file] of this.#files) if (isIn(name)) this.#durableNames.set(name, file)
      },
      rename: async (from, to) => {
        await step('rename', to)
        this.#files.set(to, this.#files.get(from)!)
        this.#files.delete(from)
      },
      remove: async (path) => {
        await step('remove', path)
        for (const name of this.#files.keys()) if (name === path || name.startsWith(`${path}/`)) this.#files.delete(name)
      },
      lock: async () => async () => {},
    }
  }

  /** The content of each file. */
  get contents(): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.#files].map(([path, { content }]) => [path, content]))
  }

  /** A copy of the disk, with these files replaced. */
  with(...files: readonly (readonly [path: string, content: Uint8Array])[]): FakeDisk {
    const disk = new FakeDisk()
    for (const [path, content] of new Map([...this.contents, ...files])) disk.#files.set(path, { durable: content, content })
    disk.#durableNames = new Map(disk.#files)
    return disk
  }

  /** The disk after a power loss. */
  afterPowerLoss(random: () => number): FakeDisk {
    const disk = new FakeDisk()
    const names = new Map(this.#durableNames)
    // Changes of names that were not synced may have happened or not.
    for (const [name, file] of this.#files) if (random() < 0.5) names.set(name, file)
    for (const name of this.#durableNames.keys()) if (!this.#files.has(name) && random() < 0.5) names.delete(name)
    for (const [name, { durable, content }] of names) {
      const kept = content.slice(0, Math.max(durable.length, Math.floor(random() * (content.length + 1))))
      // Content that was not synced can be garbage of the same length.
      if (random() < 0.3) for (let i = durable.length; i < kept.length; i++) kept[i] = Math.floor(random() * 256)
      kept.set(durable)
      disk.#files.set(name, { durable: kept, content: kept })
    }
    disk.#durableNames = new Map(disk.#files)
    return disk
  }

  async #step(operation: string, path: string): Promise<void> {
    await this.before(operation, path)
    await new Promise<void>((resolve) => setImmediate(resolve))
    if (this.stepsLeft-- <= 0) await new Promise(() => {})
    this.operations.push(`${operation} ${path}`)
  }

  #handle(path: string, file: FakeFile): DataFile {
    return {
      write: async (parts, position) => {
        await this.#step('write', path)
        for (const part of parts) {
          const grown = new Uint8Array(Math.max(file.content.length, position + part.length))
          grown.set(file.content)
          grown.set(part, position)
          file.content = grown
          position += part.length
        }
      },
      truncate: async (size) => {
        await this.#step('truncate', path)
        file.content = file.content.slice(0, size)
      },
      sync: async () => {
        await this.#step('sync', path)
        file.durable = file.content
      },
      close: async () => {},
    }
  }
}
