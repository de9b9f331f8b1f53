import { randomUUID } from 'node:crypto'
import type { IterableStore, MultiStore } from '@kasper/core'
import type { MultiStoreContext, StoreContext } from '@kasper/testing/conformance'
import type { RedisClient, RedisStoreOptions } from '../src/index.ts'

/** A prefix that nobody has used before. */
export function freshOptions(prefix = ''): RedisStoreOptions {
  return { keyPrefix: `${prefix}${randomUUID()}` }
}

/** What a case needs: a store with a prefix and a client of its own. */
export function storeContext(
  connect: () => RedisClient,
  Store: new (client: RedisClient, options: RedisStoreOptions) => IterableStore,
  options: RedisStoreOptions = freshOptions(),
): StoreContext {
  let client = connect()
  return {
    store: new Store(client, options),
    close: () => closeClient(client),
    async reopen() {
      await closeClient(client)
      client = connect()
      return new Store(client, options)
    },
  }
}

export interface ClosableMultiStore extends MultiStoreContext {
  close(): Promise<void>
}

export function multiStoreContext(
  connect: () => RedisClient,
  Store: new (client: RedisClient, options: RedisStoreOptions) => MultiStore,
  options: RedisStoreOptions = freshOptions(),
): ClosableMultiStore {
  const client = connect()
  return { store: new Store(client, options), close: () => closeClient(client) }
}

const closed = new WeakSet<RedisClient>()

/** Resolves when it is closed; the second time, at once. */
export async function closeClient(client: RedisClient): Promise<void> {
  if (closed.has(client)) return
  closed.add(client)
  // One that waits for its next attempt to connect gives that up without a word.
  if (client.status === 'end' || client.status === 'reconnecting') return client.disconnect()
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
  client.disconnect()
  await ended
}
