// The disk, as far as the storage needs it. Tests put a layer of their own in its place.
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import process from 'node:process'

import { lockDirectory } from './directory-lock.ts'
import { errnoOf } from './errno.ts'

/** An open file. */
export interface DataFile {
  /** Writes these bytes, one part behind the other, from this position on. */
  write(parts: readonly Uint8Array[], position: number): Promise<void>
  truncate(sizeInBytes: number): Promise<void>
  /** Resolves when what was written would survive the loss of power. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** Files and directories. */
export interface Files {
  /** Opens a file, which is made if it is not there. */
  open(path: string): Promise<DataFile>
  /** All of a file, or `undefined` where there is none. */
  read(path: string): Promise<Uint8Array | undefined>
  /** What is in a directory. */
  list(path: string): Promise<string[]>
  /** Makes a directory, and those that it lies in; returns the topmost one that was not there. */
  makeDirectory(path: string): Promise<string | undefined>
  /** Resolves when the names in this directory would survive the loss of power. */
  syncDirectory(path: string): Promise<void>
  /** Puts a file in the place of another. */
  rename(from: string, to: string): Promise<void>
  /** Deletes a file, or a directory with all that is in it, if it is there. */
  remove(path: string): Promise<void>
  /** Takes a directory for this process alone, or throws `DATA_UNUSABLE`; resolves with what gives it back. */
  lock(path: string): Promise<() => Promise<void>>
}

/**
 * The files of the machine.
 * @param fsync whether what is written has to survive the loss of power, and not only the end of this process
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
      // Windows knows no such thing.
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
      // A disk that is nearly full takes a part of it, and says so only when it is asked for the rest.
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
