import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { KafkaClient } from '@kasper/core'
import { clientFromEnvironment } from '@kasper/kafkajs'
import { platformatic } from '@kasper/platformatic'

/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The Kafka that the demo runs on. */
export interface Cluster {
  readonly client: KafkaClient
  readonly name: string
  /** Whether the cluster and its topics end with this process. */
  readonly embedded: boolean
}

/** A real cluster if the environment names one, else the embedded Kafka. Both are reached over TCP. */
export async function openCluster(env: Environment): Promise<Cluster> {
  if (!env['KAFKA_BROKERS'] && !env['KAFKA_URL']) return startEmbedded()
  const prefix = env['KAFKA_PREFIX'] ? `, topics beginning with ${env['KAFKA_PREFIX']}` : ''
  return { client: clientFromEnvironment(env), name: `${env['KAFKA_BROKERS'] || env['KAFKA_URL']}${prefix}`, embedded: false }
}

/** Starts the embedded Kafka in a worker thread, so that it and the client each have a core. It ends with the process. */
async function startEmbedded(): Promise<Cluster> {
  const worker = new Worker(new URL('embedded-kafka.ts', import.meta.url))
  const [address] = (await once(worker, 'message')) as [string]
  worker.unref()
  // The topics are in memory. Compressed, they take a sixth of it.
  const client = platformatic({ bootstrapBrokers: [address] }, { compression: 'zstd' })
  return { client, name: `the embedded Kafka at ${address}`, embedded: true }
}
