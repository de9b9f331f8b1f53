import { messageOf } from '@kasper/core'
import type { Redis } from 'ioredis'
import { isCluster, type RedisClient } from './redis-client.ts'

interface Connection {
  /** Why there is none, until there is one again. */
  error: unknown
  /** The client has ended: it does not try any more. */
  ended: boolean
  /** Whether there has ever been one. */
  wasReady: boolean
  /** How many have been lost. */
  lost: number
}

const connections = new WeakMap<RedisClient, Connection>()

/**
 * Remembers how a client's connection is. Its commands fail only when it has tried often enough, and then say only that: "Reached
 * the max retries per request limit". And a cluster's client, once it has ended, keeps commands for ever.
 */
export function watchConnection(client: RedisClient): void {
  if (connections.has(client)) return
  const { status } = client
  const connection: Connection = { error: undefined, ended: status === 'end', wasReady: status === 'ready', lost: 0 }
  connections.set(client, connection)
  client.on('error', (error: unknown) => (connection.error = error))
  client.on('end', () => (connection.ended = true))
  client.on('connecting', () => (connection.ended = false))
  client.on('ready', () => {
    connection.error = undefined
    connection.wasReady = true
  })
  const watchLosses = (server: Redis): unknown => server.on('close', () => connection.lost++)
  if (!isCluster(client)) watchLosses(client)
  else {
    for (const node of client.nodes()) watchLosses(node)
    client.on('+node', watchLosses)
  }
}

/** How many connections the client has lost so far. */
export function lossesOf(client: RedisClient): number {
  return connections.get(client)!.lost
}

export function hasEnded(client: RedisClient): boolean {
  return connections.get(client)?.ended === true
}

/** Whether the client was closed by whoever made it, and did not lose its server. */
export function isClosed(client: RedisClient): boolean {
  return hasEnded(client) && connections.get(client)?.error === undefined
}

/** What a failed command says, in one sentence. */
export function reasonOf(error: unknown, client: RedisClient): string {
  // EXEC only says that something was wrong before it.
  const [first] = (error as { readonly previousErrors?: readonly unknown[] }).previousErrors ?? []
  if (first !== undefined) return messageOf(first)
  if (!hasNoConnection(error)) return messageOf(error)
  if (isClosed(client)) return 'the client is closed'
  const last = connections.get(client)?.error
  return `no connection${last === undefined ? '' : `: ${describeNetworkError(last)}`} (${messageOf(error)})`
}

/** Whether a write may have happened, though its command failed. */
export function mayBeWritten(error: unknown, client: RedisClient): boolean {
  if (messageOf(error) === 'Command timed out') return true
  // A cluster's client follows a slot, and sends again, from one node to another until it gives up.
  const isUnanswered = hasNoConnection(error) || /^Too many Cluster redirections(?!.*TRYAGAIN)/.test(messageOf(error))
  return isUnanswered && connections.get(client)!.wasReady
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
