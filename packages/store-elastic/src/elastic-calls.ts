import type { Client } from '@elastic/elasticsearch'
import type { KasperError, StoreOptions } from '@kasper/core'
import { checkVersion, messageOf, runStoreCall, storeError } from '@kasper/core/adapter'
import { DocumentFailure } from './document-failure.ts'
import { Documents, keyProblem } from './documents.ts'
import { describeServer, isClosed } from './elastic-client.ts'
import { checkOptions, type ElasticOptions } from './options.ts'
import { RequestFailed } from './request-failed.ts'
import { ElasticWriteError, nameOf, type WrittenKey } from './write-error.ts'

/** A key and its index. */
export interface KeyInIndex extends WrittenKey {
  readonly index: string
}

/** The calls of both stores. Each failure becomes one store error. */
export class ElasticCalls {
  readonly #client: Client
  readonly #options: ElasticOptions
  readonly #documents: Documents

  constructor(client: Client, options: ElasticOptions) {
    checkOptions(options)
    this.#client = client
    this.#options = options
    this.#documents = new Documents(client, options)
  }

  /** The values of these keys, in their order; `undefined` for a missing one. */
  async read(
    operation: string,
    keys: readonly KeyInIndex[],
    options: StoreOptions | undefined,
  ): Promise<(Uint8Array | undefined)[]> {
    options?.signal?.throwIfAborted()
    const refused = keys.find(({ key }) => keyProblem(key) !== undefined)
    if (refused !== undefined) throw this.#failed(operation, [refused], keyProblem(refused.key)!, { retriable: false })
    const values = await this.#run(operation, keys, options, () => this.#documents.read(keys, options))
    const failures = values.filter((value) => value instanceof DocumentFailure)
    const [first] = failures
    if (first !== undefined) {
      const failedKeys = keys.filter((_, i) => values[i] instanceof DocumentFailure)
      const retriable = failures.every((failure) => failure.retriable)
      throw this.#failed(operation, failedKeys, first.reason, { cause: first.cause, retriable })
    }
    return values as (Uint8Array | undefined)[]
  }

  /**
   * Writes these values. `undefined` deletes the key.
   *
   * @throws ElasticWriteError
   */
  async write(
    operation: string,
    entries: readonly (readonly [KeyInIndex, Uint8Array | undefined])[],
    options: StoreOptions | undefined,
  ): Promise<void> {
    options?.signal?.throwIfAborted()
    if (entries.length === 0) return
    const keys = entries.map(([key]) => key)
    if (keys.some(({ key }) => keyProblem(key) !== undefined)) {
      const reasons = keys.map(({ key }) => keyProblem(key) ?? 'not sent, because other keys of the call are refused')
      const failures = reasons.map((reason) => new DocumentFailure(reason, { mayBeWritten: false, retriable: false }))
      throw this.#notWritten(operation, keys, failures)
    }
    const outcomes = await this.#run(operation, keys, options, () =>
      this.#documents.write(
        entries.map(([{ index, key }, value]) => ({ index, key, value, version: this.#versionOf(key, value) })),
        options,
      ),
    )
    if (outcomes.some((outcome) => outcome !== undefined)) throw this.#notWritten(operation, keys, outcomes)
  }

  /** Does what the option `flush` says, for these indices. */
  async flush(indices: readonly string[], options: StoreOptions | undefined): Promise<void> {
    options?.signal?.throwIfAborted()
    const store = indices.join(', ')
    if (isClosed(this.#client)) throw this.#failed('flush', [], 'the client is closed', { store })
    const { flush } = this.#options
    if (flush === undefined) return
    const keys = indices.map((index) => ({ index, key: index }))
    await this.#run('flush', keys, options, () => this.#documents.call(indices, `_${flush}`, options?.signal))
  }

  #versionOf(key: string, value: Uint8Array | undefined): number | undefined {
    const version = this.#options.versionOf?.(key, value)
    if (version !== undefined) checkVersion(key, version)
    return version
  }

  #run<T>(operation: string, keys: readonly KeyInIndex[], options: StoreOptions | undefined, work: () => Promise<T>): Promise<T> {
    return runStoreCall(options?.signal, work, (error) => {
      const retriable = error instanceof RequestFailed && error.retriable
      const store = describeIndices(keys)
      return this.#failed(operation, operation === 'flush' ? [] : keys, messageOf(error), { cause: error, retriable, store })
    })
  }

  #failed(
    operation: string,
    keys: readonly KeyInIndex[],
    reason: string,
    { cause, retriable, store }: { readonly cause?: unknown; readonly retriable?: boolean; readonly store?: string },
  ): KasperError {
    const call = {
      operation,
      keys: keys.map(nameOf),
      store: store ?? describeIndices(keys),
      server: describeServer(this.#client),
    }
    return storeError(call, cause, isClosed(this.#client) ? { reason, code: 'CLOSED', retriable: false } : { reason, retriable })
  }

  #notWritten(
    operation: string,
    keys: readonly KeyInIndex[],
    outcomes: readonly (DocumentFailure | undefined)[],
  ): ElasticWriteError {
    const store = describeIndices(keys.filter((_, i) => outcomes[i] !== undefined))
    const call = { operation, store, server: describeServer(this.#client) }
    const withOutcomes = keys.map(({ tenant, key }, i) => ({
      key: tenant === undefined ? { key } : { tenant, key },
      failure: outcomes[i],
    }))
    return new ElasticWriteError(call, withOutcomes, isClosed(this.#client))
  }
}

/** The first three indices of these keys, and how many more there are. */
function describeIndices(keys: readonly KeyInIndex[]): string {
  const indices = [...new Set(keys.map(({ index }) => index))]
  return indices.length <= 3 ? indices.join(', ') : `${indices.slice(0, 3).join(', ')} and ${indices.length - 3} more`
}
