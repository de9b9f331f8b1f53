export type { PlatformaticConfig, PlatformaticOptions } from './client.ts'
export { clientFromEnvironment, platformatic } from './client.ts'
