export type { KafkajsOptions } from './client.ts'
export { clientFromEnvironment, kafkajs } from './client.ts'
export type { Environment } from './environment.ts'
