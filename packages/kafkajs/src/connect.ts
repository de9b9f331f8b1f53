// What we use of kafkajs: its cluster (brokers, metadata, coordinators) and its brokers' requests, with their connections, TLS,
// SASL, protocol versions and retries. Not its consumer and producer, which cannot keep the port's promises: the consumer knows
// no revoke that is waited for, commits "reset" offsets over good ones, and resolves commits that it never sent; the producer
// drops messages silently for partitions that it does not know, and when a leader moves in the middle of a send.
import net from 'node:net'
import tls from 'node:tls'
import type { Logger } from '@kasper/core'
import { asKasperError } from '@kasper/client/cluster'
import type {
  Broker,
  Cluster,
  GroupMember,
  GroupMemberAssignment,
  GroupState,
  ISocketFactoryArgs,
  ITopicConfig,
  KafkaConfig,
  RetryOptions,
} from 'kafkajs'
import kafkajs from 'kafkajs'
import { mendConnections } from './connections.ts'
import { clusterErrorOf } from './failures.ts'
import { logThrough } from './log.ts'

/** A broker's requests. kafkajs's types leave out those of groups and topics, which its brokers have all the same. */
export interface KafkajsBroker extends Broker {
  joinGroup(request: {
    groupId: string
    sessionTimeout: number
    rebalanceTimeout: number
    memberId: string
    groupProtocols: readonly GroupState[]
  }): Promise<{
    generationId: number
    groupProtocol: string
    leaderId: string
    memberId: string
    members: readonly GroupMember[]
  }>
  syncGroup(request: {
    groupId: string
    generationId: number
    memberId: string
    groupAssignment: readonly GroupMemberAssignment[]
  }): Promise<{ memberAssignment: Buffer }>
  heartbeat(request: { groupId: string; groupGenerationId: number; memberId: string }): Promise<unknown>
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>
  listOffsets(request: {
    replicaId: number
    isolationLevel: number
    topics: readonly {
      readonly topic: string
      readonly partitions: readonly { readonly partition: number; readonly timestamp: string }[]
    }[]
  }): Promise<{
    responses: readonly {
      readonly topic: string
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[]
    }[]
  }>
  createTopics(request: { topics: readonly ITopicConfig[]; timeout: number }): Promise<unknown>
  deleteTopics(request: { topics: readonly string[]; timeout: number }): Promise<unknown>
}

/** kafkajs's view of the cluster. */
export interface KafkajsInner extends Cluster {
  findBroker(node: { nodeId: string }): Promise<KafkajsBroker>
  findGroupCoordinator(group: { groupId: string }): Promise<KafkajsBroker & { readonly nodeId: number }>
  /** The topics whose metadata a refresh asks for. One that no longer exists fails it. */
  readonly targetTopics: Set<string>
  readonly brokerPool: { readonly metadata?: { readonly controllerId: number } | null }
}

/** A cluster with open connections, and the means to end them at once. */
export interface OpenConnections {
  readonly cluster: KafkajsInner
  /** Cuts all connections; requests under way fail. Idempotent. */
  close(): Promise<void>
}

/** kafkajs gives a connection one second, too little for a TLS handshake with a busy broker. */
const CONNECTION_TIMEOUT_MS = 5000
/** Six seconds in all. kafkajs by itself doubles its rests up to half a minute, and so sleeps on when a broker is back. */
const RETRY: RetryOptions = { initialRetryTime: 200, maxRetryTime: 1000, retries: 8 }

/** Connects. Rejects with `BROKER_UNREACHABLE` after kafkajs's retries (`retry` in its configuration), or `AUTHENTICATION_FAILED`. */
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
      if (closed) throw new Error('the client was closed') // kafkajs may be trying again all the while.
      const socket = createSocket(args)
      sockets.add(socket)
      socket.once('close', () => {
        sockets.delete(socket)
        // kafkajs does that again each time that it disconnects, and Node keeps it in mind for a connection that never comes.
        socket.unref = () => socket
      })
      return socket
    },
  })
  const cluster = clusterOf(kafka)
  mendConnections(cluster)

  const close = async (): Promise<void> => {
    closed = true
    for (const socket of sockets) socket.destroy(new Error('the client was closed'))
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

/** kafkajs hands its cluster to partition assigners, when it makes a consumer. The consumer itself is never run. */
function clusterOf(kafka: InstanceType<typeof kafkajs.Kafka>): KafkajsInner {
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
  return cluster as KafkajsInner
}

/** As kafkajs's own default, which it does not export. */
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
