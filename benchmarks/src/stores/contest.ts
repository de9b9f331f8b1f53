import type { Store } from '@kasper/core'

/** A store, and the fastest calls of its raw client on the same server. */
export interface Contest {
  readonly name: string
  readonly store: Store
  readonly raw: RawClient
  close(): Promise<void> | void
}

/** The bulk calls of a client, in its fastest form. The keys are in the client's own form beforehand. */
export interface RawClient {
  /** The names of the calls, for the printed table: `MGET`, `MSET`. */
  readonly calls: { readonly getAll: string; readonly putAll: string }
  /** The key in the client's form. Not timed. */
  name(key: string): string
  /** Resolves when the values have arrived. */
  getAll(names: readonly string[]): Promise<unknown>
  putAll(names: readonly string[], values: readonly Uint8Array[]): Promise<unknown>
}
