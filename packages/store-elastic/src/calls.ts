import type { Client } from '@elastic/elasticsearch'
import type { StoreOptions } from '@kasper/core'
import { messageOf, storeError } from '@kasper/core'
import { Documents, Failure, keyProblem } from './documents.ts'
import { type ElasticOptions, checkOptions } from './options.ts'
import { describeServer, isClosed } from './requests.ts'
import { ElasticWriteError, failedKey, nameOf, type WrittenKey } from './write-error.ts'

/** A key, and the index that it is in. */
export interface Located extends WrittenKey {
  readonly index: string
}

/** The calls of both stores, on keys whose indices are known: everything that goes wrong becomes one clear error. */
export class Calls {
  readonly #client: Client
  readonly #options: ElasticOptions
  readonly #documents: Documents

  constructor(client: Client, options: ElasticOptions) {
    checkOptions(options)
    this.#client = client
    this.#options = options
    this.#documents = new Documents(client, options)
  }

  /** The values of these keys, in their order. */
  async read(
    operation: string,
    keys: readonly Located[],
    options: StoreOptions | undefined,
  ): Promise<(Uint8Array | undefined)[]> {
    const signal = options?.signal
    signal?.throwIfAborted()
    const unfit = keys.find(({ key }) => keyProblem(key) !== undefined)
    if (unfit !== undefined) throw this.#failed(operation, [unfit], keyProblem(unfit.key)!)
    const values = await this.#run(operation, keys, signal, () => this.#documents.read(keys, options))
    const failures = keys.filter((_, i) => values[i] instanceof Failure)
    if (failures.length > 0) {
      const { reason, cause } = values.find((value) => value instanceof Failure)!
      throw this.#failed(operation, failures, reason, cause)
    }
    return values as (Uint8Array | undefined)[]
  }

  /** Writes these values; deletes where there is none. */
  async write(
    operation: string,
    entries: readonly (readonly [Located, Uint8Array | undefined])[],
    options: StoreOptions | undefined,
  ): Promise<void> {
    const signal = options?.signal
    signal?.throwIfAborted()
    if (entries.length === 0) return
    const keys = entries.map(([key]) => key)
    if (keys.some(({ key }) => keyProblem(key) !== undefined)) {
      const reasons = keys.map(({ key }) => keyProblem(key) ?? 'not sent, because of the keys that are no ids')
      throw this.#notWritten(
        operation,
        keys,
        reasons.map((reason) => new Failure(reason, false)),
      )
    }
    const outcomes = await this.#run(operation, keys, signal, () =>
      this.#documents.write(
        entries.map(([{ index, key }, value]) => ({ index, key, value, version: this.#versionOf(key, value) })),
        options,
      ),
    )
    if (outcomes.some((outcome) => outcome !== undefined)) throw this.#notWritten(operation, keys, outcomes)
  }

  async flush(indices: readonly string[], options: StoreOptions | undefined): Promise<void> {
    const signal = options?.signal
    signal?.throwIfAborted()
    if (isClosed(this.#client)) throw this.#failed('flush', [], 'the client is closed', undefined, indices.join(', '))
    if (this.#options.flush === undefined) return
    const keys = indices.map((index) => ({ index, key: index }))
    await this.#run('flush', keys, signal, () => this.#documents.call(indices, `_${this.#options.flush}`, signal))
  }

  #versionOf(key: string, value: Uint8Array | undefined): number | undefined {
    const version = this.#options.versionOf?.(key, value)
    if (version === undefined || (Number.isSafeInteger(version) && version >= 0)) return version
    throw new Error(`versionOf gave ${version} for ${JSON.stringify(key)}: a version is a whole number from 0 on`)
  }

  async #run<T>(
    operation: string,
    keys: readonly Located[],
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      throw this.#failed(operation, operation === 'flush' ? [] : keys, messageOf(error), error, indicesOf(keys))
    }
  }

  #failed(operation: string, keys: readonly Located[], reason: string, cause?: unknown, store: string = indicesOf(keys)): Error {
    const call = { operation, keys: keys.map(nameOf), store, server: describeServer(this.#client) }
    return storeError(call, cause, reason, isClosed(this.#client) ? 'CLOSED' : 'STORE_FAILED')
  }

  #notWritten(operation: string, keys: readonly Located[], outcomes: readonly (Failure | undefined)[]): ElasticWriteError {
    const failedAt = keys.filter((_, i) => outcomes[i] !== undefined)
    const failed = keys.flatMap(({ tenant, key }, i) => {
      const outcome = outcomes[i]
      return outcome === undefined ? [] : [failedKey(tenant === undefined ? { key } : { tenant, key }, outcome)]
    })
    const written = keys.flatMap(({ tenant, key }, i) =>
      outcomes[i] === undefined ? [tenant === undefined ? { key } : { tenant, key }] : [],
    )
    const { cause } = outcomes.find((outcome) => outcome !== undefined)!
    const call = { operation, store: indicesOf(failedAt), server: describeServer(this.#client) }
    return new ElasticWriteError(call, failed, written, cause, isClosed(this.#client))
  }
}

/** The indices of these keys, for a message: not all of many. */
function indicesOf(keys: readonly Located[]): string {
  const indices = [...new Set(keys.map(({ index }) => index))]
  return indices.length <= 3 ? indices.join(', ') : `${indices.slice(0, 3).join(', ')} and ${indices.length - 3} more`
}
