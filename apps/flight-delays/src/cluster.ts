import type { KafkaClient } from '@kasper/core'

/** The Kafka that the demo runs on. */
export interface Cluster {
  readonly client: KafkaClient
  readonly name: string
  /** Whether it ends with this process, and all its topics with it. */
  readonly embedded: boolean
}

/** The embedded Kafka, or a real cluster where the environment names one. Only what is needed is loaded. */
export async function openCluster(env: Readonly<Record<string, string | undefined>>): Promise<Cluster> {
  if (!env['KAFKA_BROKERS'] && !env['KAFKA_URL']) {
    const { MemoryKafka } = await import('@kasper/testing')
    return { client: new MemoryKafka().client(), name: 'the embedded Kafka', embedded: true }
  }
  const { clientFromEnvironment } = await import('@kasper/kafkajs')
  const prefix = env['KAFKA_PREFIX'] ? `, topics beginning with ${env['KAFKA_PREFIX']}` : ''
  return { client: clientFromEnvironment(env), name: `${env['KAFKA_BROKERS'] || env['KAFKA_URL']}${prefix}`, embedded: false }
}
