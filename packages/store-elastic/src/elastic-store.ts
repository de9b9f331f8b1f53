import type { Client } from '@elastic/elasticsearch'
import type { Store, StoreOptions } from '@kasper/core'
import { ElasticCalls } from './elastic-calls.ts'
import type { ElasticOptions } from './options.ts'

/** The index of a store, and its options. */
export interface ElasticStoreOptions extends ElasticOptions {
  /** The name of an index, or of an alias. */
  readonly index: string
}

/**
 * A store in an index of Elasticsearch. A key is the `_id` of a document: 1 to 512 bytes. A value is the UTF-8 text of one JSON
 * object. It comes back byte by byte, with line breaks as spaces. `getAll` is a multi-get, `putAll` a bulk request; large batches
 * are several requests. A bulk request is not atomic: if some documents cannot be written, the others are, and the error lists
 * both.
 *
 * You open and close the client, of version 8 or 9; the store does neither. On Bun, the client needs `Connection: HttpConnection`.
 *
 * ```ts
 * const client = new Client({ node: 'http://127.0.0.1:9200' })
 * const counts = withCodec(new ElasticStore(client, { index: 'counts', create: true }), json<{ count: number }>())
 * await counts.put('SFO', { count: 1 })
 * ```
 */
export class ElasticStore implements Store {
  readonly client: Client
  readonly index: string
  readonly #calls: ElasticCalls

  /** @throws KasperError `CONFIG_INVALID` */
  constructor(client: Client, { index, ...options }: ElasticStoreOptions) {
    this.client = client
    this.index = index
    this.#calls = new ElasticCalls(client, options)
  }

  async get(key: string, options?: StoreOptions): Promise<Uint8Array | undefined> {
    return (await this.#calls.read('get', [this.#locate(key)], options))[0]
  }

  async getAll(keys: Iterable<string>, options?: StoreOptions): Promise<Map<string, Uint8Array>> {
    const asked = [...new Set(keys)]
    const values = await this.#calls.read('getAll', asked.map(this.#locate), options)
    const found = new Map<string, Uint8Array>()
    for (const [i, key] of asked.entries()) {
      const value = values[i]
      if (value !== undefined) found.set(key, value)
    }
    return found
  }

  /** @throws ElasticWriteError */
  put(key: string, value: Uint8Array, options?: StoreOptions): Promise<void> {
    return this.#calls.write('put', [[this.#locate(key), value]], options)
  }

  /** @throws ElasticWriteError with the lists of written and failed keys */
  putAll(entries: ReadonlyMap<string, Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    return this.#calls.write(
      'putAll',
      Array.from(entries, ([key, value]) => [this.#locate(key), value] as const),
      options,
    )
  }

  /** @throws ElasticWriteError */
  delete(key: string, options?: StoreOptions): Promise<void> {
    return this.#calls.write('delete', [[this.#locate(key), undefined]], options)
  }

  /** Does what the option `flush` says. By default nothing. */
  flush(options?: StoreOptions): Promise<void> {
    return this.#calls.flush([this.index], options)
  }

  readonly #locate = (key: string): { readonly index: string; readonly key: string } => ({ index: this.index, key })
}
