import { concurrently } from './batches.ts'
import type { ElasticOptions } from './options.ts'
import { type ElasticRequest, RequestFailed } from './requests.ts'

type Send = (request: ElasticRequest, signal: AbortSignal | undefined) => Promise<unknown>

const CONCURRENT_REQUESTS = 8

/** Without a mapping of their fields, documents are neither parsed nor indexed more than needed, and can't be in conflict. */
const UNMAPPED = { mappings: { dynamic: false } }

/** Sees to it that indices are there before they are written to: Elasticsearch makes those that it misses, with a guessed mapping. */
export class Indices {
  readonly #create: NonNullable<ElasticOptions['create']>
  readonly #send: Send
  readonly #known = new Set<string>()

  constructor(create: NonNullable<ElasticOptions['create']>, send: Send) {
    this.#create = create
    this.#send = send
  }

  /** Rejects with RequestFailed if one of them is missing, or can't be made. */
  async ensure(indices: ReadonlySet<string>, signal: AbortSignal | undefined): Promise<void> {
    const unknown = [...indices].filter((index) => !this.#known.has(index))
    if (unknown.length > 0) await concurrently(unknown, CONCURRENT_REQUESTS, (index) => this.#ensure(index, signal))
  }

  async #ensure(index: string, signal: AbortSignal | undefined): Promise<void> {
    const path = `/${encodeURIComponent(index)}`
    const request: ElasticRequest =
      this.#create === false
        ? // Not HEAD, after which the client gives its connection up, under the hands of other requests.
          { method: 'GET', path: `${path}/_alias` }
        : { method: 'PUT', path, body: this.#create === true ? UNMAPPED : this.#create }
    try {
      await this.#send(request, signal)
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error
      if (error.type === 'index_not_found_exception') throw indexMissing(index, error)
      if (!mayBeThere(error)) throw error
    }
    this.#known.add(index)
  }
}

/** Whether it is there, or whether to ask was forbidden to one who may write: then Elasticsearch makes no index for him either. */
function mayBeThere({ type, status, message }: RequestFailed): boolean {
  if (type === 'resource_already_exists_exception') return true
  if (type === 'invalid_index_name_exception') return message.includes('already exists as alias')
  return type === 'security_exception' && status === 403
}

function indexMissing(index: string, cause: unknown): RequestFailed {
  const message = `the index ${JSON.stringify(index)} does not exist: create it, or give the store the option create`
  return new RequestFailed(message, { status: 404, isUnanswered: false, cause })
}
