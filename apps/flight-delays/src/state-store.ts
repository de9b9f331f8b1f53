import type { Store } from '@kasper/core'
import { json, withCodec } from '@kasper/core'
import type { AirportDelays, AirportState } from './topics.ts'

/** The store of the airports' state. */
export interface StateStore {
  readonly store: Store
  /** Whether the state outlives the process. */
  readonly durable: boolean
  /** Where the store is: completes "the state is kept …". */
  readonly where: string
  close(): void | Promise<void>
}

/** Deletes the state of these airports. All must be named, since not every store can list its keys. */
export async function clearStore(store: Store, codes: Iterable<string>): Promise<void> {
  await store.putAll(new Map(Array.from(codes, (code) => [code, undefined])))
}

/** The current delays of these airports. Airports without state are missing. */
export async function readDelays(store: Store, codes: Iterable<string>): Promise<Map<string, AirportDelays>> {
  const states = await withCodec(store, json<AirportState>()).getAll(codes)
  return new Map([...states].map(([code, { delays }]) => [code, delays]))
}
