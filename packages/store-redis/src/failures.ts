// The meaning of the errors of ioredis and Redis.
import { messageOf } from '@kasper/core/adapter'
import { isClosed, lastErrorOf, wasReady } from './connection-state.ts'
import type { RedisClient } from './redis-client.ts'

/** Why a command failed, in one sentence. */
export function reasonOf(error: unknown, client: RedisClient): string {
  // EXEC itself only says that a command before it was refused.
  const [first] = (error as { readonly previousErrors?: readonly unknown[] }).previousErrors ?? []
  if (first !== undefined) return messageOf(first)
  if (!isUnconnected(error)) return messageOf(error)
  if (isClosed(client)) return 'the client is closed'
  const last = lastErrorOf(client)
  return `no connection${last === undefined ? '' : `: ${describeNetworkError(last)}`} (${messageOf(error)})`
}

/** Refusals because of the state of the server, which may pass. Other refusals are for the command or the client. */
const PASSING = /^(BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|MISCONF|NOREPLICAS|OOM|READONLY|TRYAGAIN) /

/** Whether the same command may succeed later. */
export function isRetriable(error: unknown): boolean {
  // A value that is not bytes, for one.
  if (error instanceof TypeError) return false
  const { name, previousErrors } = error as { readonly name?: string; readonly previousErrors?: readonly unknown[] }
  const [first = error] = previousErrors ?? []
  return name !== 'ReplyError' || PASSING.test(messageOf(first))
}

/** Whether a write may have been done although its command failed. */
export function mayBeWritten(error: unknown, client: RedisClient): boolean {
  if (hasTimedOut(error)) return true
  // A cluster's client sends a command again, to one node after another, until it gives up.
  const isUnanswered = isUnconnected(error) || /^Too many Cluster redirections(?!.*TRYAGAIN)/.test(messageOf(error))
  return isUnanswered && wasReady(client)
}

function hasTimedOut(error: unknown): boolean {
  return messageOf(error) === 'Command timed out'
}

/** Whether a command failed because there was no connection. */
function isUnconnected(error: unknown): boolean {
  const { name, message } = error as Error
  return (
    name === 'MaxRetriesPerRequestError' ||
    name === 'ClusterAllFailedError' ||
    name === 'AbortError' ||
    message === 'Connection is closed.' ||
    message === 'None of startup nodes is available'
  )
}

/** The error of a host with several addresses, or of a cluster, contains the errors of each. */
function describeNetworkError(error: unknown): string {
  const { errors, lastNodeError } = error as { readonly errors?: readonly unknown[]; readonly lastNodeError?: unknown }
  if (lastNodeError) return describeNetworkError(lastNodeError)
  if (errors !== undefined && errors.length > 0) return errors.map(messageOf).join('; ')
  return messageOf(error)
}
