import { KasperError, sleep, systemClock } from '@kasper/core'
import type { Cluster, Redis } from 'ioredis'
import type { RedisClient } from './redis-client.ts'
import { isCluster } from './redis-client.ts'

/**
 * What `flush` does. `bgsave` has the server write a snapshot to its disk, in the background, and waits for its end. With
 * `replicas`, it waits (the WAIT command) until so many replicas have all that this client wrote.
 */
export type RedisFlush = 'bgsave' | { readonly replicas: number; readonly timeoutMs: number }

const POLL_MS = 50

export function checkFlush(flush: RedisFlush | undefined): void {
  if (flush === undefined || flush === 'bgsave') return
  for (const [name, value] of Object.entries(flush)) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new KasperError('CONFIG_INVALID', `flush.${name} should be a whole number from 1 on, not ${value}`)
  }
}

/** On a cluster, does so on every master. */
export async function flushServers(client: RedisClient, flush: RedisFlush, signal: AbortSignal | undefined): Promise<void> {
  const servers = isCluster(client) ? await mastersOf(client) : [client]
  await Promise.all(servers.map((server) => (flush === 'bgsave' ? save(server, signal) : wait(server, flush))))
}

/** The masters of a cluster, once the client knows them. */
export async function mastersOf(cluster: Cluster): Promise<Redis[]> {
  if (cluster.slots.length === 0) await cluster.ping()
  return cluster.nodes('master')
}

async function wait(server: Redis, { replicas, timeoutMs }: Exclude<RedisFlush, 'bgsave'>): Promise<void> {
  const reached = await server.wait(replicas, timeoutMs)
  if (reached < replicas) throw new Error(`${reached} of ${replicas} replicas have everything after ${timeoutMs} ms`)
}

async function save(server: Redis, signal: AbortSignal | undefined): Promise<void> {
  // A save that is under way began before our last writes: a new one has to follow it.
  while (!(await startSave(server))) await pause(signal)
  for (;;) {
    const persistence = await server.info('persistence')
    if (!persistence.includes('rdb_bgsave_in_progress:1')) {
      if (!persistence.includes('rdb_last_bgsave_status:ok'))
        throw new Error('the background save failed: the log of the server says why')
      return
    }
    await pause(signal)
  }
}

/** Whether a save has begun; the server writes one snapshot or log at a time. */
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
