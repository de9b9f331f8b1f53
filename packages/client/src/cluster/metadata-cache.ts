import { type Clock, type TopicPartition, systemClock } from '@kasper/core'
import { Backoff, sleep } from '@kasper/core/adapter'
import type { Cluster } from './cluster.ts'
import { asKasperError, ClusterError, isTransient, topicUnknown } from './errors.ts'

/** The leader that a broker reports for a partition without a leader. */
export const NO_LEADER = -1
/** How long a request for metadata is repeated while the cluster is changing. */
const RETRY_LIMIT_MS = 10_000
/** The age at which metadata is read again, to find partitions that were added. As in Java's clients. */
const MAX_AGE_MS = 300_000

/** The leader of each partition, by topic. */
export type Leaders = ReadonlyMap<string, readonly number[]>

/** A request that waits until the one before it is answered. */
interface WaitingRequest {
  readonly topics: Set<string>
  readonly answer: Promise<Leaders>
}

/**
 * The partitions of topics and their leaders, as brokers have reported them. Each consumer, producer and admin client has its own
 * cache. It reads metadata on demand. If an answer shows that a leader has changed, the client calls {@link invalidate}.
 */
export class MetadataCache {
  readonly #cluster: Cluster
  readonly #clock: Clock
  readonly #onRetry: () => void
  /** By topic and partition. `undefined` for a leader that has to be read again. */
  readonly #leaders = new Map<string, (number | undefined)[]>()
  #agedSince: number
  #lastRequest: Promise<unknown> = Promise.resolve()
  #waiting: WaitingRequest | undefined

  /** @param onRetry called when a request failed and is going to be repeated */
  constructor(cluster: Cluster, clock: Clock = systemClock, onRetry: () => void = () => {}) {
    this.#cluster = cluster
    this.#clock = clock
    this.#onRetry = onRetry
    this.#agedSince = clock.monotonic()
  }

  /** The number of partitions of a topic. `undefined` if its metadata was never read. */
  partitionCount(topic: string): number | undefined {
    return this.#leaders.get(topic)?.length
  }

  /** The broker that leads a partition, or {@link NO_LEADER}. `undefined` if this has to be read first. */
  leader({ topic, partition }: TopicPartition): number | undefined {
    return this.#leaders.get(topic)?.[partition]
  }

  /** The leaders of these partitions have to be read again. */
  invalidate(partitions: Iterable<TopicPartition>): void {
    for (const { topic, partition } of partitions) {
      const leaders = this.#leaders.get(topic)
      if (leaders !== undefined && partition < leaders.length) leaders[partition] = undefined
    }
  }

  /** Asks a broker about these topics. The result lacks those that the broker does not know. */
  async find(topics: Iterable<string>): Promise<Leaders> {
    const wanted = new Set(topics)
    if (wanted.size === 0) return new Map()
    const request = this.#nextRequest()
    for (const topic of wanted) request.topics.add(topic)
    try {
      return await request.answer
    } catch (error) {
      // A topic of another caller may be the reason, unless no broker was reached.
      if (request.topics.size === wanted.size || (error instanceof ClusterError && error.kind === 'connection')) throw error
      return await this.#request(wanted)
    }
  }

  /** Asks a broker about these topics. Rejects with `TOPIC_UNKNOWN`, which names every topic that does not exist. */
  async read(topics: readonly string[]): Promise<Leaders> {
    const found = await this.find(topics)
    const unknown = [...new Set(topics)].filter((topic) => !found.has(topic))
    if (unknown.length > 0) throw topicUnknown(unknown)
    return found
  }

  /** The same, repeated while the cluster is changing. */
  async readWithRetries(topics: readonly string[]): Promise<void> {
    const backoff = new Backoff(this.#clock, { limitMs: RETRY_LIMIT_MS })
    for (;;) {
      try {
        await this.read(topics)
        return
      } catch (error) {
        const restMs = isTransient(error) ? backoff.failed() : undefined
        if (restMs === undefined)
          throw asKasperError(error, `cannot read the metadata of ${[...new Set(topics)].join(', ')}`, 'FETCH_FAILED')
        this.#onRetry()
        await sleep(this.#clock, restMs)
      }
    }
  }

  /** Reads all topics again in the background if their metadata is old. If that fails, the next attempt is made {@link MAX_AGE_MS} later. */
  refreshIfOld(): void {
    const now = this.#clock.monotonic()
    if (now - this.#agedSince < MAX_AGE_MS) return
    this.#agedSince = now
    // One call for each topic: they share a request, but a topic that fails does not fail the others.
    for (const topic of this.#leaders.keys()) this.find([topic]).catch(() => {})
  }

  /** The request to join. A request under way is not joined, because it may have been answered already. */
  #nextRequest(): WaitingRequest {
    if (this.#waiting === undefined) {
      const topics = new Set<string>()
      const answer = this.#lastRequest.then(() => {
        this.#waiting = undefined
        return this.#request(topics)
      })
      this.#lastRequest = answer.catch(() => {})
      this.#waiting = { topics, answer }
    }
    return this.#waiting
  }

  /** A topic that the broker does not know keeps its entry: another broker may know more. */
  async #request(topics: ReadonlySet<string>): Promise<Leaders> {
    const { topics: described } = await this.#cluster.metadata([...topics])
    const found = new Map<string, readonly number[]>()
    for (const topic of topics) {
      const leaders = described.get(topic)?.leaders
      if (leaders === undefined) continue
      found.set(topic, leaders)
      this.#leaders.set(topic, [...leaders])
    }
    return found
  }
}
