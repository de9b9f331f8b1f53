export * from './case.ts'
export * from './logger.ts'
