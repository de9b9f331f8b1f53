export { lz4 } from './lz4.ts'
export { snappy } from './snappy.ts'
export * from './zlib-codecs.ts'
