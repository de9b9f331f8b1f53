import { messageOf } from '@kasper/core'
import type { RedisClient } from './redis-client.ts'

/** By client: what it last said of its connection, until that was well again. */
const lastErrors = new WeakMap<RedisClient, { error: unknown }>()

/**
 * Remembers why a client has no connection. Its commands fail only when it has tried often enough, and then say only that:
 * "Reached the max retries per request limit".
 */
export function watchConnection(client: RedisClient): void {
  if (lastErrors.has(client)) return
  const last: { error: unknown } = { error: undefined }
  lastErrors.set(client, last)
  client.on('error', (error: unknown) => (last.error = error))
  client.on('ready', () => (last.error = undefined))
}

/** Whether the client was closed by whoever made it, and did not lose its server. */
export function isClosed(client: RedisClient): boolean {
  return client.status === 'end' && lastErrors.get(client)?.error === undefined
}

/** What a failed command says, in one sentence. */
export function reasonOf(error: unknown, client: RedisClient): string {
  // EXEC only says that something was wrong before it.
  const [first] = (error as { readonly previousErrors?: readonly unknown[] }).previousErrors ?? []
  if (first !== undefined) return messageOf(first)
  if (!hasNoConnection(error)) return messageOf(error)
  if (isClosed(client)) return 'the client is closed'
  const last = lastErrors.get(client)?.error
  return `no connection${last === undefined ? '' : `: ${describeNetworkError(last)}`} (${messageOf(error)})`
}

function hasNoConnection(error: unknown): boolean {
  const { name, message } = error as Error
  return (
    name === 'MaxRetriesPerRequestError' ||
    name === 'ClusterAllFailedError' ||
    name === 'AbortError' ||
    message === 'Connection is closed.' ||
    message === 'None of startup nodes is available'
  )
}

/** Errors of several addresses, or of a cluster's nodes, have their reasons within. */
function describeNetworkError(error: unknown): string {
  const { errors, lastNodeError } = error as { readonly errors?: readonly unknown[]; readonly lastNodeError?: unknown }
  if (lastNodeError) return describeNetworkError(lastNodeError)
  if (errors !== undefined && errors.length > 0) return errors.map(messageOf).join('; ')
  return messageOf(error)
}
