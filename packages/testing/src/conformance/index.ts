export * from './case.ts'
