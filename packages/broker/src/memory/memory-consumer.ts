import {
  type Consumer,
  type ConsumerOptions,
  type FetchedBatch,
  KasperError,
  type Message,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@kasper/core'
import { describePartition } from '@kasper/core/adapter'
import { batchSize, type RecordView } from '@kasper/protocol'
import { type Connection, isUp, orAborted, untilUp } from './connection.ts'
import { GroupMember } from './group-member.ts'
import type { LogSlice, PartitionLog } from '../logs/partition-log.ts'
import { keyOf } from '../logs/topic.ts'
import { WakeUp } from './wake-up.ts'

const DEFAULT_MAX_PARTITION_BYTES = 1 << 20
const noSlices: readonly LogSlice[] = []

/** A fetch's answer: still bytes, taken apart when it is handed out. */
interface Fetched {
  readonly slices: readonly LogSlice[]
  readonly fromOffset: number
  readonly nextOffset: number
  readonly endOffset: number
  readonly bytes: number
}

interface AssignedPartition {
  readonly log: PartitionLog
  /** Where the next fetch starts. */
  position: number
  /** The end of the log as it was last handed out or fetched. */
  knownEnd: number | undefined
  fetched: Fetched | undefined
  paused: boolean
  /** What the fetch under way hangs on. */
  held: Promise<void> | undefined
  /** Why fetching cannot go on before a `seek`. */
  error: KasperError | undefined
}

/** The consumer of {@link MemoryKafka}. */
export class MemoryConsumer implements Consumer {
  readonly #connection: Connection
  readonly #member: GroupMember
  readonly #groupId: string
  readonly #maxPartitionBytes: number
  readonly #onRetry: (stage: 'fetch' | 'commit') => void
  readonly #onClose: () => void
  readonly #partitions = new Map<string, AssignedPartition>()
  /** Partitions with something fetched, in the order fetched. */
  #ready: AssignedPartition[] = []
  readonly #wakeUp = new WakeUp()
  readonly #closed = new AbortController()
  #fatal: { readonly error: unknown } | undefined
  /** The broker has not answered for so long that `poll` has to say so; then it is tried again. */
  #unreachable: { readonly error: unknown } | undefined
  #reconnecting = false
  #fetchScheduled = false
  #lastCommit: Promise<void> = Promise.resolve()

  constructor(connection: Connection, options: ConsumerOptions, onClose: () => void) {
    this.#connection = connection
    this.#groupId = options.groupId
    this.#maxPartitionBytes = options.maxPartitionBytes ?? DEFAULT_MAX_PARTITION_BYTES
    this.#onRetry = (stage) => options.onRetry?.(stage)
    this.#onClose = onClose
    this.#member = new GroupMember(connection, options, {
      start: (positions) => this.#start(positions),
      stop: () => this.#stop(),
      fail: (error) => this.#fail(error),
    })
    connection.broker.faults.watchers.add(this.#scheduleFetches)
    void this.#member.run()
  }

  get connected(): boolean {
    return isUp(this.#connection)
  }

  async poll({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<readonly FetchedBatch[]> {
    this.#closed.signal.throwIfAborted()
    const turn = this.#connection.broker.turn()
    if (turn !== undefined) await turn
    while (!this.#closed.signal.aborted && signal?.aborted !== true) {
      this.#throwWhereStuck()
      if (this.#ready.length > 0) return this.#takeReady()
      this.#throwWhereUnreachable()
      signal?.addEventListener('abort', this.#wakeUp.ring, { once: true })
      await this.#wakeUp.wait()
      signal?.removeEventListener('abort', this.#wakeUp.ring)
    }
    return []
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) {
      const assigned = this.#partitions.get(keyOf(partition))
      if (assigned !== undefined) assigned.paused = true
    }
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) {
      const assigned = this.#partitions.get(keyOf(partition))
      if (assigned !== undefined) assigned.paused = false
    }
    this.#scheduleFetches()
  }

  seek(position: TopicPartitionOffset): void {
    const assigned = this.#partitions.get(keyOf(position))
    if (assigned === undefined) return
    assigned.position = position.offset
    assigned.error = undefined
    this.#dropFetched(assigned)
    this.#scheduleFetches()
  }

  commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    // One after the other, so that an older commit that had to wait does not overtake a newer one.
    const committed = this.#lastCommit.then(() => this.#commit(offsets))
    this.#lastCommit = committed.catch(() => {})
    return committed
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return
    this.#closed.abort(new KasperError('CLOSED', 'The consumer is closed'))
    this.#member.leave()
    this.#connection.broker.faults.watchers.delete(this.#scheduleFetches)
    this.#stop()
    this.#wakeUp.ring()
    this.#onClose()
  }

  async #commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    const { signal } = this.#closed
    const { broker } = this.#connection
    signal.throwIfAborted()
    this.#member.checkOwned(offsets)
    await untilUp(this.#connection, signal, undefined, () => this.#onRetry('commit'))
    const place = { groupId: this.#groupId }
    if (broker.faults.strikes('commit', place)) {
      throw new KasperError('COMMIT_FAILED', `The broker refused the commit of group ${this.#groupId}, as the test's faults say`)
    }
    const held = broker.faults.heldUp('commit', place)
    if (held !== undefined) await orAborted(held, signal)
    this.#member.commit(offsets)
    await broker.stored()
  }

  #start(positions: readonly TopicPartitionOffset[]): void {
    for (const position of positions) {
      const log = this.#connection.broker.log(position)
      const assigned: AssignedPartition = {
        log,
        position: position.offset,
        knownEnd: undefined,
        fetched: undefined,
        paused: false,
        held: undefined,
        error: undefined,
      }
      this.#partitions.set(keyOf(position), assigned)
      log.watchers.add(this.#scheduleFetches)
    }
    this.#scheduleFetches()
  }

  #stop(): void {
    for (const { log } of this.#partitions.values()) log.watchers.delete(this.#scheduleFetches)
    this.#partitions.clear()
    this.#ready = []
  }

  #fail(error: unknown): void {
    this.#fatal = { error }
    this.#wakeUp.ring()
  }

  /** Fetches in the background: soon, but not while the caller is still at work. */
  readonly #scheduleFetches = (): void => {
    if (this.#fetchScheduled) return
    this.#fetchScheduled = true
    queueMicrotask(() => {
      this.#fetchScheduled = false
      this.#fetchAll()
    })
  }

  #fetchAll(): void {
    if (!isUp(this.#connection)) {
      void this.#reconnect()
      return
    }
    for (const assigned of this.#partitions.values()) this.#fetch(assigned)
    if (this.#ready.length > 0) this.#wakeUp.ring()
  }

  async #reconnect(): Promise<void> {
    if (this.#reconnecting || this.#unreachable !== undefined || this.#closed.signal.aborted) return
    this.#reconnecting = true
    try {
      await untilUp(this.#connection, this.#closed.signal, undefined, () => this.#onRetry('fetch'))
      this.#scheduleFetches()
    } catch (error) {
      this.#unreachable = { error }
      this.#wakeUp.ring()
    } finally {
      this.#reconnecting = false
    }
  }

  #fetch(assigned: AssignedPartition): void {
    if (assigned.paused || assigned.fetched !== undefined || assigned.error !== undefined) return
    const { log, position, knownEnd } = assigned
    const held = this.#connection.broker.faults.heldUp('fetch', log)
    if (held !== undefined) {
      if (held !== assigned.held) void held.then(this.#scheduleFetches)
      assigned.held = held
      return
    }
    assigned.error = this.#whyNot(log, position)
    if (assigned.error !== undefined) {
      this.#wakeUp.ring()
      return
    }
    const endOffset = log.lastStableOffset
    const read = log.read(position, this.#maxPartitionBytes)
    if (read === undefined && endOffset === knownEnd) return
    assigned.fetched = {
      slices: read?.slices ?? noSlices,
      fromOffset: position,
      nextOffset: read?.nextOffset ?? position,
      endOffset,
      bytes: read?.sizeInBytes ?? 0,
    }
    assigned.position = assigned.fetched.nextOffset
    assigned.knownEnd = endOffset
    this.#ready.push(assigned)
  }

  #whyNot(log: PartitionLog, offset: number): KasperError | undefined {
    const { topic, partition } = log
    if (this.#connection.broker.topics.get(topic)?.logs[partition] !== log) {
      return new KasperError('TOPIC_UNKNOWN', `Topic ${topic} was deleted while it was read`, { topic, partition })
    }
    if (offset >= log.startOffset && offset <= log.lastStableOffset) return undefined
    const range = `from ${log.startOffset} to ${log.lastStableOffset}`
    const message = `Offset ${offset} of ${describePartition(log)} is out of range: its log goes ${range}; seek to an offset in it`
    return new KasperError('OFFSET_OUT_OF_RANGE', message, { topic, partition, offset })
  }

  #throwWhereStuck(): void {
    if (this.#fatal !== undefined) throw this.#fatal.error
    for (const { error } of this.#partitions.values()) if (error !== undefined) throw error
  }

  #throwWhereUnreachable(): void {
    if (this.#unreachable === undefined) return
    const { error } = this.#unreachable
    this.#unreachable = undefined
    this.#scheduleFetches()
    throw error
  }

  #takeReady(): FetchedBatch[] {
    const ready = this.#ready
    this.#ready = []
    const batches = ready.map((assigned) => {
      const batch = decode(assigned.log, assigned.fetched!)
      assigned.fetched = undefined
      return batch
    })
    this.#scheduleFetches()
    return batches
  }

  #dropFetched(assigned: AssignedPartition): void {
    if (assigned.fetched === undefined) return
    assigned.fetched = undefined
    this.#ready = this.#ready.filter((one) => one !== assigned)
  }
}

function decode(log: PartitionLog, { slices, fromOffset, nextOffset, endOffset, bytes }: Fetched): FetchedBatch {
  const messages: RecordView[] = []
  for (const slice of slices) {
    for (let at = slice.start; at < slice.end; at += batchSize(slice.bytes, at)) {
      log.decode(slice.bytes, at, fromOffset, messages)
    }
  }
  return { topic: log.topic, partition: log.partition, messages: messages satisfies Message[], nextOffset, endOffset, bytes }
}
