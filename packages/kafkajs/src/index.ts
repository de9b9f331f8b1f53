export type { KafkajsOptions } from './client.ts'
export { clientFromEnvironment, kafkajs } from './client.ts'
