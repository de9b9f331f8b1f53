export { CassandraStore } from './cassandra-store.ts'
export * from './multi-cassandra-store.ts'
export type { CassandraStoreOptions } from './options.ts'
