import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { KafkaClient } from '@kasper/core'
import { clientFromEnvironment } from '@kasper/kafkajs'
import { platformatic } from '@kasper/platformatic'

/** The Kafka that the demo runs on. */
export interface Cluster {
  readonly client: KafkaClient
  readonly name: string
  /** Whether it ends with this process, and all its topics with it. */
  readonly embedded: boolean
}

/** The embedded Kafka, or a real cluster where the environment names one. Either is reached over the network. */
export async function openCluster(env: Readonly<Record<string, string | undefined>>): Promise<Cluster> {
  if (!env['KAFKA_BROKERS'] && !env['KAFKA_URL']) return startEmbedded()
  const prefix = env['KAFKA_PREFIX'] ? `, topics beginning with ${env['KAFKA_PREFIX']}` : ''
  return { client: clientFromEnvironment(env), name: `${env['KAFKA_BROKERS'] || env['KAFKA_URL']}${prefix}`, embedded: false }
}

/** In a thread of its own, so that it and its client have a core each. It ends with the process. */
async function startEmbedded(): Promise<Cluster> {
  const worker = new Worker(new URL('embedded-kafka.ts', import.meta.url))
  const [address] = (await once(worker, 'message')) as [string]
  worker.unref()
  // Its topics are in memory, and compressed they are a sixth as large.
  const client = platformatic({ bootstrapBrokers: [address] }, { compression: 'zstd' })
  return { client, name: `the embedded Kafka at ${address}`, embedded: true }
}
