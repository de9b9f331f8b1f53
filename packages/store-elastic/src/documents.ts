import { Buffer } from 'node:buffer'
import type { Client } from '@elastic/elasticsearch'
import { type StoreOptions, systemClock } from '@kasper/core'
import { Backoff, concurrently, messageOf, sleep } from '@kasper/core/adapter'
import { batches } from './batches.ts'
import { bulkBody, bulkSize, type Write } from './bulk-body.ts'
import { DocumentFailure } from './document-failure.ts'
import { Indices } from './indices.ts'
import { type ItemError, readMgetReply } from './mget-reply.ts'
import type { ElasticOptions } from './options.ts'
import { describeItemError, isPassingStatus, RequestFailed } from './request-failed.ts'
import { send } from './requests.ts'

export interface DocumentId {
  readonly index: string
  readonly key: string
}

/** The size of documents is not known before they are read, so requests are limited by their number. */
const KEYS_PER_READ = 2_000
const CONCURRENT_REQUESTS = 4
const LONGEST_KEY_BYTES = 512
/** The limit for the names of indices in a request's path: the server accepts lines of 4 kB. */
const LONGEST_PATH = 3_000
const LONGEST_REST_MS = 5_000

const WITHOUT_ERRORS: Buffer = Buffer.from('{"errors":false')

/** Errors that pass when a shard has a copy again, or a queue is shorter. */
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  'circuit_breaking_exception',
  'es_rejected_execution_exception',
  'no_shard_available_action_exception',
  'node_closed_exception',
  'node_not_connected_exception',
  'shard_not_found_exception',
  'unavailable_shards_exception',
])

/** Reads and writes documents of any indices, in requests of a limited size. Both kinds of stores use it. */
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

  /** Each document, `undefined` for a missing one, or why it could not be read, in their order. Rejects with the signal's reason. */
  async read(
    ids: readonly DocumentId[],
    options: StoreOptions | undefined,
  ): Promise<(Uint8Array | DocumentFailure | undefined)[]> {
    const found = await concurrently(
      batches(ids, KEYS_PER_READ, () => 1),
      CONCURRENT_REQUESTS,
      (batch) => this.#withRetries(batch, options, (pending) => this.#mget(pending, options?.signal)),
    )
    return found.flat()
  }

  /** `undefined` for each document written, or why it was not, in their order. Rejects with the signal's reason. */
  async write(writes: readonly Write[], options: StoreOptions | undefined): Promise<(DocumentFailure | undefined)[]> {
    const outcomes = await concurrently(batches(writes, this.#maxBatchBytes, bulkSize), CONCURRENT_REQUESTS, (batch) =>
      this.#withRetries(batch, options, (pending) => this.#bulk(pending, options?.signal)),
    )
    return outcomes.flat()
  }

  /** Calls this API of the indices, such as `_refresh`. */
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

  /** Repeats the request for the items that fail with a passing error, until `retryForMs` is over. */
  async #withRetries<Item, T>(
    items: readonly Item[],
    options: StoreOptions | undefined,
    request: (pending: readonly Item[]) => Promise<(T | PassingFailure | DocumentFailure)[]>,
  ): Promise<(T | DocumentFailure)[]> {
    const outcomes: (T | DocumentFailure)[] = []
    const maybeWritten = new Set<number>()
    const backoff = new Backoff(systemClock, { limitMs: this.#retryForMs, longestRestMs: LONGEST_REST_MS })
    let pending = items.map((_, i) => i)
    for (;;) {
      const answers = await request(pending.map((i) => items[i]!)).catch((error: unknown) => {
        if (options?.signal?.aborted) throw error
        const failure = failureOf(error)
        const isPassing = error instanceof RequestFailed && error.isPassing
        return pending.map(() => (isPassing ? new PassingFailure(failure) : failure))
      })
      const again: number[] = []
      for (const [n, i] of pending.entries()) {
        const answer = answers[n]!
        if (answer instanceof PassingFailure) again.push(i)
        const outcome = answer instanceof PassingFailure ? answer.failure : answer
        if (outcome instanceof DocumentFailure && outcome.mayBeWritten) maybeWritten.add(i)
        // An earlier attempt may have written it.
        outcomes[i] =
          outcome instanceof DocumentFailure && maybeWritten.has(i)
            ? new DocumentFailure(outcome.reason, { ...outcome, mayBeWritten: true })
            : outcome
      }
      const restMs = again.length === 0 ? undefined : backoff.failed()
      if (restMs === undefined) return outcomes
      // The rest is random, so that clients that were refused together do not retry together.
      await sleep(systemClock, restMs * (0.5 + Math.random() / 2), options?.signal)
      options?.signal?.throwIfAborted()
      options?.onRetry?.()
      pending = again
    }
  }

  async #mget(
    ids: readonly DocumentId[],
    signal: AbortSignal | undefined,
  ): Promise<(Uint8Array | PassingFailure | DocumentFailure | undefined)[]> {
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
      return itemFailure(answer, PASSING_ERRORS.has(answer.type))
    })
  }

  async #bulk(
    writes: readonly Write[],
    signal: AbortSignal | undefined,
  ): Promise<(PassingFailure | DocumentFailure | undefined)[]> {
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
    // The usual reply: there is no need to parse it.
    if (reply.subarray(0, WITHOUT_ERRORS.length).equals(WITHOUT_ERRORS)) return writes.map(() => undefined)
    const { errors, items } = JSON.parse(reply.toString()) as BulkReply
    if (!errors) return writes.map(() => undefined)
    return items.map((item) => {
      const { status, error } = (item.index ?? item.delete)!
      // The stored version is the same or newer: the write has no effect.
      if (error === undefined || error.type === 'version_conflict_engine_exception') return undefined
      return itemFailure(error, isPassingStatus(status))
    })
  }
}

/** A failure that may pass, so the request is repeated. */
class PassingFailure {
  readonly failure: DocumentFailure

  constructor(failure: DocumentFailure) {
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

function itemFailure(error: ItemError, isPassing: boolean): PassingFailure | DocumentFailure {
  const failure = new DocumentFailure(describeItemError(error), { mayBeWritten: false, retriable: isPassing })
  return isPassing ? new PassingFailure(failure) : failure
}

/** The failure of each document of a request that failed as a whole. */
function failureOf(error: unknown): DocumentFailure {
  const details =
    error instanceof RequestFailed
      ? { mayBeWritten: error.mayBeDone, retriable: error.retriable }
      : // Any other error means that the reply cannot be parsed.
        { mayBeWritten: true, retriable: false }
  return new DocumentFailure(messageOf(error), { ...details, cause: error })
}

/** The index of all of these, or `undefined` if they are in several. */
function commonIndex(ids: readonly DocumentId[]): string | undefined {
  const first = ids[0]!.index
  return ids.every(({ index }) => index === first) ? first : undefined
}

/** Why Elasticsearch does not accept this key as an id; `undefined` if it does. */
export function keyProblem(key: string): string | undefined {
  // A UTF-16 unit takes at most three bytes.
  if (key !== '' && key.length * 3 <= LONGEST_KEY_BYTES) return undefined
  const bytes = Buffer.byteLength(key)
  if (bytes > 0 && bytes <= LONGEST_KEY_BYTES) return undefined
  return `a key must have 1 to ${LONGEST_KEY_BYTES} bytes, because it is the id of a document, but this one has ${bytes}`
}
