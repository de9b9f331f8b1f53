import type { Store } from '@kasper/core'

/** A store of ours and the best that its raw client can do, on the same server. */
export interface Contest {
  readonly name: string
  readonly store: Store
  readonly raw: RawClient
  close(): Promise<void> | void
}

/** The bulk calls of a client, as whoever knows it best would write them, its keys at hand in its own form. */
export interface RawClient {
  /** What is called, for the table: `MGET`, `MSET`. */
  readonly calls: { readonly getAll: string; readonly putAll: string }
  /** The key as the client wants it. Not timed. */
  name(key: string): string
  /** Resolves when the values are there. */
  getAll(names: readonly string[]): Promise<unknown>
  putAll(names: readonly string[], values: readonly Uint8Array[]): Promise<unknown>
}
