// The meaning of the errors of the driver and of Cassandra.
import type { Client } from 'cassandra-driver'
import { messageOf } from '@kasper/core/adapter'
import { isClosed } from './cassandra-client.ts'

interface DriverError {
  readonly name?: string
  /** A number if Cassandra answered with an error, a text if the socket failed. */
  readonly code?: number | string
  readonly message: string
  /** Of a request that failed on every node: the error of each by address; `null` if the driver has no connection to it. */
  readonly innerErrors?: Readonly<Record<string, DriverError | null>>
}

// Error codes of Cassandra's protocol.
const UNAVAILABLE = 0x1000
const WRITE_TIMEOUT = 0x1100
const WRITE_FAILURE = 0x1500
const SYNTAX_ERROR = 0x2000
const INVALID = 0x2200
const UNPREPARED = 0x2500

/** Why a request failed, in one sentence. */
export function reasonOf(error: unknown, client: Client): string {
  if (isClosed(client)) return 'the client is shut down'
  const { innerErrors } = error as DriverError
  // The driver's own message, "All host(s) tried for query failed", does not say why.
  const reasons = new Set(Object.values(innerErrors ?? {}).map((inner) => (inner ? messageOf(inner) : 'no connection')))
  if (reasons.size > 0) return [...reasons].join('; ')
  return innerErrors === undefined ? messageOf(error) : 'no node is up'
}

/** Whether the same request may succeed later. */
export function isRetriable(error: unknown): boolean {
  const { name, code, message, innerErrors } = error as DriverError
  if (innerErrors !== undefined) {
    const inner = Object.values(innerErrors)
    return inner.length === 0 || inner.some((it) => it === null || isRetriable(it))
  }
  // From UNAVAILABLE to below SYNTAX_ERROR: nodes are down, slow or overloaded. Above, the request itself is refused.
  if (typeof code === 'number') return code >= UNAVAILABLE && code < SYNTAX_ERROR
  return name === 'OperationTimedOutError' || name === 'BusyConnectionError' || isSocketError(code, message)
}

/** Whether a write may have been done although its request failed. */
export function mayBeWritten(error: unknown): boolean {
  return withInnerErrors(error).some(
    ({ name, code, message }) =>
      name === 'OperationTimedOutError' ||
      // Some of the replicas may have it.
      code === WRITE_TIMEOUT ||
      code === WRITE_FAILURE ||
      /socket was closed|ECONNRESET|EPIPE/i.test(message),
  )
}

/** Whether the server does not know the statement, or the table in it. */
export function isUnknown(error: unknown): boolean {
  return withInnerErrors(error).some(
    ({ code, message }) => code === UNPREPARED || (code === INVALID && /does not exist|unconfigured/.test(message)),
  )
}

function isSocketError(code: unknown, message: string): boolean {
  // Node's own codes, such as ERR_INVALID_ARG_TYPE, are not the socket's.
  return (typeof code === 'string' && /^E(?!RR_)/.test(code)) || /socket was closed/i.test(message)
}

/** The error itself, and the error of each node. */
function withInnerErrors(error: unknown): readonly DriverError[] {
  const { innerErrors } = error as DriverError
  return [error as DriverError, ...Object.values(innerErrors ?? {}).filter((inner) => inner !== null)]
}
