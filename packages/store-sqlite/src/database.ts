import type { StatementSync } from 'node:sqlite'
import { DatabaseSync } from 'node:sqlite'
import { KasperError } from '@kasper/core'
import { checkWholeNumber } from '@kasper/core/adapter'
import { isRetriable, openingReasonOf } from './failures.ts'

export const DEFAULT_BUSY_TIMEOUT_MS = 5000

/** Options of a store in a file. */
export interface SqliteOptions {
  /**
   * With `full`, a write waits for the disk, so it survives a power failure. With `normal`, it waits for the operating system. Then it
   * survives `kill -9` of the process, but a power failure may lose the last writes since `flush`: whole calls, never a part of one, and
   * the file stays valid.
   * @default 'full'
   */
  readonly synchronous?: 'full' | 'normal' | undefined
  /** How many milliseconds a write waits, and blocks its process, while another process writes to the same file. @default 5000 */
  readonly busyTimeoutMs?: number | undefined
}

/** An open database with its statements. The rows of `getAll` and of listings are arrays. */
export interface OpenDatabase {
  readonly database: DatabaseSync
  readonly get: StatementSync
  readonly getAll: StatementSync
  readonly put: StatementSync
  readonly delete: StatementSync
  readonly listFrom: StatementSync
  readonly listFromTo: StatementSync
}

/**
 * Opens the database. Creates the file and its table if they are missing.
 *
 * @throws KasperError `CONFIG_INVALID`, or `STORE_FAILED` if the file cannot be opened
 */
export function openDatabase(
  path: string,
  { synchronous = 'full', busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS }: SqliteOptions,
): OpenDatabase {
  checkWholeNumber('busyTimeoutMs', busyTimeoutMs, 0)
  if (!['full', 'normal'].includes(synchronous)) {
    throw new KasperError('CONFIG_INVALID', `synchronous is ${JSON.stringify(synchronous)}: give 'full' or 'normal'`)
  }
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path)
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA synchronous = ${synchronous}`)
    const mode = String(database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'])
    if (mode !== 'wal' && mode !== 'memory')
      throw new Error(`the file system does not allow a write-ahead log (journal mode ${mode})`)
    // SQLite compares keys by their UTF-8 bytes. Without a rowid, values are in the index itself: one look-up, not two.
    database.exec('CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID')
    return { database, ...prepare(database) }
  } catch (cause) {
    database?.close()
    throw new KasperError('STORE_FAILED', `cannot open the SQLite database ${path}: ${openingReasonOf(cause, path)}`, {
      cause,
      retriable: isRetriable(cause),
    })
  }
}

function prepare(database: DatabaseSync): Omit<OpenDatabase, 'database'> {
  const statements = {
    get: database.prepare('SELECT value FROM entries WHERE key = ?'),
    // One statement for any number of keys. Its rows have the positions of the keys, which are cheaper to read than the keys.
    getAll: database.prepare(
      'SELECT asked.key, entries.value FROM json_each(?) AS asked CROSS JOIN entries ON entries.key = asked.value',
    ),
    put: database.prepare('INSERT INTO entries VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value'),
    delete: database.prepare('DELETE FROM entries WHERE key = ?'),
    // Keys are read as blobs, because Deno cuts text at U+0000.
    listFrom: database.prepare('SELECT CAST(key AS BLOB), value FROM entries WHERE key >= ? ORDER BY key'),
    listFromTo: database.prepare('SELECT CAST(key AS BLOB), value FROM entries WHERE key >= ? AND key < ? ORDER BY key'),
  }
  for (const statement of [statements.getAll, statements.listFrom, statements.listFromTo]) statement.setReturnArrays(true)
  return statements
}
