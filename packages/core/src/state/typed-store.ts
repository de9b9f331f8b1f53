import type { Codec } from '../codecs/codec.ts'
import { type ErrorCode, KasperError, messageOf } from '../runtime/errors.ts'
import { MultiMap } from './multi-map.ts'
import type { IterableStore, MultiStore, OrderedStore, Store } from './store.ts'
import { describeKey } from './store-error.ts'

/**
 * A view of a store of bytes, or of a multi-store, with values of type `T`. The view lists its entries if the store can. An operation
 * rejects with `ENCODE_FAILED` or `DECODE_FAILED`, which names the key, if a value cannot be encoded or decoded.
 *
 * ```ts
 * const counts = withCodec(new MapStore(), json<{ flights: number }>())
 * await counts.put('SFO', { flights: 1 })
 * ```
 */
export function withCodec<T>(store: MultiStore, codec: Codec<T>): MultiStore<T>
export function withCodec<T>(store: OrderedStore, codec: Codec<T>): OrderedStore<T>
export function withCodec<T>(store: IterableStore, codec: Codec<T>): IterableStore<T>
export function withCodec<T>(store: Store, codec: Codec<T>): Store<T>
export function withCodec<T>(store: Store | MultiStore, codec: Codec<T>): Store<T> | MultiStore<T> {
  return 'allTenants' in store ? typedMultiStore(store, codec) : typedStore(store, codec)
}

function typedStore<T>(store: Store & Partial<OrderedStore>, codec: Codec<T>, tenant?: string): Store<T> {
  const typed: Store<T> = {
    async get(key, options) {
      const bytes = await store.get(key, options)
      return bytes === undefined ? undefined : decode(codec, bytes, key, tenant)
    },
    async getAll(keys, options) {
      const values = new Map<string, T>()
      for (const [key, bytes] of await store.getAll(keys, options)) values.set(key, decode(codec, bytes, key, tenant))
      return values
    },
    async put(key, value, options) {
      await store.put(key, encode(codec, value, key, tenant), options)
    },
    async putAll(entries, options) {
      await store.putAll(encodeAll(codec, entries, new Map(), tenant), options)
    },
    delete: (key, options) => store.delete(key, options),
    flush: (options) => store.flush(options),
  }
  async function* decodeEach(
    entries: AsyncIterable<readonly [string, Uint8Array]>,
  ): AsyncGenerator<readonly [string, T], void, undefined> {
    for await (const [key, bytes] of entries) yield [key, decode(codec, bytes, key, tenant)]
  }
  return Object.assign(
    typed,
    store.iterate && { iterate: ((options) => decodeEach(store.iterate!(options))) satisfies IterableStore<T>['iterate'] },
    store.scan && { scan: ((range, options) => decodeEach(store.scan!(range, options))) satisfies OrderedStore<T>['scan'] },
  )
}

function typedMultiStore<T>(store: MultiStore, codec: Codec<T>): MultiStore<T> {
  const tenants = new Map<string, Store<T>>()
  return {
    tenant(name) {
      let typed = tenants.get(name)
      if (typed === undefined) tenants.set(name, (typed = typedStore(store.tenant(name), codec, name)))
      return typed
    },
    allTenants: () => store.allTenants(),
    async fetch(keys, options) {
      const values = new MultiMap<T>()
      for (const [tenant, found] of await store.fetch(keys, options)) {
        for (const [key, bytes] of found) values.set(tenant, key, decode(codec, bytes, key, tenant))
      }
      return values
    },
    async push(entries, options) {
      const encoded = new MultiMap<Uint8Array | undefined>()
      for (const [tenant, values] of entries) encodeAll(codec, values, encoded.tenant(tenant), tenant)
      await store.push(encoded, options)
    },
    flush: (options) => store.flush(options),
  }
}

function encodeAll<T>(
  codec: Codec<T>,
  entries: ReadonlyMap<string, T | undefined>,
  into: Map<string, Uint8Array | undefined>,
  tenant?: string,
): Map<string, Uint8Array | undefined> {
  for (const [key, value] of entries) into.set(key, value === undefined ? undefined : encode(codec, value, key, tenant))
  return into
}

function encode<T>(codec: Codec<T>, value: T, key: string, tenant: string | undefined): Uint8Array {
  try {
    return codec.encode(value)
  } catch (cause) {
    throw failed('ENCODE_FAILED', 'encode', key, tenant, cause)
  }
}

function decode<T>(codec: Codec<T>, bytes: Uint8Array, key: string, tenant: string | undefined): T {
  try {
    return codec.decode(bytes)
  } catch (cause) {
    throw failed('DECODE_FAILED', 'decode', key, tenant, cause)
  }
}

function failed(code: ErrorCode, doing: string, key: string, tenant: string | undefined, cause: unknown): KasperError {
  const whose = tenant === undefined ? '' : ` of tenant ${describeKey(tenant)}`
  return new KasperError(code, `cannot ${doing} the value of the key ${describeKey(key)}${whose}: ${messageOf(cause)}`, { cause })
}
