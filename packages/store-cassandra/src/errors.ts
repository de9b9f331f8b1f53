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
  const { name, innerErrors, coordinator } = error as {
    readonly name?: string
    readonly innerErrors?: Readonly<Record<string, unknown>>
    readonly coordinator?: unknown
  }
  if (name === 'OperationTimedOutError') return true
  // Only some of the replicas have answered.
  if (coordinator !== undefined && /timed out|timeout/i.test(messageOf(error))) return true
  return Object.values(innerErrors ?? {}).some((inner) => inner !== null && inner !== undefined && wasCutOff(inner))
}

function wasCutOff(error: unknown): boolean {
  return mayBeWritten(error) || /socket was closed|ECONNRESET|EPIPE/i.test(messageOf(error))
}
