export type { SqliteOptions } from './database.ts'
export * from './multi-sqlite-store.ts'
export * from './sqlite-store.ts'
