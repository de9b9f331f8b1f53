export type { PlatformaticConfig, PlatformaticOptions } from './client.ts'
export { platformatic } from './client.ts'
