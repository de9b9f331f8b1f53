import type { ErrorCode, KasperErrorDetails } from '@kasper/core'
import { KasperError, messageOf } from '@kasper/core'

/** What kafkajs's own errors carry, beside their message. */
interface KafkajsError extends Error {
  /** The broker's error code by name, where a broker said so: `NOT_LEADER_FOR_PARTITION`, … */
  readonly type?: unknown
  /** Of the socket's error: `ECONNREFUSED`, `DEPTH_ZERO_SELF_SIGNED_CERT`, … */
  readonly code?: unknown
  /** Of the error that collects those of several topics. */
  readonly errors?: readonly unknown[]
}

/** The broker's error code by name, wherever in the chain of causes it is. */
export function brokerErrorOf(error: unknown): string | undefined {
  for (const { type } of chain(error)) if (typeof type === 'string') return type
  return undefined
}

const FENCED = ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID']

/** Whether the group went on without this member, or is just doing so. */
export function isFenced(error: unknown): boolean {
  return FENCED.includes(brokerErrorOf(error) ?? '')
}

const MOVED = ['NOT_COORDINATOR_FOR_GROUP', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'GROUP_LOAD_IN_PROGRESS']

const TRANSIENT = [
  ...MOVED,
  'CORRUPT_MESSAGE',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
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
  const type = brokerErrorOf(error)
  if (type !== undefined) return TRANSIENT.includes(type)
  return isConnectionError(error) && !isRefusedLogin(error)
}

const CONNECTION_ERRORS = [
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSLockTimeout',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
]

function isConnectionError(error: unknown): boolean {
  return chain(error).some(({ name }) => CONNECTION_ERRORS.includes(name))
}

const REFUSED = ['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE']
const FORBIDDEN = ['TOPIC_AUTHORIZATION_FAILED', 'GROUP_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED']

function isRefusedLogin(error: unknown): boolean {
  return chain(error).some(
    ({ name, type, code, message }) =>
      name === 'KafkaJSSASLAuthenticationError' ||
      REFUSED.includes(String(type)) ||
      /CERT|ALERT/.test(String(code)) ||
      /certificate|alert number/i.test(message),
  )
}

const BY_BROKER_ERROR: Readonly<Record<string, ErrorCode>> = {
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
}

const HINTS: Partial<Record<ErrorCode, string>> = {
  AUTHENTICATION_FAILED: 'check the user, the password, the certificates, and what the broker allows this user to do',
  BROKER_UNREACHABLE: 'check the addresses, the network, and whether that listener wants TLS or a login',
}

const PLUG_IN = "plug a codec into kafkajs's CompressionCodecs"

/** What went wrong, in Kasper's terms; `fallback` where nothing more is known. */
export function codeOf(error: unknown, fallback: ErrorCode): ErrorCode {
  if (error instanceof KasperError) return error.code
  if (isRefusedLogin(error)) return 'AUTHENTICATION_FAILED'
  const type = brokerErrorOf(error)
  if (type !== undefined) {
    if (FORBIDDEN.includes(type)) return 'AUTHENTICATION_FAILED'
    if (isFenced(error)) return 'FENCED'
    return BY_BROKER_ERROR[type] ?? fallback
  }
  if (chain(error).some(({ name }) => name === 'KafkaJSNotImplemented')) return 'CONFIG_INVALID'
  return isConnectionError(error) ? 'BROKER_UNREACHABLE' : fallback
}

/** kafkajs's error as Kasper's: what was being done, what went wrong, what to check. Kasper's own come back as they are. */
export function asKasperError(error: unknown, doing: string, fallback: ErrorCode, details: KasperErrorDetails = {}): KasperError {
  if (error instanceof KasperError) return error
  const code = codeOf(error, fallback)
  const root = chain(error).at(-1)
  const hint = root?.name === 'KafkaJSNotImplemented' ? PLUG_IN : HINTS[code]
  return new KasperError(code, `${doing}: ${messageOf(root ?? error)}${hint === undefined ? '' : ` (${hint})`}`, {
    ...details,
    cause: error,
  })
}

/** The error, what caused it, and so on; of a collection, the first. */
function chain(error: unknown): readonly KafkajsError[] {
  const found: KafkajsError[] = []
  for (let next = error; next instanceof Error && !found.includes(next);) {
    found.push(next)
    const { errors } = next as KafkajsError
    next = next.cause ?? errors?.[0]
  }
  return found
}
