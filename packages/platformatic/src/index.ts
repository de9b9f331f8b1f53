export { clientFromEnvironment, platformatic, type PlatformaticOptions } from './client.ts'
export type { PlatformaticConfig } from './connections.ts'
