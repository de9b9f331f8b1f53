import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { StatementSync } from 'node:sqlite'
import { DatabaseSync } from 'node:sqlite'
import { KasperError, messageOf } from '@kasper/core'

export const DEFAULT_BUSY_TIMEOUT_MS = 5000

/** How a database is opened. */
export interface SqliteOptions {
  /**
   * What a write waits for. With `full`, until the disk has it: it survives a power failure. With `normal`, until the operating
   * system has it: that survives `kill -9` of the process, but after a power failure the last writes before `flush` may be missing
   * (never half of one, and the file stays sound).
   * @default 'full'
   */
  readonly synchronous?: 'full' | 'normal' | undefined
  /** How long a write waits, and holds up its whole process, while another process writes to the same file. @default 5000 */
  readonly busyTimeoutMs?: number | undefined
}

/** A database, ready for use. Listings give rows as arrays, `getAll` as well. */
export interface OpenDatabase {
  readonly database: DatabaseSync
  readonly get: StatementSync
  readonly getAll: StatementSync
  readonly put: StatementSync
  readonly delete: StatementSync
  readonly listFrom: StatementSync
  readonly listFromTo: StatementSync
}

/** Opens the database, makes what is missing in it, and says clearly what is wrong where it can't. */
export function openDatabase(
  path: string,
  { synchronous = 'full', busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS }: SqliteOptions,
): OpenDatabase {
  if (!Number.isSafeInteger(busyTimeoutMs) || busyTimeoutMs < 0) {
    throw new KasperError('CONFIG_INVALID', `busyTimeoutMs should be a whole number of milliseconds, not ${busyTimeoutMs}`)
  }
  if (!['full', 'normal'].includes(synchronous)) {
    throw new KasperError('CONFIG_INVALID', `synchronous should be 'full' or 'normal', not ${JSON.stringify(synchronous)}`)
  }
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path)
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA synchronous = ${synchronous}`)
    const mode = String(database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'])
    if (mode !== 'wal' && mode !== 'memory')
      throw new Error(`the file system does not allow a write-ahead log (journal mode ${mode})`)
    // Keys are compared by their UTF-8 bytes. Without a rowid, the values are in the index itself: one look-up, not two.
    database.exec('CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID')
    return { database, ...prepare(database) }
  } catch (cause) {
    database?.close()
    throw new KasperError('STORE_FAILED', `cannot open the SQLite database ${path}: ${reasonOf(cause, path)}`, { cause })
  }
}

function prepare(database: DatabaseSync): Omit<OpenDatabase, 'database'> {
  const statements = {
    get: database.prepare('SELECT value FROM entries WHERE key = ?'),
    // One statement for any number of keys. It answers with the keys' positions, so that they need not be read back.
    getAll: database.prepare(
      'SELECT asked.key, entries.value FROM json_each(?) AS asked CROSS JOIN entries ON entries.key = asked.value',
    ),
    put: database.prepare('INSERT INTO entries VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value'),
    delete: database.prepare('DELETE FROM entries WHERE key = ?'),
    // As a blob, because Deno reads text only up to U+0000.
    listFrom: database.prepare('SELECT CAST(key AS BLOB), value FROM entries WHERE key >= ? ORDER BY key'),
    listFromTo: database.prepare('SELECT CAST(key AS BLOB), value FROM entries WHERE key >= ? AND key < ? ORDER BY key'),
  }
  for (const statement of [statements.getAll, statements.listFrom, statements.listFromTo]) statement.setReturnArrays(true)
  return statements
}

/** SQLite says "unable to open database file" for most of it. */
function reasonOf(error: unknown, path: string): string {
  const said = messageOf(error)
  const folder = dirname(resolve(path))
  if (!existsSync(folder)) return `the folder ${folder} does not exist`
  if (existsSync(path) && statSync(path).isDirectory()) return 'it is a folder'
  if (said.includes('file is not a database')) return 'it is not an SQLite database, or it is damaged'
  if (said.includes('database is locked')) return 'another process has locked it'
  return said
}
