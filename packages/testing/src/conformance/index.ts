export * from './case.ts'
export * from './logger.ts'
export * from './metrics.ts'
