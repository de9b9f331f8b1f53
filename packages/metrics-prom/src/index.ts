export * from './handler.ts'
export * from './metrics.ts'
