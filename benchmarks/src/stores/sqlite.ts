import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SqliteStore, type SqliteOptions } from '@kasper/store-sqlite'
import type { Contest } from './contest.ts'

export function sqliteContest(synchronous: NonNullable<SqliteOptions['synchronous']>): Contest {
  const folder = mkdtempSync(join(tmpdir(), 'kasper-bench-'))
  const store = new SqliteStore(join(folder, 'store.db'), { synchronous })
  // A second file, so that neither contender makes the file of the other grow.
  const database = new DatabaseSync(join(folder, 'raw.db'))
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`)
  database.exec('CREATE TABLE entries (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID')
  const get = database.prepare('SELECT value FROM entries WHERE key = ?')
  const put = database.prepare('INSERT INTO entries VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
  return {
    name: `SQLite, synchronous = ${synchronous}`,
    store,
    raw: {
      calls: { getAll: 'SELECT, prepared, in a transaction', putAll: 'upsert, prepared, in a transaction' },
      name: (key) => key,
      async getAll(names) {
        database.exec('BEGIN')
        const values = names.map((name) => get.get(name)?.['value'])
        database.exec('COMMIT')
        return values
      },
      async putAll(names, values) {
        database.exec('BEGIN IMMEDIATE')
        for (const [i, name] of names.entries()) put.run(name, values[i]!)
        database.exec('COMMIT')
      },
    },
    close() {
      store.close()
      database.close()
      rmSync(folder, { recursive: true })
    },
  }
}
