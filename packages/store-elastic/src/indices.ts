import { concurrently } from '@kasper/core/adapter'
import type { ElasticOptions } from './options.ts'
import { RequestFailed } from './request-failed.ts'
import type { ElasticRequest } from './requests.ts'

type Send = (request: ElasticRequest, signal: AbortSignal | undefined) => Promise<unknown>

const CONCURRENT_REQUESTS = 8

/** Without mapped fields, documents are hardly parsed, are not indexed, and cannot conflict with a mapping. */
const UNMAPPED = { mappings: { dynamic: false } }

/** Makes sure that indices exist before they are written to: Elasticsearch would create a missing one with a guessed mapping. */
export class Indices {
  readonly #create: NonNullable<ElasticOptions['create']>
  readonly #send: Send
  readonly #known = new Set<string>()

  constructor(create: NonNullable<ElasticOptions['create']>, send: Send) {
    this.#create = create
    this.#send = send
  }

  /** Rejects with RequestFailed if an index is missing, or cannot be created. */
  async ensure(indices: ReadonlySet<string>, signal: AbortSignal | undefined): Promise<void> {
    const unknown = [...indices].filter((index) => !this.#known.has(index))
    if (unknown.length > 0) await concurrently(unknown, CONCURRENT_REQUESTS, (index) => this.#ensure(index, signal))
  }

  async #ensure(index: string, signal: AbortSignal | undefined): Promise<void> {
    const path = `/${encodeURIComponent(index)}`
    const request: ElasticRequest =
      this.#create === false
        ? // Not HEAD: after it the client closes its connection, although other requests use it.
          { method: 'GET', path: `${path}/_alias` }
        : { method: 'PUT', path, body: this.#create === true ? UNMAPPED : this.#create }
    try {
      await this.#send(request, signal)
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error
      if (error.type === 'index_not_found_exception') throw indexMissing(index, error)
      if (!mayExist(error)) throw error
    }
    this.#known.add(index)
  }
}

/**
 * Whether the index exists, or the user may not ask. A user who may write, but not look at indices, may not create them either, so
 * Elasticsearch does not create a missing one.
 */
function mayExist({ type, status, message }: RequestFailed): boolean {
  if (type === 'resource_already_exists_exception') return true
  if (type === 'invalid_index_name_exception') return message.includes('already exists as alias')
  return type === 'security_exception' && status === 403
}

function indexMissing(index: string, cause: unknown): RequestFailed {
  const message = `the index ${JSON.stringify(index)} does not exist: create it, or give the store the option create`
  return new RequestFailed(message, { status: 404, mayBeDone: false, retriable: false, cause })
}
