import type { Batch } from './batch.ts'
import { describeBatch } from './batch.ts'
import { runBatch } from './batch-participant.ts'
import type { FetchedBatch, ProduceAck, Producer } from './client.ts'
import type { Timer } from './clock.ts'
import type { Committer } from './committer.ts'
import type { ResolvedConfig } from './config.ts'
import type { EngineMetrics } from './engine-metrics.ts'
import { hasCode, KasperError, messageOf } from './errors.ts'
import type { OutgoingMessage } from './message.ts'
import type { MessageProcessor, ProcessContext } from './message-processor.ts'
import type { PartitionQueue } from './partition-queue.ts'
import { BatchSender } from './sender.ts'
import type { StartPosition } from './start-positions.ts'

/** What all workers of a processor share. */
export interface WorkerDependencies {
  readonly config: ResolvedConfig
  readonly producer: Producer
  readonly committer: Committer
  readonly metrics: EngineMetrics
  /** Whether this run ends at the end offsets that it found: then nothing waits for batches to fill. */
  readonly bounded: boolean
  /** Called after each batch: fetching may go on, or everything may be done. */
  readonly onProgress: (worker: PartitionWorker) => void
}

type Stage = 'process' | 'produce' | 'commit'

/**
 * Works through one partition number: takes batch after batch from its queue, processes, sends, commits. One at a time, with one
 * exception: while the offsets of a batch are on their way to the broker, the next is being processed. Its messages go out only
 * when those offsets have arrived, so a crash repeats the output of one batch at the most.
 */
export class PartitionWorker {
  readonly partition: number
  readonly queue: PartitionQueue
  /** Whether fetching is paused because the queue is full. */
  paused = false
  readonly #processor: MessageProcessor
  readonly #deps: WorkerDependencies
  readonly #context: ProcessContext
  readonly #abort = new AbortController()
  /** By topic: the next offset to process, everything before it being processed and acknowledged. */
  readonly #positions = new Map<string, { start: StartPosition; done: number }>()
  #lastCommit: Promise<void> = Promise.resolve()
  #current: { readonly batch: Batch; readonly since: number; stage: Stage; warned: boolean } | undefined
  #stopping = false
  #lost = false
  #wake: (() => void) | undefined
  #wakeTimer: Timer | undefined

  constructor(
    partition: number,
    processor: MessageProcessor,
    starts: readonly StartPosition[],
    queue: PartitionQueue,
    deps: WorkerDependencies,
  ) {
    this.partition = partition
    this.queue = queue
    this.#processor = processor
    this.#deps = deps
    this.#context = { partition, signal: this.#abort.signal }
    for (const start of starts) this.jump(start)
  }

  /** Whether the partition was taken away, so that nothing may be sent or committed for it. */
  get lost(): boolean {
    return this.#lost
  }

  get topics(): readonly string[] {
    return [...this.#positions.keys()]
  }

  push(fetched: FetchedBatch): void {
    if (!this.#positions.has(fetched.topic)) return
    this.queue.push(fetched, this.#deps.config.clock.monotonic())
    this.#wake?.()
  }

  /** Goes on at another offset of this topic: what was fetched of it is dropped. */
  jump(position: StartPosition): void {
    this.queue.startAt(position)
    this.#positions.set(position.topic, { start: position, done: position.offset })
    this.#wake?.()
  }

  /** Finishes the running batch, commits it, and ends. What is queued is dropped. */
  stop(): void {
    this.#stopping = true
    this.#wake?.()
  }

  /** The partition is gone, or nobody waits any more: whatever the running batch still does leads nowhere. */
  lose(): void {
    this.#lost = true
    this.#abort.abort(new KasperError('FENCED', `partition ${this.partition} no longer belongs to this processor`))
    this.stop()
  }

  /** Messages between the processed position and the end of the log, by topic. */
  lag(): readonly { readonly topic: string; readonly messages: number }[] {
    return [...this.#positions].map(([topic, { done }]) => ({ topic, messages: Math.max(0, this.queue.endOffset(topic) - done) }))
  }

  /** Everything that the log had when it was last fetched is processed and acknowledged. */
  hasConsumedAll(): boolean {
    return this.lag().every(({ messages }) => messages === 0)
  }

  /** Everything that was in the log when the partition was assigned is processed and acknowledged. */
  hasReachedTarget(): boolean {
    for (const { start, done } of this.#positions.values()) if (done < start.endOffset) return false
    return true
  }

  /** Warns, once per batch, when the running batch takes longer than `stallWarningMs`. */
  warnIfStalled(): void {
    const current = this.#current
    const { config } = this.#deps
    if (current === undefined || current.warned) return
    const elapsedMs = Math.round(config.clock.monotonic() - current.since)
    if (elapsedMs < config.stallWarningMs) return
    current.warned = true
    const span = current.batch.spans[0]!
    config.logger.warn(
      {
        processor: config.topicProcessorName,
        topic: span.topic,
        partition: this.partition,
        offset: span.firstOffset,
        stage: current.stage,
        elapsedMs,
      },
      `${current.stage} of the batch ${describeBatch(current.batch)} has not returned for ${elapsedMs / 1000} s; this partition stands still until it does`,
    )
  }

  /** Runs until stopped. Rejects when a batch fails; a lost partition is no failure. */
  async run(): Promise<void> {
    try {
      for (let batch = await this.#nextBatch(); batch !== undefined; batch = await this.#nextBatch()) await this.#work(batch)
      await this.#lastCommit
    } catch (error) {
      if (this.#lost) return
      if (!hasCode(error, 'FENCED')) throw error
      // The group moved on without us. The client says so too and joins again; until then this partition rests.
      this.#deps.config.logger.warn(
        { processor: this.#deps.config.topicProcessorName, partition: this.partition, err: error },
        'partition lost to another member of the group: its last batch was not committed and will be processed there again',
      )
      this.lose()
    } finally {
      for (const participant of this.#processor.participants ?? []) participant.release()
    }
  }

  async #nextBatch(): Promise<Batch | undefined> {
    const { clock } = this.#deps.config
    while (!this.#stopping) {
      const due = this.queue.dueIn(clock.monotonic(), !this.#deps.bounded || !this.#hasFetchedTarget())
      if (due <= 0) return this.queue.take()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        if (due !== Number.POSITIVE_INFINITY) this.#wakeTimer = clock.setTimer(resolve, due)
      })
      this.#wake = undefined
      this.#wakeTimer?.cancel()
      this.#wakeTimer = undefined
    }
    return undefined
  }

  #hasFetchedTarget(): boolean {
    for (const [topic, { start }] of this.#positions) if (this.queue.fetchedTo(topic) < start.endOffset) return false
    return true
  }

  async #work(batch: Batch): Promise<void> {
    const { config, metrics, committer, onProgress } = this.#deps
    const { clock } = config
    this.#current = { batch, since: clock.monotonic(), stage: 'process', warned: false }
    if (batch.messages.length > 0) {
      metrics.incoming(batch.spans)
      await this.#process(batch, this.#current.since)
    }
    this.#current.stage = 'commit'
    await this.#lastCommit
    if (this.#lost) return
    this.#current = undefined
    const doneAt = clock.monotonic()
    this.#lastCommit = committer
      .commit(batch.spans, () => !this.#lost)
      .then(
        () => metrics.committed(clock.monotonic() - doneAt),
        (error: unknown) => {
          throw asKasperError('COMMIT_FAILED', `could not commit ${describeBatch(batch)}`, batch, error)
        },
      )
    // Whoever awaits it next sees the error; until then it is not unhandled.
    this.#lastCommit.catch(() => this.stop())
    for (const span of batch.spans) {
      const position = this.#positions.get(span.topic)
      if (position !== undefined) position.done = span.offset
    }
    onProgress(this)
  }

  async #process(batch: Batch, startedAt: number): Promise<void> {
    const sender = new BatchSender((messages) => this.#produce(batch, messages))
    try {
      const { participants } = this.#processor
      const process = (): Promise<void> | void => this.#processor.process(batch.messages, sender, this.#context)
      await (participants === undefined ? process() : runBatch(participants, batch.messages, this.#context, process))
    } catch (error) {
      sender.abandon()
      throw asKasperError('PROCESS_FAILED', `process() failed on the batch ${describeBatch(batch)}`, batch, error)
    }
    this.#deps.metrics.processed(this.partition, batch.messages.length, this.#deps.config.clock.monotonic() - startedAt)
    await sender.finish()
  }

  async #produce(batch: Batch, messages: readonly OutgoingMessage[]): Promise<readonly ProduceAck[]> {
    const { config, producer, metrics } = this.#deps
    const stageBefore = this.#current?.stage
    if (this.#current !== undefined) this.#current.stage = 'commit'
    await this.#lastCommit
    if (this.#lost) throw this.#abort.signal.reason
    if (this.#current !== undefined) this.#current.stage = 'produce'
    const startedAt = config.clock.monotonic()
    try {
      const acks = await producer.send(messages, { signal: this.#abort.signal })
      metrics.produced(config.clock.monotonic() - startedAt)
      metrics.outgoing(acks)
      return acks
    } catch (error) {
      throw asKasperError('PRODUCE_FAILED', `could not send the output of the batch ${describeBatch(batch)}`, batch, error)
    } finally {
      if (this.#current !== undefined && stageBefore !== undefined) this.#current.stage = stageBefore
    }
  }
}

/** Adds where it happened. Kasper's own errors keep their code, and the offset that they name. */
function asKasperError(
  code: 'PROCESS_FAILED' | 'PRODUCE_FAILED' | 'COMMIT_FAILED',
  what: string,
  batch: Batch,
  cause: unknown,
): KasperError {
  const span = batch.spans[0]
  const named = cause instanceof KasperError ? cause : undefined
  if (named?.code === 'FENCED' || (named?.code === code && named.topic !== undefined)) return named
  return new KasperError(named?.code ?? code, `${what}: ${messageOf(cause)}`, {
    topic: named?.topic ?? span?.topic,
    partition: named?.partition ?? span?.partition,
    offset: named?.offset ?? (named?.topic === undefined ? span?.firstOffset : undefined),
    cause,
  })
}
