import type { Batch } from '../batches/batch.ts'
import { batchError } from '../batches/batch.ts'
import type { MessageProcessor, ProcessContext } from '../batches/message-processor.ts'
import { BatchSender, runBatch } from '../batches/run-batch.ts'
import type { Delivery, DeliveryProgress, DeliveryUnit } from '../delivery/delivery.ts'
import type { FetchedBatch } from '../kafka/consumer.ts'
import type { OutgoingMessage } from '../kafka/message.ts'
import type { TopicPartition } from '../kafka/topic-partition.ts'
import { countFailure, type EngineMetrics, type PartitionState } from '../observability/engine-metrics.ts'
import type { ErrorStage } from '../observability/stages.ts'
import type { Timer } from '../runtime/clock.ts'
import { errorFields, hasCode } from '../runtime/errors.ts'
import type { LogFields } from '../runtime/logger.ts'
import { longestStoreCall, registerProcessSignal } from '../state/store-calls.ts'
import { PartitionProgress } from './partition-progress.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { PartitionSettings } from './partition-settings.ts'
import type { StartPosition } from './start-positions.ts'

/** The options that all workers of a processor share. */
export interface WorkerDependencies {
  readonly settings: PartitionSettings
  readonly metrics: EngineMetrics
  /** Whether the run ends at the end offsets that it found at its start. Then no batch waits for messages that may never come. */
  readonly bounded: boolean
  readonly createDelivery: (partition: number, progress: DeliveryProgress) => Delivery
  /** Called after each batch. */
  readonly onProgress: (worker: PartitionWorker) => void
  /** Called if the worker ends because a batch failed. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Works through one partition number of all input topics: takes a batch from the queue, runs it, delivers it. It runs one batch
 * at a time. While the delivery commits a batch, the worker already runs the next one.
 */
export class PartitionWorker {
  readonly partition: number
  readonly queue: PartitionQueue
  readonly progress: PartitionProgress
  readonly #processor: MessageProcessor
  readonly #deps: WorkerDependencies
  readonly #delivery: Delivery
  readonly #context: ProcessContext
  #ended: Promise<void> = Promise.resolve()
  #stopping = false
  #wake: (() => void) | undefined
  #wakeTimer: Timer | undefined
  /** When fetching was paused, or when the pause was last counted. */
  #pausedAt: number | undefined

  constructor(
    partition: number,
    processor: MessageProcessor,
    starts: readonly StartPosition[],
    queue: PartitionQueue,
    deps: WorkerDependencies,
  ) {
    const { clock, topicProcessorName } = deps.settings
    this.partition = partition
    this.queue = queue
    this.#processor = processor
    this.#deps = deps
    this.progress = new PartitionProgress(partition, queue, clock, (since) =>
      longestStoreCall(topicProcessorName, clock, this.#delivery.signal, since),
    )
    this.#delivery = deps.createDelivery(partition, this.progress)
    this.#context = { partition, signal: this.#delivery.signal }
    registerProcessSignal(this.#delivery.signal)
    deps.metrics.paused(partition, 0)
    for (const start of starts) {
      this.queue.startAt(start)
      this.progress.startAt(start)
    }
  }

  /** Starts working once `predecessor`, an earlier worker of the same partition, has ended. */
  start(predecessor: Promise<void> | undefined): void {
    const run = predecessor === undefined ? this.#run() : predecessor.then(() => this.#run())
    this.#ended = run.catch(this.#deps.onFailure)
  }

  /** Resolves when the worker has ended. Never rejects. */
  get ended(): Promise<void> {
    return this.#ended
  }

  push(fetched: FetchedBatch): void {
    if (!this.progress.reads(fetched.topic)) return
    const now = this.#deps.settings.clock.monotonic()
    this.progress.fetched(now)
    this.queue.push(fetched, now)
    this.#deps.metrics.fetched(fetched.topic, this.partition, fetched.bytes)
    this.#wake?.()
  }

  /** Continues at another offset. Messages that were fetched before are still processed. Then the new offset is committed. */
  seek(position: StartPosition): void {
    const { topic, partition, offset, endOffset } = position
    this.progress.seek(position)
    this.push({ topic, partition, messages: [], nextOffset: offset, endOffset, bytes: 0 })
  }

  /** Ends the worker after the running batch is delivered. Drops what is queued. */
  stop(): void {
    this.#stopping = true
    this.#wake?.()
  }

  /** Ends the worker without delivering the running batch: the partition is lost, or the batch takes too long. */
  abandon(): void {
    this.#delivery.abandon()
    this.stop()
  }

  /** Whether fetching is paused because the queue is full. */
  get paused(): boolean {
    return this.#pausedAt !== undefined
  }

  set paused(paused: boolean) {
    this.#countPause()
    this.#pausedAt = paused ? this.#deps.settings.clock.monotonic() : undefined
  }

  get topicPartitions(): readonly TopicPartition[] {
    return this.progress.topics.map((topic) => ({ topic, partition: this.partition }))
  }

  /** The values of the partition's gauges. */
  state(): PartitionState {
    this.#countPause()
    return this.progress.state()
  }

  /** The partition and its current stage, for log lines. */
  logFields(): LogFields {
    const activity = this.progress.activity()
    if (activity === undefined) return { partition: this.partition }
    const { topic, offset, stage } = activity
    return { topic, partition: this.partition, offset, stage }
  }

  /** Runs until stopped. Rejects if a batch fails. A lost partition is not a failure. */
  async #run(): Promise<void> {
    const { settings, onProgress } = this.#deps
    try {
      for (let batch = await this.#nextBatch(); batch !== undefined; batch = await this.#nextBatch()) {
        const unit: DeliveryUnit = { batch, span: this.#startSpan(batch) }
        const outputs = await this.#runBatch(unit)
        await this.#delivery.commit(unit, outputs)
        this.#delivery.committed().catch(() => this.stop()) // Below, the worker rejects with the error.
        onProgress(this)
      }
      await this.#delivery.committed()
    } catch (error) {
      if (this.#delivery.signal.aborted) return
      if (!hasCode(error, 'FENCED')) throw error
      // The client calls `onLost` too, and joins the group again.
      settings.logger.warn(
        { processor: settings.topicProcessorName, ...errorFields(error), partition: this.partition },
        'partition lost to another member of the group: the last batch was not committed, and the other member processes it again',
      )
      this.abandon()
    } finally {
      for (const participant of this.#processor.participants ?? []) participant.release()
    }
  }

  /** Waits until a batch is due, and takes it. Resolves with `undefined` when the worker is stopped. */
  async #nextBatch(): Promise<Batch | undefined> {
    const { settings, bounded } = this.#deps
    while (!this.#stopping) {
      const mayWait = !bounded || !this.progress.hasFetchedTarget()
      const dueInMs = this.queue.dueIn(settings.clock.monotonic(), mayWait)
      if (dueInMs <= 0) return this.#takeBatch()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        if (dueInMs !== Number.POSITIVE_INFINITY) this.#wakeTimer = settings.clock.setTimer(resolve, dueInMs)
      })
      this.#wake = undefined
      this.#wakeTimer?.cancel()
      this.#wakeTimer = undefined
    }
    return undefined
  }

  #takeBatch(): Batch {
    const { metrics, settings } = this.#deps
    const now = settings.clock.monotonic()
    const fetchedAt = this.queue.firstArrival ?? now
    const batch = this.queue.take()
    this.progress.begin(batch, now)
    if (batch.messages.length > 0) metrics.incoming(batch.ranges, now - fetchedAt)
    return batch
  }

  #startSpan({ messages, ranges }: Batch): DeliveryUnit['span'] {
    if (messages.length === 0) return undefined
    const { tracer, topicProcessorName: processor, groupId } = this.#deps.settings
    return tracer?.startProcess({ processor, groupId, partition: this.partition, messages, ranges })
  }

  /** Runs `process` and the participants. Resolves with the outputs that are left to send. */
  async #runBatch(unit: DeliveryUnit): Promise<readonly OutgoingMessage[]> {
    const { batch, span } = unit
    if (batch.messages.length === 0) return []
    const { metrics, settings } = this.#deps
    const startedAt = settings.clock.monotonic()
    const sender = new BatchSender((messages) => this.#delivery.send(unit, messages))
    const run = (): Promise<void> =>
      runBatch(this.#processor, batch.messages, sender, this.#context, (stage) => (this.progress.stage = stage))
    try {
      await (span === undefined ? run() : span.run(run))
      span?.end()
    } catch (error) {
      span?.end(error)
      sender.close()
      if (error !== sender.lastFailure) countFailure(metrics, this.#delivery.signal, stageOf(error), error)
      throw batchError('PROCESS_FAILED', 'process() failed on the batch', batch, error)
    }
    metrics.processed(this.partition, batch.messages.length, settings.clock.monotonic() - startedAt)
    return sender.finish()
  }

  #countPause(): void {
    if (this.#pausedAt === undefined) return
    const now = this.#deps.settings.clock.monotonic()
    this.#deps.metrics.paused(this.partition, now - this.#pausedAt)
    this.#pausedAt = now
  }
}

/** The stage at which running a batch failed. */
function stageOf(error: unknown): ErrorStage {
  if (hasCode(error, 'DECODE_FAILED')) return 'decode'
  return hasCode(error, 'STORE_FAILED') ? 'store' : 'process'
}
