// Requests that fail: the errors of the port, whether repeating a request may help, and the errors that users get.
import { type ErrorCode, KasperError, type KasperErrorDetails } from '@kasper/core'
import { messageOf } from '@kasper/core/adapter'

/**
 * - `broker`: a broker answered with an error code
 * - `connection`: no broker could be reached, or the connection broke; repeating the request may help
 * - `login`: the certificates or credentials are not accepted
 * - `unsupported`: the library cannot do this
 */
export type ClusterErrorKind = 'broker' | 'connection' | 'login' | 'unsupported'

export interface ClusterErrorDetails {
  /** The name of the error code in Kafka's protocol: `NOT_LEADER_OR_FOLLOWER`, … */
  readonly type?: string | undefined
  /** With `MEMBER_ID_REQUIRED`: the id to join with. */
  readonly memberId?: string | undefined
  readonly cause?: unknown
}

/** A request that failed. */
export class ClusterError extends Error {
  override readonly name: string = 'ClusterError'
  readonly kind: ClusterErrorKind
  readonly type: string | undefined
  readonly memberId: string | undefined

  constructor(kind: ClusterErrorKind, message: string, { type, memberId, cause }: ClusterErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.type = type
    this.memberId = memberId
  }
}

/** The name of the broker's error code. `undefined` if the error is not from a broker. */
export function brokerErrorOf(error: unknown): string | undefined {
  return error instanceof ClusterError ? error.type : undefined
}

const REFUSED_LOGINS = ['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE']

/**
 * Whether the broker refuses the client's login, or TLS refuses a certificate.
 * @param type the name of the broker's error code
 * @param code the socket's error code
 */
export function isRefusedLogin(type: unknown, code: unknown, message: string): boolean {
  return REFUSED_LOGINS.includes(String(type)) || /CERT|ALERT/.test(String(code)) || /certificate|alert number/i.test(message)
}

const FENCED = ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID']

/** Whether the group has moved on without this member, or is about to. */
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
  // Right after a topic is created, some brokers do not know it yet. Callers first make sure that the topic exists.
  'UNKNOWN_TOPIC_OR_PARTITION',
]

/** Whether repeating the request may help, because the cluster is changing or a connection broke. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof ClusterError)) return false
  return error.kind === 'connection' || TRANSIENT.includes(error.type ?? '')
}

const CODES_BY_TYPE: Readonly<Record<string, ErrorCode>> = {
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

const HINTS: Readonly<Record<string, string>> = {
  AUTHENTICATION_FAILED: 'check the user, the password, the certificates, and what the broker allows this user to do',
  BROKER_UNREACHABLE: 'check the addresses, the network, and whether that listener wants TLS or a login',
}

/**
 * Kasper's error code for a failure.
 * @param fallback the code of failures that have no code of their own
 */
export function codeOf(error: unknown, fallback: ErrorCode): ErrorCode {
  if (error instanceof KasperError) return error.code
  if (!(error instanceof ClusterError)) return fallback
  if (error.kind === 'login') return 'AUTHENTICATION_FAILED'
  if (error.kind === 'connection') return 'BROKER_UNREACHABLE'
  if (error.kind === 'unsupported') return 'CONFIG_INVALID'
  if (isFenced(error)) return 'FENCED'
  return CODES_BY_TYPE[error.type ?? ''] ?? fallback
}

/**
 * A failure as a `KasperError`, which says what failed, why, and what to check. A `KasperError` is returned as it is.
 * @param failed what failed, such as `cannot list offsets`
 * @param fallback the code of failures that have no code of their own
 */
export function asKasperError(
  error: unknown,
  failed: string,
  fallback: ErrorCode,
  { topic, partition, offset }: KasperErrorDetails = {},
): KasperError {
  if (error instanceof KasperError) return error
  const code = codeOf(error, fallback)
  const hint = HINTS[code]
  return new KasperError(code, `${failed}: ${messageOf(error)}${hint === undefined ? '' : ` (${hint})`}`, {
    topic,
    partition,
    offset,
    cause: error,
    // A code that says more than the name of a stage also says whether trying again may help.
    retriable: code === fallback ? isTransient(error) : undefined,
  })
}

/** The error about topics that do not exist. It names all of them. */
export function topicUnknown(topics: readonly string[]): KasperError {
  const subject = topics.length === 1 ? `topic ${topics[0]} does` : `topics ${topics.join(', ')} do`
  return new KasperError(
    'TOPIC_UNKNOWN',
    `${subject} not exist: create ${topics.length === 1 ? 'it' : 'them'} first, or correct the name`,
    { topic: topics[0] },
  )
}
