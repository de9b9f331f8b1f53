// Runs the conformance suites for stores and multi-stores on the current runtime, without a test runner.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { multiStoreConformance, runConformance, storeConformance } from '@kasper/testing/conformance'
import { MultiSqliteStore, SqliteStore } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'kasper-sqlite-'))
let files = 0
const newFile = (): string => join(folder, `${++files}.db`)

const store = await runConformance(storeConformance, {
  context() {
    const path = newFile()
    let store = new SqliteStore(path)
    const close = async (): Promise<void> => store.close()
    const reopen = async (): Promise<SqliteStore> => {
      store.close()
      return (store = new SqliteStore(path))
    }
    return { store, close, reopen }
  },
  dispose: ({ close }) => close?.(),
})
const multiStore = await runConformance(multiStoreConformance, {
  context() {
    const store = new MultiSqliteStore(newFile())
    return { store, close: async () => store.close() }
  },
  dispose: ({ close }) => close?.(),
})
rmSync(folder, { recursive: true })
process.exitCode = store.failed + multiStore.failed === 0 ? 0 : 1
