import { KasperError } from '../runtime/errors.ts'
import type { Codec } from './codec.ts'
import { string } from './codecs.ts'

/** A topic with the codecs of its keys and values. Declare it once, with {@link stream} or {@link table}, and use it everywhere. */
export interface Topic<N extends string = string, K = unknown, V = unknown> {
  readonly kind: 'stream' | 'table'
  readonly name: N
  /** `null` for a keyless topic: keys are neither read nor written. */
  readonly key: Codec<K> | null
  readonly value: Codec<V>
}

/** A topic of events: each message has a value. */
export interface Stream<N extends string = string, K = unknown, V = unknown> extends Topic<N, K, V> {
  readonly kind: 'stream'
}

/** A compacted topic: the latest message of a key is its row. A message without a value is a tombstone, which deletes the row. */
export interface Table<N extends string = string, K = unknown, V = unknown> extends Topic<N, K, V> {
  readonly kind: 'table'
}

/** The type of a topic's keys; `null` for a keyless topic. */
export type KeyOf<T> = T extends Topic<string, infer K> ? K : never

/** The type of a topic's values. */
export type ValueOf<T> = T extends Topic<string, unknown, infer V> ? V : never

/** The type of the `value` of a topic's messages. For a table, it includes `null`: a tombstone. */
export type InputOf<T> = T extends Table ? ValueOf<T> | null : ValueOf<T>

/**
 * Declares a topic of events.
 *
 * ```ts
 * const clicks = stream('clicks', json<Click>())
 * const visits = stream('visits', json(Visit), { key: number('int64') }) // validated by the schema Visit
 * const lines = stream('log-lines', string(), { keyless: true })
 * ```
 *
 * @param options `key`: the codec of the keys. Each message must have a key. Default: `string()`. `keyless: true`: keys are not read,
 *   and messages need none.
 * @throws KasperError `CONFIG_INVALID` if the name is empty, or a codec has no `encode` and `decode`
 */
export function stream<const N extends string, V>(
  name: N,
  value: Codec<V>,
  options: { readonly keyless: true },
): Stream<N, null, V>
export function stream<const N extends string, V, K = string>(
  name: N,
  value: Codec<V>,
  options?: { readonly key?: Codec<K> | undefined },
): Stream<N, K, V>
export function stream(name: string, value: Codec<unknown>, options: TopicOptions = {}): Stream {
  return { kind: 'stream', ...declared('stream', name, value, options) }
}

/**
 * Declares a compacted topic. A message without a value is a tombstone: its `value` is `null`, and it deletes the row of its key.
 *
 * ```ts
 * const airports = table('airports', json<Airport>())
 * ```
 *
 * @param options `key`: the codec of the keys. Each message must have a key. Default: `string()`
 * @throws KasperError `CONFIG_INVALID` if the name is empty, or a codec has no `encode` and `decode`
 */
export function table<const N extends string, V, K = string>(
  name: N,
  value: Codec<V>,
  options?: { readonly key?: Codec<K> | undefined },
): Table<N, K, V>
export function table(name: string, value: Codec<unknown>, options: TopicOptions = {}): Table {
  return { kind: 'table', ...declared('table', name, value, options) }
}

interface TopicOptions {
  readonly key?: Codec<unknown> | undefined
  readonly keyless?: true
}

function declared(
  kind: Topic['kind'],
  name: string,
  value: Codec<unknown>,
  { key = string(), keyless }: TopicOptions,
): Omit<Topic, 'kind'> {
  const invalid = (what: string): KasperError => new KasperError('CONFIG_INVALID', `${kind}(${JSON.stringify(name)}, …): ${what}`)
  if (typeof name !== 'string' || name === '') throw invalid("give the topic's name first")
  if (!isCodec(value)) throw invalid('the value codec has no encode and decode: give a codec, for example json() or string()')
  if (!isCodec(key)) throw invalid('the key codec has no encode and decode: give a codec, for example string()')
  return { name, key: keyless === true ? null : key, value }
}

/** Whether this is what {@link stream} or {@link table} returns. */
export function isTopic(value: unknown): value is Topic {
  const { kind, name, key, value: codec } = (value ?? {}) as Partial<Topic>
  return (kind === 'stream' || kind === 'table') && typeof name === 'string' && (key === null || isCodec(key)) && isCodec(codec)
}

function isCodec(value: unknown): value is Codec<unknown> {
  const { encode, decode } = (value ?? {}) as Partial<Codec<unknown>>
  return typeof encode === 'function' && typeof decode === 'function'
}
