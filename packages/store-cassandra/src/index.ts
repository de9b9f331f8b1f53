export { CassandraStore } from './cassandra-store.ts'
export { MultiCassandraStore } from './multi-cassandra-store.ts'
export type { CassandraStoreOptions } from './options.ts'
