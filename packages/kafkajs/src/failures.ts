// What kafkajs throws, in the terms of @kasper/core/cluster.
import { ClusterError, isRefusedLogin } from '@kasper/client/cluster'
import { MissingCodecError } from '@kasper/protocol'
import type { MemberIdGiven } from './connections.ts'

/** What kafkajs's own errors carry, beside their message. */
interface KafkajsError extends Error {
  /** The broker's error code by name, where a broker said so: `NOT_LEADER_FOR_PARTITION`, … */
  readonly type?: unknown
  /** Of the socket's error: `ECONNREFUSED`, `DEPTH_ZERO_SELF_SIGNED_CERT`, … */
  readonly code?: unknown
  /** Of the error that collects those of several topics. */
  readonly errors?: readonly unknown[]
}

/** What kafkajs calls otherwise than Kafka does. */
const KAFKAS_NAMES: Readonly<Record<string, string>> = {
  NOT_LEADER_FOR_PARTITION: 'NOT_LEADER_OR_FOLLOWER',
  NOT_COORDINATOR_FOR_GROUP: 'NOT_COORDINATOR',
  GROUP_COORDINATOR_NOT_AVAILABLE: 'COORDINATOR_NOT_AVAILABLE',
  GROUP_LOAD_IN_PROGRESS: 'COORDINATOR_LOAD_IN_PROGRESS',
}

const PLUG_IN = "plug a codec into kafkajs's CompressionCodecs"

/** What a request rejected with. What is nobody's failure but a bug comes back as it is. */
export function clusterErrorOf(error: unknown): unknown {
  if (error instanceof ClusterError) return error
  if (error instanceof MissingCodecError) {
    const { compression } = error
    return new ClusterError('unsupported', `this runtime has no ${compression}: Node has it from 22.15 on, or ${PLUG_IN}`, {
      cause: error,
    })
  }
  const causes = chain(error)
  const root = causes.at(-1)
  if (root === undefined) return error
  const { message } = root
  const isLogin = causes.some(
    ({ name, type, code, message }) => name === 'KafkaJSSASLAuthenticationError' || isRefusedLogin(type, code, message),
  )
  if (isLogin) return new ClusterError('login', message, { cause: error })
  const answer = causes.find(({ type }) => typeof type === 'string')
  if (answer !== undefined) {
    const type = String(answer.type)
    const { memberId } = answer as MemberIdGiven
    return new ClusterError('broker', message, { type: KAFKAS_NAMES[type] ?? type, memberId, cause: error })
  }
  if (causes.some(({ name }) => name === 'KafkaJSNotImplemented'))
    return new ClusterError('unsupported', `${message} (${PLUG_IN})`, { cause: error })
  if (causes.some(({ name }) => CONNECTION_ERRORS.includes(name)))
    return new ClusterError('connection', message, { cause: error })
  return error
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
