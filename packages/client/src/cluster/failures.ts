// What is made of a request that failed: tried again, joined again, or said in Kasper's terms.
import {
  describePartition,
  type ErrorCode,
  KasperError,
  type KasperErrorDetails,
  messageOf,
  type TopicPartitionOffset,
} from '@kasper/core'
import { ClusterError } from './cluster.ts'

/** The broker's error code by name, if it is one. */
export function brokerErrorOf(error: unknown): string | undefined {
  return error instanceof ClusterError ? error.type : undefined
}

const REFUSED = ['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE']

/**
 * Whether somebody does not accept the other's login or certificate: a broker by its error code, or TLS by its own.
 * @param type the broker's error code by name
 * @param code the socket's error code
 */
export function isRefusedLogin(type: unknown, code: unknown, message: string): boolean {
  return REFUSED.includes(String(type)) || /CERT|ALERT/.test(String(code)) || /certificate|alert number/i.test(message)
}

const FENCED = ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID']

/** Whether the group went on without this member, or is just doing so. */
export function isFenced(error: unknown): boolean {
  return FENCED.includes(brokerErrorOf(error) ?? '')
}

const TRANSIENT = [
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'CORRUPT_MESSAGE',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REQUEST_TIMED_OUT',
  'BROKER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'NOT_CONTROLLER',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'UNSTABLE_OFFSET_COMMIT',
  // Right after a topic is created some brokers don't know it yet; who knows better rules it out before asking.
  'UNKNOWN_TOPIC_OR_PARTITION',
]

/** Whether trying again may help: the cluster is changing, or a connection broke. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof ClusterError)) return false
  return error.kind === 'connection' || TRANSIENT.includes(error.type ?? '')
}

/** Of a fetch: records that are not as they were written. Another attempt helps where that happened on their way. */
export function damagedRecords(position: TopicPartitionOffset, cause: Error): ClusterError {
  const where = `${describePartition(position)} at offset ${position.offset}`
  return new ClusterError('broker', `the records of ${where} are damaged: ${cause.message}`, { type: 'CORRUPT_MESSAGE', cause })
}

const BY_TYPE: Readonly<Record<string, ErrorCode>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'TOPIC_UNKNOWN',
  INVALID_TOPIC_EXCEPTION: 'TOPIC_UNKNOWN',
  TOPIC_ALREADY_EXISTS: 'TOPIC_EXISTS',
  MESSAGE_TOO_LARGE: 'MESSAGE_TOO_LARGE',
  RECORD_LIST_TOO_LARGE: 'MESSAGE_TOO_LARGE',
  NON_EMPTY_GROUP: 'GROUP_NOT_EMPTY',
  INCONSISTENT_GROUP_PROTOCOL: 'CONFIG_INVALID',
  INVALID_SESSION_TIMEOUT: 'CONFIG_INVALID',
  INVALID_GROUP_ID: 'CONFIG_INVALID',
  INVALID_CONFIG: 'CONFIG_INVALID',
  INVALID_PARTITIONS: 'CONFIG_INVALID',
  INVALID_REPLICATION_FACTOR: 'CONFIG_INVALID',
  UNSUPPORTED_COMPRESSION_TYPE: 'CONFIG_INVALID',
  TOPIC_AUTHORIZATION_FAILED: 'AUTHENTICATION_FAILED',
  GROUP_AUTHORIZATION_FAILED: 'AUTHENTICATION_FAILED',
  CLUSTER_AUTHORIZATION_FAILED: 'AUTHENTICATION_FAILED',
}

const HINTS: Partial<Record<ErrorCode, string>> = {
  AUTHENTICATION_FAILED: 'check the user, the password, the certificates, and what the broker allows this user to do',
  BROKER_UNREACHABLE: 'check the addresses, the network, and whether that listener wants TLS or a login',
}

/** What went wrong, in Kasper's terms; `fallback` where nothing more is known. */
export function codeOf(error: unknown, fallback: ErrorCode): ErrorCode {
  if (error instanceof KasperError) return error.code
  if (!(error instanceof ClusterError)) return fallback
  if (error.kind === 'login') return 'AUTHENTICATION_FAILED'
  if (error.kind === 'connection') return 'BROKER_UNREACHABLE'
  if (error.kind === 'unsupported') return 'CONFIG_INVALID'
  if (isFenced(error)) return 'FENCED'
  return BY_TYPE[error.type ?? ''] ?? fallback
}

/** A failure as Kasper's error: what was being done, what went wrong, what to check. Kasper's own come back as they are. */
export function asKasperError(error: unknown, doing: string, fallback: ErrorCode, details: KasperErrorDetails = {}): KasperError {
  if (error instanceof KasperError) return error
  const code = codeOf(error, fallback)
  const hint = HINTS[code]
  const { topic, partition, offset } = details
  return new KasperError(code, `${doing}: ${messageOf(error)}${hint === undefined ? '' : ` (${hint})`}`, {
    topic,
    partition,
    offset,
    cause: error,
  })
}

export function topicUnknown(topics: readonly string[]): KasperError {
  const subject = topics.length === 1 ? `topic ${topics[0]} does` : `topics ${topics.join(', ')} do`
  return new KasperError(
    'TOPIC_UNKNOWN',
    `${subject} not exist: create ${topics.length === 1 ? 'it' : 'them'} first, or correct the name`,
    { topic: topics[0] },
  )
}
