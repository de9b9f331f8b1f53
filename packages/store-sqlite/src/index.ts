export type { SqliteOptions } from './database.ts'
export { MultiSqliteStore } from './multi-sqlite-store.ts'
export { SqliteStore } from './sqlite-store.ts'
