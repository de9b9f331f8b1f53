import {
  type Clock,
  describePartition,
  type FetchedBatch,
  KasperError,
  sleep,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@kasper/core'
import type { Cluster } from '../cluster/cluster.ts'
import { ClusterError } from '../cluster/cluster.ts'
import { asKasperError, brokerErrorOf, isTransient } from '../cluster/failures.ts'
import type { Patience } from '../patience.ts'
import { patience } from '../patience.ts'

export interface FetcherOptions {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly maxPartitionBytes: number
  /** How long a broker may fail before fetching is given up. */
  readonly patienceMs: number
  /** An attempt has failed and is going to be repeated. */
  readonly onRetry: () => void
  /** There is something to take, or an error to see. */
  readonly onReady: () => void
  /** Fetching is given up. */
  readonly onFailure: (error: KasperError) => void
}

interface Reading {
  readonly topic: string
  readonly partition: number
  position: number
  /** The end of the log as it was last handed over. */
  knownEnd: number | undefined
  paused: boolean
  /** Fetched and not yet taken. While it waits, nothing more is fetched of this partition. */
  ready: FetchedBatch | undefined
  /** Arrived after the partition was paused: it becomes ready when it is resumed. */
  held: FetchedBatch | undefined
  /** The broker does not have the position. Stands until the position is changed. */
  outOfRange: KasperError | undefined
}

/** The partition that a broker could not give, and why. */
interface FailedPartition {
  readonly position: TopicPartitionOffset
  readonly error: ClusterError
}

/** How long a broker holds a fetch back when it has nothing new. */
const LONG_POLL_MS = 250
/** The same while some partition of that broker is left out: it may want to be fetched again at any moment, and would have to wait. */
const SHORT_POLL_MS = 50
const MAX_RESPONSE_BYTES = 10 * 1024 * 1024

/** Fetches the assigned partitions: from every leader one request at a time, of every partition one batch ahead. */
export class Fetcher {
  readonly #options: FetcherOptions
  #partitions = new Map<string, Reading>()
  /** In the order fetched. */
  #ready: Reading[] = []
  /** The leader of every partition; `undefined` when it has to be found out. */
  #leaders: Map<string, number> | undefined
  /** What is being asked, or rests after a failure: brokers by id, and the metadata. */
  readonly #busy = new Set<number | 'metadata'>()
  readonly #patience = new Map<number | 'metadata', Patience>()
  #closed = false

  constructor(options: FetcherOptions) {
    this.#options = options
  }

  /** Whether some attempt that failed is being repeated. */
  get failing(): boolean {
    return this.#patience.size > 0
  }

  /** Reads these partitions, and no others, from these positions on. */
  assign(positions: readonly TopicPartitionOffset[]): void {
    this.clear()
    for (const { topic, partition, offset } of positions) {
      const reading = {
        topic,
        partition,
        position: offset,
        knownEnd: undefined,
        paused: false,
        ready: undefined,
        held: undefined,
        outOfRange: undefined,
      }
      this.#partitions.set(describePartition(reading), reading)
    }
    this.#leaders = undefined
    this.#fetchAll()
  }

  /** Reads nothing, and forgets what was fetched. */
  clear(): void {
    this.#partitions = new Map()
    this.#ready = []
  }

  close(): void {
    this.#closed = true
    this.clear()
  }

  /** All that was fetched, in that order. Throws where a partition is out of range. */
  take(): readonly FetchedBatch[] {
    for (const { outOfRange } of this.#partitions.values()) if (outOfRange !== undefined) throw outOfRange
    if (this.#ready.length === 0) return []
    const taken = this.#ready.map((reading) => {
      const batch = reading.ready!
      reading.ready = undefined
      return batch
    })
    this.#ready = []
    this.#fetchAll()
    return taken
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const reading of this.#find(partitions)) reading.paused = true
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const reading of this.#find(partitions)) {
      reading.paused = false
      if (reading.held === undefined) continue
      this.#offer(reading, reading.held)
      reading.held = undefined
    }
    this.#fetchAll()
  }

  seek({ topic, partition, offset }: TopicPartitionOffset): void {
    for (const reading of this.#find([{ topic, partition }])) {
      // A new object, so that what is being fetched for the old one is dropped when it arrives.
      const key = describePartition(reading)
      this.#partitions.set(key, {
        ...reading,
        position: offset,
        knownEnd: undefined,
        ready: undefined,
        held: undefined,
        outOfRange: undefined,
      })
      this.#ready = this.#ready.filter((other) => other !== reading)
    }
    this.#fetchAll()
  }

  #find(partitions: readonly TopicPartition[]): readonly Reading[] {
    return partitions.map((it) => this.#partitions.get(describePartition(it))).filter((reading) => reading !== undefined)
  }

  /** Starts a fetch from every leader that has something to fetch and is not being asked already. */
  #fetchAll(): void {
    if (this.#closed || this.#partitions.size === 0) return
    if (this.#leaders === undefined) {
      void this.#try('metadata', () => this.#findLeaders())
      return
    }
    const wanted = new Map<number, { readonly fetch: Reading[]; leftOut: boolean }>()
    for (const [key, reading] of this.#partitions) {
      const leader = this.#leaders.get(key)
      if (leader === undefined || this.#busy.has(leader)) continue
      const plan = wanted.get(leader) ?? { fetch: [], leftOut: false }
      wanted.set(leader, plan)
      if (!reading.paused && reading.ready === undefined && reading.held === undefined && reading.outOfRange === undefined)
        plan.fetch.push(reading)
      else plan.leftOut = true
    }
    for (const [leader, { fetch, leftOut }] of wanted) {
      if (fetch.length > 0) void this.#try(leader, () => this.#fetch(leader, fetch, leftOut ? SHORT_POLL_MS : LONG_POLL_MS))
    }
  }

  /** Does this, unless it is under way or rests; on a passing failure rests and looks again, on a lasting one gives up. */
  async #try(what: number | 'metadata', action: () => Promise<FailedPartition | void>): Promise<void> {
    if (this.#busy.has(what)) return
    this.#busy.add(what)
    const { clock, patienceMs, onRetry, onFailure } = this.#options
    let failed: FailedPartition | void = undefined
    try {
      failed = await action()
      if (failed !== undefined) throw failed.error
      this.#patience.delete(what)
    } catch (error) {
      if (this.#closed) return
      const trust = this.#patience.get(what) ?? patience(clock, patienceMs)
      this.#patience.set(what, trust)
      const restMs = isTransient(error) ? trust.failed() : undefined
      if (restMs === undefined) {
        const topics = [...new Set([...this.#partitions.values()].map((reading) => reading.topic))].join(', ')
        const doing = what === 'metadata' ? `cannot read the metadata of ${topics}` : `cannot fetch ${topics} from broker ${what}`
        onFailure(asKasperError(error, doing, 'FETCH_FAILED', failed?.position))
        return
      }
      onRetry()
      this.#leaders = undefined
      await sleep(clock, restMs)
    } finally {
      this.#busy.delete(what)
    }
    this.#fetchAll()
  }

  async #findLeaders(): Promise<void> {
    const { cluster } = this.#options
    const topics = [...new Set([...this.#partitions.values()].map((reading) => reading.topic))]
    const metadata = await cluster.metadata(topics)
    const leaders = new Map<string, number>()
    for (const topic of topics) {
      const known = metadata.topics.get(topic)
      if (known === undefined)
        throw new ClusterError('broker', `topic ${topic} does not exist`, { type: 'UNKNOWN_TOPIC_OR_PARTITION' })
      known.leaders.forEach((leader, partition) => leaders.set(describePartition({ topic, partition }), leader))
    }
    for (const [key, { topic, partition }] of this.#partitions) {
      if (!leaders.has(key))
        throw new KasperError('PARTITION_UNKNOWN', `${topic} has no partition ${partition}`, { topic, partition })
    }
    this.#leaders = leaders
    // A broker that leads nothing of ours any more is not asked again, so what it failed in is over.
    const asked = new Set(leaders.values())
    for (const what of this.#patience.keys()) if (what !== 'metadata' && !asked.has(what)) this.#patience.delete(what)
  }

  async #fetch(leader: number, readings: readonly Reading[], maxWaitMs: number): Promise<FailedPartition | undefined> {
    const { cluster, maxPartitionBytes } = this.#options
    const asked = new Map(
      readings.map((reading) => {
        const { topic, partition, position } = reading
        return [describePartition(reading), { reading, topic, partition, offset: position }]
      }),
    )
    const fetched = await cluster.fetch(leader, {
      positions: [...asked.values()],
      maxWaitMs,
      maxBytes: MAX_RESPONSE_BYTES,
      maxPartitionBytes,
    })
    let failed: FailedPartition | undefined
    for (const one of fetched) {
      const { reading, offset } = asked.get(describePartition(one)) ?? {}
      if (reading === undefined || offset === undefined || !this.#isCurrent(reading)) continue
      if (one.batch !== undefined) this.#arrived(reading, one.batch)
      else if (brokerErrorOf(one.error) === 'OFFSET_OUT_OF_RANGE') await this.#refuse(reading, leader, offset, one.error)
      else if (one.error !== undefined)
        failed = { position: { topic: reading.topic, partition: reading.partition, offset }, error: one.error }
    }
    return failed
  }

  #isCurrent(reading: Reading): boolean {
    return this.#partitions.get(describePartition(reading)) === reading
  }

  #arrived(reading: Reading, batch: FetchedBatch): void {
    if (batch.nextOffset === reading.position && batch.endOffset === reading.knownEnd) return
    reading.position = batch.nextOffset
    reading.knownEnd = batch.endOffset
    if (reading.paused) reading.held = batch
    else this.#offer(reading, batch)
  }

  #offer(reading: Reading, batch: FetchedBatch): void {
    reading.ready = batch
    this.#ready.push(reading)
    this.#options.onReady()
  }

  /** The broker does not have this position, and its answer does not say what it has. */
  async #refuse(reading: Reading, leader: number, offset: number, cause: unknown): Promise<void> {
    const { cluster, onReady } = this.#options
    const { topic, partition } = reading
    const place = { topic, partition }
    const range = await Promise.all([
      cluster.listOffsets(leader, [place], 'earliest'),
      cluster.listOffsets(leader, [place], 'latest'),
    ]).then(
      ([[first], [end]]) => `, which has ${first} to ${end}`,
      () => '',
    )
    if (!this.#isCurrent(reading)) return
    reading.outOfRange = new KasperError(
      'OFFSET_OUT_OF_RANGE',
      `offset ${offset} of ${describePartition(reading)} is not in the log${range}`,
      {
        topic,
        partition,
        offset,
        cause,
      },
    )
    onReady()
  }
}
