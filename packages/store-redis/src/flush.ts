import { systemClock } from '@kasper/core'
import { checkWholeNumber, sleep } from '@kasper/core/adapter'
import type { Cluster, Redis } from 'ioredis'
import type { RedisClient } from './redis-client.ts'
import { isCluster } from './redis-client.ts'

/**
 * What a store's `flush` does.
 *
 * - `bgsave`: the server writes a snapshot to its disk in the background; `flush` waits until that has succeeded.
 * - `replicas`: `flush` waits (with the WAIT command) until this many replicas have everything that the client has written. It
 *   rejects if they do not within `timeoutMs`. On a cluster, both are for each master.
 */
export type RedisFlush = 'bgsave' | { readonly replicas: number; readonly timeoutMs: number }

const POLL_MS = 50

/** @throws KasperError `CONFIG_INVALID` */
export function checkFlush(flush: RedisFlush | undefined): void {
  if (flush === undefined || flush === 'bgsave') return
  for (const [name, value] of Object.entries(flush)) checkWholeNumber(`flush.${name}`, value, 1)
}

/** Flushes the server; on a cluster, every master. */
export async function flushServers(client: RedisClient, flush: RedisFlush, signal: AbortSignal | undefined): Promise<void> {
  const servers = isCluster(client) ? await mastersOf(client) : [client]
  await Promise.all(servers.map((server) => (flush === 'bgsave' ? save(server, signal) : wait(server, flush))))
}

/** The masters of a cluster. The client learns them with its first command. */
export async function mastersOf(cluster: Cluster): Promise<Redis[]> {
  if (cluster.slots.length === 0) await cluster.ping()
  return cluster.nodes('master')
}

async function wait(server: Redis, { replicas, timeoutMs }: Exclude<RedisFlush, 'bgsave'>): Promise<void> {
  const reached = await server.wait(replicas, timeoutMs)
  if (reached < replicas) throw new Error(`only ${reached} of ${replicas} replicas have everything after ${timeoutMs} ms`)
}

async function save(server: Redis, signal: AbortSignal | undefined): Promise<void> {
  // A save that is running began before our last writes: a new one must follow it.
  while (!(await startSave(server))) await pause(signal)
  for (;;) {
    const persistence = await server.info('persistence')
    if (!persistence.includes('rdb_bgsave_in_progress:1')) {
      if (!persistence.includes('rdb_last_bgsave_status:ok'))
        throw new Error("the background save failed: see the server's log for the reason")
      return
    }
    await pause(signal)
  }
}

/** Whether a save has started. The server does not start one while it writes a snapshot or rewrites its log. */
async function startSave(server: Redis): Promise<boolean> {
  try {
    await server.bgsave()
    return true
  } catch (error) {
    if (/in progress|Another child process/.test((error as Error).message)) return false
    throw error
  }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await sleep(systemClock, POLL_MS, signal)
  signal?.throwIfAborted()
}
