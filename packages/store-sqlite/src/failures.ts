// The meaning of SQLite's errors. Runtimes differ in the codes of these errors, but not in their messages.
import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { messageOf } from '@kasper/core/adapter'

/** Why a file cannot be opened. SQLite's own message is "unable to open database file" in most cases. */
export function openingReasonOf(error: unknown, path: string): string {
  const message = messageOf(error)
  const folder = dirname(resolve(path))
  if (!existsSync(folder)) return `the folder ${folder} does not exist: create it`
  if (existsSync(path) && statSync(path).isDirectory()) return 'it is a folder'
  if (message.includes('file is not a database')) return 'it is not an SQLite database, or it is damaged'
  if (isLocked(error)) return 'another process has locked it'
  return message
}

/** Why a call failed, in one sentence. */
export function reasonOf(error: unknown, busyTimeoutMs: number): string {
  if (!isLocked(error)) return messageOf(error)
  return `another process wrote to it for longer than ${busyTimeoutMs} ms (busyTimeoutMs): give each process its own file`
}

/** Whether the same call may succeed later: when another process has finished, or the disk has space again. */
export function isRetriable(error: unknown): boolean {
  return isLocked(error) || error instanceof BusyError || messageOf(error).includes('database or disk is full')
}

/** A flush did not finish because another process uses the file. */
export class BusyError extends Error {
  override readonly name: string = 'BusyError'

  constructor() {
    super('another process reads or writes the file')
  }
}

function isLocked(error: unknown): boolean {
  return messageOf(error).includes('database is locked')
}
