import { randomUUID } from 'node:crypto'
import type { IterableStore, MultiStore } from '@kasper/core'
import type { MultiStoreContext, StoreContext } from '@kasper/testing/conformance'
import type { RedisClient, RedisStoreOptions } from '../src/index.ts'

/** Options with an unused prefix. */
export function freshOptions(prefix = ''): RedisStoreOptions {
  return { keyPrefix: `${prefix}${randomUUID()}` }
}

/** The context of a conformance case: a store with its own prefix and client. */
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

/** Closes the client. Idempotent. */
export async function closeClient(client: RedisClient): Promise<void> {
  if (closed.has(client)) return
  closed.add(client)
  // A client that waits to reconnect emits no `end` when it is disconnected.
  if (client.status === 'end' || client.status === 'reconnecting') return client.disconnect()
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
  client.disconnect()
  await ended
}
