// The file operations that the storage needs. Tests replace them.
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import process from 'node:process'

import { lockDirectory } from './directory-lock.ts'
import { errnoOf } from './errno.ts'

/** An open file. */
export interface DataFile {
  /** Writes these bytes one after the other, from this position. */
  write(parts: readonly Uint8Array[], position: number): Promise<void>
  truncate(sizeInBytes: number): Promise<void>
  /** Resolves when all writes would survive a power loss. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** Files and directories. */
export interface Files {
  /** Opens a file, and creates it if needed. */
  open(path: string): Promise<DataFile>
  /** The content of a file; `undefined` if it does not exist. */
  read(path: string): Promise<Uint8Array | undefined>
  /** The names in a directory. */
  list(path: string): Promise<string[]>
  /** Creates a directory with its parents. Returns the topmost directory that did not exist. */
  makeDirectory(path: string): Promise<string | undefined>
  /** Resolves when the names in this directory would survive a power loss. */
  syncDirectory(path: string): Promise<void>
  /** Renames a file, and replaces the target if it exists. */
  rename(from: string, to: string): Promise<void>
  /** Deletes a file, or a directory with its content, if it exists. */
  remove(path: string): Promise<void>
  /** Locks a directory for this process. Resolves with a function that unlocks it. Throws `DATA_UNUSABLE`. */
  lock(path: string): Promise<() => Promise<void>>
}

/**
 * The file operations of the operating system.
 * @param fsync whether data has to survive a power loss, and not only the end of this process
 */
export function machineFiles(fsync: boolean): Files {
  return {
    open: async (path) => new MachineFile(await openOrMake(path), fsync),
    read: async (path) => {
      try {
        const { buffer, byteOffset, byteLength } = await readFile(path)
        return new Uint8Array(buffer, byteOffset, byteLength)
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return undefined
        throw error
      }
    },
    list: (path) => readdir(path),
    makeDirectory: (path) => mkdir(path, { recursive: true }),
    syncDirectory: async (path) => {
      // Windows cannot sync directories.
      if (!fsync || process.platform === 'win32') return
      const directory = await open(path, 'r')
      try {
        await directory.sync()
      } finally {
        await directory.close()
      }
    },
    rename: (from, to) => rename(from, to),
    remove: (path) => rm(path, { recursive: true, force: true }),
    lock: lockDirectory,
  }
}

async function openOrMake(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    return await open(path, 'wx+')
  }
}

class MachineFile implements DataFile {
  readonly #handle: FileHandle
  readonly #fsync: boolean

  constructor(handle: FileHandle, fsync: boolean) {
    this.#handle = handle
    this.#fsync = fsync
  }

  async write(parts: readonly Uint8Array[], position: number): Promise<void> {
    for (const part of parts) {
      // A disk that is nearly full writes only a part, and fails at the next write.
      for (let written = 0; written < part.length;) {
        const { bytesWritten } = await this.#handle.write(part, written, part.length - written, position)
        written += bytesWritten
        position += bytesWritten
      }
    }
  }

  async truncate(sizeInBytes: number): Promise<void> {
    await this.#handle.truncate(sizeInBytes)
  }

  async sync(): Promise<void> {
    if (this.#fsync) await this.#handle.datasync()
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}
