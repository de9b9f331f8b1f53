import { Buffer } from 'node:buffer'
import type { Client } from '@elastic/elasticsearch'
import type { StoreOptions } from '@kasper/core'
import { messageOf } from '@kasper/core'
import { bulkBody, bulkSize, type Write } from './bulk-body.ts'
import { batches, concurrently } from './batches.ts'
import { Indices } from './indices.ts'
import { type ItemError, readMgetReply } from './mget-reply.ts'
import type { ElasticOptions } from './options.ts'
import { patience } from './patience.ts'
import { describeItemError, isPassing, RequestFailed, send } from './requests.ts'

/** Which document. */
export interface DocumentId {
  readonly index: string
  readonly key: string
}

/** Why one document could not be read or written. */
export class Failure {
  readonly reason: string
  /** Whether it may have been written all the same. */
  readonly isUnanswered: boolean
  readonly cause: unknown

  constructor(reason: string, isUnanswered: boolean, cause?: unknown) {
    this.reason = reason
    this.isUnanswered = isUnanswered
    this.cause = cause
  }
}

/** How many documents are asked for in one request: how large they are, nobody knows before. */
const KEYS_PER_READ = 2_000
const CONCURRENT_REQUESTS = 4
const LONGEST_KEY_BYTES = 512
/** How much of a request's path may be the names of indices: the server takes lines of 4 kB. */
const LONGEST_PATH = 3_000

const WITHOUT_ERRORS: Buffer = Buffer.from('{"errors":false')

/** What goes over when a shard has a copy again, or a queue is shorter. */
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  'circuit_breaking_exception',
  'es_rejected_execution_exception',
  'no_shard_available_action_exception',
  'node_closed_exception',
  'node_not_connected_exception',
  'shard_not_found_exception',
  'unavailable_shards_exception',
])

/** Reads and writes documents of any indices, in requests of a bounded size: what both stores are made of. */
export class Documents {
  readonly #client: Client
  readonly #maxBatchBytes: number
  readonly #requestTimeoutMs: number
  readonly #retryForMs: number
  readonly #indices: Indices
  readonly #isMissingEmpty: boolean

  constructor(
    client: Client,
    { create = false, maxBatchBytes = 8_388_608, requestTimeoutMs = 30_000, retryForMs = 60_000 }: ElasticOptions,
  ) {
    this.#client = client
    this.#maxBatchBytes = maxBatchBytes
    this.#requestTimeoutMs = requestTimeoutMs
    this.#retryForMs = retryForMs
    this.#indices = new Indices(create, (request, signal) => this.#send(request, signal))
    this.#isMissingEmpty = create !== false
  }

  /** What there is of each of these, in their order, or why it could not be read. Rejects with the signal's reason. */
  async read(ids: readonly DocumentId[], options: StoreOptions | undefined): Promise<(Uint8Array | Failure | undefined)[]> {
    const parts = batches(ids, KEYS_PER_READ, () => 1)
    const found = await concurrently(parts, CONCURRENT_REQUESTS, (part) =>
      this.#attempt(part, options, (pending) => this.#mget(pending, options?.signal)),
    )
    return found.flat()
  }

  /** `undefined` for each that was written, or why it was not, in their order. Rejects with the signal's reason. */
  async write(writes: readonly Write[], options: StoreOptions | undefined): Promise<(Failure | undefined)[]> {
    const parts = batches(writes, this.#maxBatchBytes, bulkSize)
    const outcomes = await concurrently(parts, CONCURRENT_REQUESTS, (part) =>
      this.#attempt(part, options, (pending) => this.#bulk(pending, options?.signal)),
    )
    return outcomes.flat()
  }

  /** Calls the index's API of this name, such as `_refresh`. */
  async call(indices: readonly string[], api: string, signal: AbortSignal | undefined): Promise<void> {
    const names = batches(indices.map(encodeURIComponent), LONGEST_PATH, (name) => name.length + 1)
    const querystring = this.#isMissingEmpty ? 'ignore_unavailable=true' : ''
    await concurrently(names, CONCURRENT_REQUESTS, (some) =>
      this.#send({ method: 'POST', path: `/${some.join(',')}/${api}`, querystring }, signal),
    )
  }

  #send(request: Parameters<typeof send>[1], signal: AbortSignal | undefined): ReturnType<typeof send> {
    return send(this.#client, request, this.#requestTimeoutMs, signal)
  }

  /** Asks again for those that may succeed a little later, until all is said or time is up. */
  async #attempt<Item, T>(
    items: readonly Item[],
    options: StoreOptions | undefined,
    ask: (pending: readonly Item[]) => Promise<(T | Passing | Failure)[]>,
  ): Promise<(T | Failure)[]> {
    const outcomes: (T | Failure)[] = []
    const unanswered = new Set<number>()
    const mayTryAgain = patience(this.#retryForMs, options?.signal)
    let pending = items.map((_, i) => i)
    for (;;) {
      const answers = await ask(pending.map((i) => items[i]!)).catch((error: unknown) => {
        if (options?.signal?.aborted) throw error
        const failed = error instanceof RequestFailed
        // What else can go wrong goes wrong with the answer.
        const failure = new Failure(messageOf(error), failed ? error.isUnanswered : true, error)
        return pending.map(() => (failed && error.isPassing ? new Passing(failure) : failure))
      })
      const again: number[] = []
      for (const [n, i] of pending.entries()) {
        const answer = answers[n]!
        const outcome = answer instanceof Passing ? answer.failure : answer
        if (answer instanceof Passing) again.push(i)
        if (outcome instanceof Failure && outcome.isUnanswered) unanswered.add(i)
        // An attempt before may have been the one that wrote it.
        outcomes[i] = outcome instanceof Failure && unanswered.has(i) ? new Failure(outcome.reason, true, outcome.cause) : outcome
      }
      if (again.length === 0 || !(await mayTryAgain())) return outcomes
      options?.onRetry?.()
      pending = again
    }
  }

  async #mget(
    ids: readonly DocumentId[],
    signal: AbortSignal | undefined,
  ): Promise<(Uint8Array | Passing | Failure | undefined)[]> {
    const index = commonIndex(ids)
    const reply = await this.#send(
      index === undefined
        ? { method: 'POST', path: '/_mget', body: { docs: ids.map(({ index, key }) => ({ _index: index, _id: key })) } }
        : { method: 'POST', path: `/${encodeURIComponent(index)}/_mget`, body: { ids: ids.map(({ key }) => key) } },
      signal,
    )
    return readMgetReply(reply).map((answer) => {
      if (answer === undefined || answer instanceof Uint8Array) return answer
      if (answer.type === 'index_not_found_exception' && this.#isMissingEmpty) return undefined
      const failure = new Failure(describeItemError(answer), false)
      return PASSING_ERRORS.has(answer.type) ? new Passing(failure) : failure
    })
  }

  async #bulk(writes: readonly Write[], signal: AbortSignal | undefined): Promise<(Passing | Failure | undefined)[]> {
    await this.#indices.ensure(new Set(writes.map(({ index }) => index)), signal)
    const index = commonIndex(writes)
    const reply = await this.#send(
      {
        method: 'POST',
        path: index === undefined ? '/_bulk' : `/${encodeURIComponent(index)}/_bulk`,
        querystring: 'filter_path=errors,items.*.status,items.*.error',
        bulkBody: bulkBody(writes, index),
      },
      signal,
    )
    // Nearly always, and then there is nothing in the rest of it.
    if (reply.subarray(0, WITHOUT_ERRORS.length).equals(WITHOUT_ERRORS)) return writes.map(() => undefined)
    const { errors, items } = JSON.parse(reply.toString()) as BulkReply
    if (!errors) return writes.map(() => undefined)
    return items.map((item) => {
      const { status, error } = (item.index ?? item.delete)!
      // Something newer, or the same, is there: that is what versions are for.
      if (error === undefined || error.type === 'version_conflict_engine_exception') return undefined
      const failure = new Failure(describeItemError(error), false)
      return isPassing(status) ? new Passing(failure) : failure
    })
  }
}

/** A failure that may be none a little later. */
class Passing {
  readonly failure: Failure

  constructor(failure: Failure) {
    this.failure = failure
  }
}

interface BulkItem {
  readonly status: number
  readonly error?: ItemError
}

interface BulkReply {
  readonly errors: boolean
  readonly items: readonly { readonly index?: BulkItem; readonly delete?: BulkItem }[]
}

/** The index of all of these, if it is the same. */
function commonIndex(ids: readonly DocumentId[]): string | undefined {
  const first = ids[0]!.index
  return ids.every(({ index }) => index === first) ? first : undefined
}

/** Why Elasticsearch can't have this key as an id, if so. */
export function keyProblem(key: string): string | undefined {
  // A UTF-16 unit takes three bytes at most.
  if (key !== '' && key.length * 3 <= LONGEST_KEY_BYTES) return undefined
  const bytes = Buffer.byteLength(key)
  if (bytes > 0 && bytes <= LONGEST_KEY_BYTES) return undefined
  return `a key is an id there, of 1 to ${LONGEST_KEY_BYTES} bytes, and this one has ${bytes}`
}
