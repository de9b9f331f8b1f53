import type { Client } from 'cassandra-driver'
import { messageOf } from '@kasper/core'

/** Private in the types only. */
interface Inside {
  readonly options: { readonly contactPoints?: readonly string[]; readonly encoding?: { readonly useBigIntAsLong?: boolean } }
  readonly isShuttingDown: boolean
}

/** The product and where it is, for messages. */
export function describeServer(client: Client): string {
  return `Cassandra at ${(client as unknown as Inside).options.contactPoints?.join(', ') ?? 'an unknown address'}`
}

/** Whether its maker has shut the client down. */
export function isClosed(client: Client): boolean {
  return (client as unknown as Inside).isShuttingDown
}

/** Whether it takes 64-bit numbers as `bigint` only. */
export function usesBigint(client: Client): boolean {
  return (client as unknown as Inside).options.encoding?.useBigIntAsLong === true
}

/** What a failed request says, in one sentence. */
export function reasonOf(error: unknown, client: Client): string {
  if (isClosed(client)) return 'the client is shut down'
  const { innerErrors } = error as { readonly innerErrors?: Readonly<Record<string, unknown>> }
  // "All host(s) tried for query failed" says less than what each of them said.
  const reasons = new Set(Object.values(innerErrors ?? {}).map((inner) => (inner ? messageOf(inner) : 'no connection')))
  if (reasons.size > 0) return [...reasons].join('; ')
  return innerErrors === undefined ? messageOf(error) : 'no node is up that could be asked'
}

/** Whether a write may have happened, though its request failed. */
export function mayBeWritten(error: unknown): boolean {
  return allOf(error).some(
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
  return allOf(error).some(
    ({ code, message }) => code === UNPREPARED || (code === INVALID && /does not exist|unconfigured/.test(message)),
  )
}

/** As the protocol numbers them. */
const WRITE_TIMEOUT = 0x1100
const WRITE_FAILURE = 0x1500
const INVALID = 0x2200
const UNPREPARED = 0x2500

interface DriverError {
  readonly name?: string
  readonly code?: number | string
  readonly message: string
}

/** The error itself, and what each of the hosts said. */
function allOf(error: unknown): readonly DriverError[] {
  const { innerErrors } = error as { readonly innerErrors?: Readonly<Record<string, DriverError | null>> }
  return [error as DriverError, ...Object.values(innerErrors ?? {}).filter((inner) => inner !== null)]
}
