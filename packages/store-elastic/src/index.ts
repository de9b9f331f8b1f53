export { ElasticStore, type ElasticStoreOptions } from './elastic-store.ts'
export { MultiElasticStore, type MultiElasticStoreOptions } from './multi-elastic-store.ts'
export type { ElasticOptions } from './options.ts'
export { ElasticWriteError, type FailedKey, type WrittenKey } from './write-error.ts'
