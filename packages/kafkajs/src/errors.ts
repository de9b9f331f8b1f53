// Translates the errors of kafkajs to those of @kasper/client/cluster.
import { ClusterError, isRefusedLogin } from '@kasper/client/cluster'
import { errorChain } from '@kasper/core/adapter'
import { MissingCodecError } from '@kasper/protocol'
import type { MemberIdGiven } from './mend-connections.ts'

/** The properties of kafkajs's errors. */
interface KafkajsError extends Error {
  /** The name of the broker's error code, if a broker answered with one: `NOT_LEADER_FOR_PARTITION`, … */
  readonly type?: unknown
  /** The code of the socket's error: `ECONNREFUSED`, `DEPTH_ZERO_SELF_SIGNED_CERT`, … */
  readonly code?: unknown
}

/** Error codes to which kafkajs gives other names than Kafka. */
const KAFKA_NAMES: Readonly<Record<string, string>> = {
  NOT_LEADER_FOR_PARTITION: 'NOT_LEADER_OR_FOLLOWER',
  NOT_COORDINATOR_FOR_GROUP: 'NOT_COORDINATOR',
  GROUP_COORDINATOR_NOT_AVAILABLE: 'COORDINATOR_NOT_AVAILABLE',
  GROUP_LOAD_IN_PROGRESS: 'COORDINATOR_LOAD_IN_PROGRESS',
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

const PLUG_IN = "plug a codec into kafkajs's CompressionCodecs"

/** The `ClusterError` for an error that a request rejected with. Any other value is returned as it is. */
export function clusterErrorOf(error: unknown): unknown {
  if (error instanceof ClusterError) return error
  if (error instanceof MissingCodecError) {
    const { compression } = error
    return new ClusterError('unsupported', `this runtime has no ${compression}: Node has it from 22.15 on, or ${PLUG_IN}`, {
      cause: error,
    })
  }
  const causes: readonly KafkajsError[] = errorChain(error)
  const root = causes.at(-1)
  if (root === undefined) return error
  const { message } = root
  const isLogin = causes.some(
    (it) => it.name === 'KafkaJSSASLAuthenticationError' || isRefusedLogin(it.type, it.code, it.message),
  )
  if (isLogin) return new ClusterError('login', message, { cause: error })
  const answer = causes.find(({ type }) => typeof type === 'string')
  if (answer !== undefined) {
    const type = String(answer.type)
    const { memberId } = answer as MemberIdGiven
    return new ClusterError('broker', message, { type: KAFKA_NAMES[type] ?? type, memberId, cause: error })
  }
  if (causes.some(({ name }) => name === 'KafkaJSNotImplemented'))
    return new ClusterError('unsupported', `${message} (${PLUG_IN})`, { cause: error })
  if (causes.some(({ name }) => CONNECTION_ERRORS.includes(name)))
    return new ClusterError('connection', message, { cause: error })
  return error
}
