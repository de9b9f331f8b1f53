export { type Runnable, runService, type ServiceOptions } from './run-service.ts'
export { type Handler, type RunningServer, serve, type ServeOptions } from './serve.ts'
