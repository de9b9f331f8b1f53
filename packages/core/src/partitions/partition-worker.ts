import type { Batch } from '../batches/batch.ts'
import { describeBatch } from '../batches/batch.ts'
import { runBatch } from '../batches/run-batch.ts'
import type { FetchedBatch } from '../kafka/consumer.ts'
import type { ProduceAck, Producer } from '../kafka/producer.ts'
import type { Timer } from '../runtime/clock.ts'
import type { Committer } from '../delivery/committer.ts'
import type { PartitionSettings } from './partition-settings.ts'
import type { EngineMetrics, PartitionState } from '../observability/engine-metrics.ts'
import type { ErrorStage } from '../observability/stages.ts'
import { errorFields, hasCode, KasperError, messageOf } from '../runtime/errors.ts'
import type { LogFields } from '../runtime/logger.ts'
import type { OutgoingMessage } from '../kafka/message.ts'
import type { MessageProcessor, ProcessContext } from '../batches/message-processor.ts'
import { PartitionProgress } from './partition-progress.ts'
import type { PartitionQueue } from './partition-queue.ts'
import { BatchSender } from '../batches/sender.ts'
import type { StartPosition } from './start-positions.ts'
import { longestStoreCall, ownStoreCalls } from '../state/store-calls.ts'
import type { ProcessSpan } from '../observability/tracing.ts'

/** What all workers of a processor share. */
export interface WorkerDependencies {
  readonly config: PartitionSettings
  readonly producer: Producer
  readonly committer: Committer
  readonly metrics: EngineMetrics
  /** Whether this run ends at the end offsets that it found: then nothing waits for batches to fill. */
  readonly bounded: boolean
  /** Called after each batch: fetching may go on, or everything may be done. */
  readonly onProgress: (worker: PartitionWorker) => void
}

/**
 * Works through one partition number: takes batch after batch from its queue, processes, sends, commits. One at a time, with one
 * exception: while the offsets of a batch are on their way to the broker, the next is being processed. Its messages go out only
 * when those offsets have arrived, so a crash repeats the output of one batch at the most.
 */
export class PartitionWorker {
  readonly partition: number
  readonly queue: PartitionQueue
  readonly progress: PartitionProgress
  readonly #processor: MessageProcessor
  readonly #deps: WorkerDependencies
  readonly #context: ProcessContext
  readonly #abort = new AbortController()
  #lastCommit: Promise<void> = Promise.resolve()
  /** The trace of the running batch. */
  #span: ProcessSpan | undefined
  /** Since when fetching has been paused because the queue is full. */
  #pausedAt: number | undefined
  /** What was thrown by a send that `process` waited for, so that it is not counted twice. */
  #sendError: unknown
  #stopping = false
  /** Whether the partition was taken away, so that nothing may be sent or committed for it. */
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
    const { clock, topicProcessorName } = deps.config
    const { signal } = this.#abort
    ownStoreCalls(signal)
    this.progress = new PartitionProgress(partition, queue, clock, (since) =>
      longestStoreCall(topicProcessorName, clock, signal, since),
    )
    deps.metrics.paused(partition, 0)
    for (const start of starts) {
      this.queue.startAt(start)
      this.progress.startAt(start)
    }
  }

  /** Whether fetching is paused because the queue is full. */
  get paused(): boolean {
    return this.#pausedAt !== undefined
  }

  set paused(paused: boolean) {
    this.#countPause()
    this.#pausedAt = paused ? this.#deps.config.clock.monotonic() : undefined
  }

  push(fetched: FetchedBatch): void {
    if (!this.progress.reads(fetched.topic)) return
    const now = this.#deps.config.clock.monotonic()
    this.progress.fetched(now)
    this.queue.push(fetched, now)
    this.#deps.metrics.fetched(fetched.topic, this.partition, fetched.bytes)
    this.#wake?.()
  }

  /** Reading goes on at another offset. What was fetched before is processed all the same, and then that offset is committed. */
  goOnAt(position: StartPosition): void {
    const { topic, partition, offset, endOffset } = position
    this.progress.goOnAt(position)
    this.push({ topic, partition, messages: [], nextOffset: offset, endOffset, bytes: 0 })
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

  /** Which partition, and what it is at, for log lines. */
  whereabouts(): LogFields {
    const activity = this.progress.activity()
    if (activity === undefined) return { partition: this.partition }
    const { topic, offset, stage } = activity
    return { topic, partition: this.partition, offset, stage }
  }

  /** What the gauges say of this partition. */
  state(): PartitionState {
    this.#countPause()
    return this.progress.state()
  }

  #countPause(): void {
    if (this.#pausedAt === undefined) return
    const now = this.#deps.config.clock.monotonic()
    this.#deps.metrics.paused(this.partition, now - this.#pausedAt)
    this.#pausedAt = now
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
        { processor: this.#deps.config.topicProcessorName, ...errorFields(error), partition: this.partition },
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
      const due = this.queue.dueIn(clock.monotonic(), !this.#deps.bounded || !this.progress.hasFetchedTarget())
      if (due <= 0) return this.#begin()
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

  #begin(): Batch {
    const { metrics, config } = this.#deps
    const since = config.clock.monotonic()
    const fetchedAt = this.queue.firstArrival ?? since
    const batch = this.queue.take()
    this.progress.begin(batch, since)
    this.#span = undefined
    if (batch.messages.length > 0) metrics.incoming(batch.ranges, since - fetchedAt)
    return batch
  }

  async #work(batch: Batch): Promise<void> {
    const { config, metrics, committer, onProgress } = this.#deps
    const { clock } = config
    if (batch.messages.length > 0) await this.#process(batch)
    this.progress.stage = 'commit'
    await this.#lastCommit
    if (this.#lost) return
    const commitSpan = this.#span?.startCommit()
    const doneAt = clock.monotonic()
    this.progress.done(batch, doneAt)
    this.#lastCommit = committer
      .commit(batch.ranges, () => !this.#lost)
      .then(
        () => {
          this.progress.committed()
          commitSpan?.end()
          metrics.committed(clock.monotonic() - doneAt)
        },
        (error: unknown) => {
          this.progress.committed()
          commitSpan?.end(error)
          this.#countError('commit', error)
          throw asKasperError('COMMIT_FAILED', `could not commit ${describeBatch(batch)}`, batch, error)
        },
      )
    // Whoever awaits it next sees the error; until then it is not unhandled.
    this.#lastCommit.catch(() => this.stop())
    onProgress(this)
  }

  async #process(batch: Batch): Promise<void> {
    const { metrics, config } = this.#deps
    const startedAt = config.clock.monotonic()
    const span = this.#startSpan(batch)
    const sender = new BatchSender((messages) => this.#produce(batch, messages, span))
    const { participants } = this.#processor
    const process = (): Promise<void> | void => this.#processor.process(batch.messages, sender, this.#context)
    const work = (): Promise<void> | void =>
      participants === undefined
        ? process()
        : runBatch(participants, batch.messages, this.#context, process, (stage) => (this.progress.stage = stage))
    try {
      await (span === undefined ? work() : span.run(work))
      span?.end()
    } catch (error) {
      span?.end(error)
      sender.abandon()
      if (error !== this.#sendError) this.#countError(processStage(error), error)
      throw asKasperError('PROCESS_FAILED', `process() failed on the batch ${describeBatch(batch)}`, batch, error)
    }
    metrics.processed(this.partition, batch.messages.length, config.clock.monotonic() - startedAt)
    await sender.finish()
  }

  #startSpan({ messages, ranges }: Batch): ProcessSpan | undefined {
    const { tracer, topicProcessorName, groupId } = this.#deps.config
    const span = tracer?.startProcess({ processor: topicProcessorName, groupId, partition: this.partition, messages, ranges })
    this.#span = span
    return span
  }

  async #produce(
    batch: Batch,
    messages: readonly OutgoingMessage[],
    span: ProcessSpan | undefined,
  ): Promise<readonly ProduceAck[]> {
    const { config, producer, metrics } = this.#deps
    const { stage } = this.progress
    this.progress.stage = 'commit'
    await this.#lastCommit
    if (this.#lost) throw this.#abort.signal.reason
    this.progress.stage = 'produce'
    const startedAt = config.clock.monotonic()
    const sendSpan = span?.startSend(messages)
    try {
      const acks = await producer.send(sendSpan?.messages ?? messages, { signal: this.#abort.signal })
      sendSpan?.end()
      metrics.produced(config.clock.monotonic() - startedAt)
      metrics.outgoing(acks)
      return acks
    } catch (error) {
      sendSpan?.end(error)
      this.#countError('produce', error)
      this.#sendError = asKasperError(
        'PRODUCE_FAILED',
        `could not send the output of the batch ${describeBatch(batch)}`,
        batch,
        error,
      )
      throw this.#sendError
    } finally {
      this.progress.stage = stage
    }
  }

  /** Losing a partition is no error. */
  #countError(stage: ErrorStage, error: unknown): void {
    if (!this.#lost && !hasCode(error, 'FENCED')) this.#deps.metrics.failed(stage)
  }
}

function processStage(error: unknown): ErrorStage {
  if (hasCode(error, 'DECODE_FAILED')) return 'decode'
  return hasCode(error, 'STORE_FAILED') ? 'store' : 'process'
}

/** Adds where it happened. Kasper's own errors keep their code, and the offset that they name. */
function asKasperError(
  code: 'PROCESS_FAILED' | 'PRODUCE_FAILED' | 'COMMIT_FAILED',
  what: string,
  batch: Batch,
  cause: unknown,
): KasperError {
  const span = batch.ranges[0]
  const named = cause instanceof KasperError ? cause : undefined
  if (named?.code === 'FENCED' || (named?.code === code && named.topic !== undefined)) return named
  return new KasperError(named?.code ?? code, `${what}: ${messageOf(cause)}`, {
    topic: named?.topic ?? span?.topic,
    partition: named?.partition ?? span?.partition,
    offset: named?.offset ?? (named?.topic === undefined ? span?.firstOffset : undefined),
    cause,
  })
}
