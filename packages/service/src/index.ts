export * from './run-service.ts'
export * from './serve.ts'
