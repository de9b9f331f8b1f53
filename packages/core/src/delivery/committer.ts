import type { Consumer } from '../kafka/consumer.ts'
import type { TopicPartitionOffset } from '../kafka/topic-partition.ts'
import { hasCode } from '../runtime/errors.ts'

interface Pending {
  readonly offsets: readonly TopicPartitionOffset[]
  /** Whether the partition still belongs to whoever asked. */
  readonly owned: () => boolean
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Commits offsets for all partitions through one consumer: one request at a time, and everything that comes up meanwhile goes
 * together with the next. So many partitions with small batches don't make many small commits.
 */
export class Committer {
  readonly #consumer: Pick<Consumer, 'commit'>
  readonly #onRetry: () => void
  #waiting: Pending[] = []
  #running = false

  constructor(consumer: Pick<Consumer, 'commit'>, onRetry: () => void = () => {}) {
    this.#consumer = consumer
    this.#onRetry = onRetry
  }

  /** Resolves when the broker has these offsets. Rejects with `FENCED` when the partition was lost. */
  commit(offsets: readonly TopicPartitionOffset[], owned: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ offsets, owned, resolve, reject })
      if (!this.#running) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#waiting.length > 0) {
      const round = this.#waiting
      this.#waiting = []
      await this.#commitTogether(round)
    }
    this.#running = false
  }

  async #commitTogether(round: readonly Pending[]): Promise<void> {
    try {
      await this.#consumer.commit(round.flatMap((pending) => pending.offsets))
      for (const pending of round) pending.resolve()
    } catch (error) {
      const owned = round.filter((pending) => pending.owned())
      // One lost partition fails the request for all, and none is committed: those that are still ours go again without it.
      if (hasCode(error, 'FENCED') && owned.length > 0 && owned.length < round.length) {
        for (const pending of round) if (!owned.includes(pending)) pending.reject(error)
        this.#onRetry()
        await this.#commitTogether(owned)
      } else {
        for (const pending of round) pending.reject(error)
      }
    }
  }
}
