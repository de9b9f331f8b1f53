import type { Redis } from 'ioredis'
import { isCluster, type RedisClient } from './redis-client.ts'

interface ConnectionState {
  /** The last connection error, until the client is connected again. */
  error: unknown
  /** The client has ended: it was closed, or it has given up reconnecting. */
  hasEnded: boolean
  /** Whether the client has ever been connected. */
  wasReady: boolean
  /** How many connections the client has lost. */
  losses: number
}

const states = new WeakMap<RedisClient, ConnectionState>()

/**
 * Starts to record the state of a client's connection. The errors of ioredis do not have it: a command that fails because there is
 * no connection says only "Reached the max retries per request limit", and a cluster's client that has ended queues commands for ever.
 */
export function watchConnection(client: RedisClient): void {
  if (states.has(client)) return
  const { status } = client
  const state: ConnectionState = { error: undefined, hasEnded: status === 'end', wasReady: status === 'ready', losses: 0 }
  states.set(client, state)
  client.on('error', (error: unknown) => (state.error = error))
  client.on('end', () => (state.hasEnded = true))
  client.on('connecting', () => (state.hasEnded = false))
  client.on('ready', () => {
    state.error = undefined
    state.wasReady = true
  })
  const countLosses = (server: Redis): unknown => server.on('close', () => state.losses++)
  if (!isCluster(client)) countLosses(client)
  else {
    for (const node of client.nodes()) countLosses(node)
    client.on('+node', countLosses)
  }
}

/** How many connections the client has lost since it is watched. */
export function lossesOf(client: RedisClient): number {
  return states.get(client)!.losses
}

export function hasEnded(client: RedisClient): boolean {
  return states.get(client)!.hasEnded
}

/** Whether the client has ended because its owner closed it, not because it lost its server. */
export function isClosed(client: RedisClient): boolean {
  return hasEnded(client) && lastErrorOf(client) === undefined
}

/** Whether the client has ever been connected. */
export function wasReady(client: RedisClient): boolean {
  return states.get(client)!.wasReady
}

/** Why the client is not connected, if it is not and there was an error. */
export function lastErrorOf(client: RedisClient): unknown {
  return states.get(client)!.error
}
