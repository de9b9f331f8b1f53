import net from 'node:net'
import tls from 'node:tls'
import type { Logger } from '@kasper/core'
import { asKasperError } from '@kasper/client/cluster'
import type { Cluster, ISocketFactoryArgs, KafkaConfig, RetryOptions } from 'kafkajs'
import kafkajs from 'kafkajs'
import { clusterErrorOf } from './errors.ts'
import type { KafkajsCluster } from './kafkajs-internals.ts'
import { logThrough } from './log.ts'
import { mendConnections } from './mend-connections.ts'

/** A cluster with open connections. */
export interface OpenConnections {
  readonly cluster: KafkajsCluster
  /** Closes all connections at once. Requests under way fail. Idempotent. */
  close(): Promise<void>
}

/** kafkajs gives a connection one second, which is too short for a TLS handshake with a busy broker. */
const CONNECTION_TIMEOUT_MS = 5000
/** Six seconds in all. kafkajs's own rests grow to half a minute, so it would still rest when a broker is back. */
const RETRY: RetryOptions = { initialRetryTime: 200, maxRetryTime: 1000, retries: 8 }

/** Connects. Rejects with `BROKER_UNREACHABLE` after kafkajs's retries (`retry` in its configuration), or with `AUTHENTICATION_FAILED`. */
export async function openConnections(config: KafkaConfig, logger: Logger | undefined): Promise<OpenConnections> {
  let closed = false
  const sockets = new Set<net.Socket>()
  const createSocket = config.socketFactory ?? connect
  const kafka = new kafkajs.Kafka({
    clientId: 'kasper',
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    retry: { ...RETRY, ...config.retry },
    logCreator: (level) => {
      const log = (config.logCreator ?? logThrough(logger))(level)
      return (entry) => {
        if (!closed) log(entry)
      }
    },
    ...withoutUndefined(config, ['socketFactory', 'logCreator', 'retry']),
    socketFactory: (args) => {
      if (closed) throw new Error('the client is closed') // kafkajs may still retry.
      const socket = createSocket(args)
      sockets.add(socket)
      socket.once('close', () => {
        sockets.delete(socket)
        // kafkajs calls unref each time that it disconnects. On a closed socket, Node keeps a listener for each call.
        socket.unref = () => socket
      })
      return socket
    },
  })
  const cluster = clusterOf(kafka)
  mendConnections(cluster)

  const close = async (): Promise<void> => {
    closed = true
    for (const socket of sockets) socket.destroy(new Error('the client is closed'))
    await cluster.disconnect()
  }
  try {
    await cluster.connect()
  } catch (error) {
    await close().catch(() => {})
    throw asKasperError(clusterErrorOf(error), `cannot connect to ${describeBrokers(config)}`, 'BROKER_UNREACHABLE')
  }
  return { cluster, close }
}

/** kafkajs passes its cluster to partition assigners when it makes a consumer. The consumer itself never runs. */
function clusterOf(kafka: InstanceType<typeof kafkajs.Kafka>): KafkajsCluster {
  let cluster: Cluster | undefined
  kafka.consumer({
    groupId: 'unused',
    allowAutoTopicCreation: false,
    partitionAssigners: [
      (given) => {
        cluster = given.cluster
        return {
          name: 'unused',
          version: 0,
          assign: () => Promise.resolve([]),
          protocol: () => ({ name: 'unused', metadata: Buffer.alloc(0) }),
        }
      },
    ],
  })
  return cluster as KafkajsCluster
}

/** The same as kafkajs's default, which it does not export. */
function connect({ host, port, ssl, onConnect }: ISocketFactoryArgs): net.Socket {
  const socket = ssl
    ? tls.connect({ host, port, ...(net.isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
    : net.connect({ host, port }, onConnect)
  socket.setKeepAlive(true, 60_000)
  return socket
}

function withoutUndefined(config: KafkaConfig, omitted: readonly (keyof KafkaConfig)[]): KafkaConfig {
  const entries = Object.entries(config).filter(
    ([key, value]) => value !== undefined && !omitted.includes(key as keyof KafkaConfig),
  )
  return Object.fromEntries(entries) as unknown as KafkaConfig
}

function describeBrokers({ brokers }: KafkaConfig): string {
  return Array.isArray(brokers) ? brokers.join(', ') : 'the brokers that config.brokers() names'
}
