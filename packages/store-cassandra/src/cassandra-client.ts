import type { Client } from 'cassandra-driver'

/** Fields of the driver's client that its types do not have. */
interface ClientInternals {
  readonly options: { readonly contactPoints?: readonly string[]; readonly encoding?: { readonly useBigIntAsLong?: boolean } }
  readonly isShuttingDown: boolean
}

function internalsOf(client: Client): ClientInternals {
  return client as unknown as ClientInternals
}

/** The product and its address, for messages. */
export function describeServer(client: Client): string {
  return `Cassandra at ${internalsOf(client).options.contactPoints?.join(', ') ?? 'an unknown address'}`
}

/** Whether the client's owner has shut it down. */
export function isClosed(client: Client): boolean {
  return internalsOf(client).isShuttingDown
}

/** Whether the client takes 64-bit numbers as `bigint` only. */
export function usesBigint(client: Client): boolean {
  return internalsOf(client).options.encoding?.useBigIntAsLong === true
}
