import type { MessageProcessor } from '../batches/message-processor.ts'
import { AtLeastOnceDelivery } from '../delivery/at-least-once.ts'
import type { Admin } from '../kafka/admin.ts'
import type { Consumer, ConsumerListener, FetchedBatch } from '../kafka/consumer.ts'
import type { Producer } from '../kafka/producer.ts'
import type { TopicPartition, TopicPartitionOffset } from '../kafka/topic-partition.ts'
import type { EngineMetrics } from '../observability/engine-metrics.ts'
import { sleep } from '../runtime/clock.ts'
import type { PartitionHealth, PartitionProgress } from './partition-progress.ts'
import { PartitionQueue } from './partition-queue.ts'
import type { PartitionSettings } from './partition-settings.ts'
import type { WorkerDependencies } from './partition-worker.ts'
import { PartitionWorker } from './partition-worker.ts'
import type { StartPosition } from './start-positions.ts'
import { inRange, startPositions } from './start-positions.ts'
import { StallWatch } from './stall-watch.ts'

/** The parts of a run that its workers use. */
export interface PartitionWorkersOptions {
  readonly settings: PartitionSettings
  /** Finds or makes the processor of a partition. */
  readonly processorOf: (partition: number) => Promise<MessageProcessor>
  readonly admin: Admin
  readonly producer: Producer
  /** A function, because the consumer is made with these workers as its listener. */
  readonly consumer: () => Pick<Consumer, 'commit' | 'pause' | 'resume' | 'seek'>
  readonly metrics: EngineMetrics
  /** Whether the run ends when everything is processed that was in the partitions when they were assigned. */
  readonly bounded: boolean
  /** Called if a worker fails: the run must stop. */
  readonly onFailure: (error: unknown) => void
  /** Called when a bounded run has processed everything. */
  readonly onReachedTarget: () => void
}

/**
 * The partitions that this processor owns, each with a worker. A worker is made on assign, finishes its batch on revoke, and is
 * abandoned when its partition is lost.
 */
export class PartitionWorkers implements ConsumerListener {
  readonly #options: PartitionWorkersOptions
  readonly #deps: WorkerDependencies
  readonly #workers = new Map<number, PartitionWorker>()
  /** By partition: resolves when a worker has ended whose partition was revoked or lost. The next worker of the partition waits for it. */
  readonly #ending = new Map<number, Promise<void>>()
  /** Shared by all queues. `maxBytes` is the part of `prefetchBytes` that each owned partition gets. */
  readonly #limits: { readonly batchSize: number; readonly batchWaitMs: number; readonly maxMessages: number; maxBytes: number }
  readonly #stallWatch: StallWatch
  #assigned = false
  #closed = false

  constructor(options: PartitionWorkersOptions) {
    const { settings, producer, consumer, metrics, bounded, onFailure } = options
    const { topicProcessorName, stallWarningMs, logger, clock } = settings
    const { batchSize, batchWaitMs, prefetchMessages: maxMessages, prefetchBytes: maxBytes } = settings
    this.#options = options
    this.#limits = { batchSize, batchWaitMs, maxMessages, maxBytes }
    this.#stallWatch = new StallWatch(topicProcessorName, stallWarningMs, logger, clock)
    this.#deps = {
      settings,
      metrics,
      bounded,
      createDelivery: (partition, progress) =>
        new AtLeastOnceDelivery({ partition, producer, consumer, progress, metrics, clock }),
      onProgress: (worker) => this.#onProgress(worker),
      onFailure,
    }
  }

  async onAssign(partitions: readonly TopicPartition[]): Promise<readonly TopicPartitionOffset[]> {
    const { settings, admin, metrics, processorOf } = this.#options
    const starts = await startPositions(admin, partitions, settings)
    const numbers = [...new Set(partitions.map(({ partition }) => partition))]
    const processors = await Promise.all(numbers.map((partition) => processorOf(partition)))
    if (this.#closed) return starts
    for (const [i, partition] of numbers.entries()) {
      this.#start(
        partition,
        processors[i]!,
        starts.filter((start) => start.partition === partition),
      )
    }
    this.#assigned = true
    this.#shareOutBytes()
    metrics.rebalanced()
    metrics.assigned(this.#workers.size)
    settings.logger.info(
      { processor: settings.topicProcessorName, partitions: numbers, positions: starts },
      'partitions assigned',
    )
    this.#checkTarget()
    return starts
  }

  async onRevoke(partitions: readonly TopicPartition[]): Promise<void> {
    const revoked = this.#takeOut(partitions)
    this.#logPartitions(revoked, 'partitions revoked: finishing their running batches')
    await this.#drain(revoked)
  }

  onLost(partitions: readonly TopicPartition[]): void {
    const lost = this.#takeOut(partitions)
    this.#logPartitions(lost, 'partitions lost: dropping their running batches, which the new owners process again')
    for (const worker of lost) worker.abandon()
  }

  /** Gives fetched messages to the workers of their partitions, and pauses fetching for partitions whose queue is full. */
  push(batches: readonly FetchedBatch[]): void {
    for (const fetched of batches) {
      const worker = this.#workers.get(fetched.partition)
      if (worker === undefined) continue // Revoked after it was fetched: the new owner fetches it again.
      worker.push(fetched)
      if (worker.queue.full && !worker.paused) {
        worker.paused = true
        this.#options.consumer().pause(worker.topicPartitions)
      }
    }
  }

  /** Applies the `outOfRange` policy to a position that the broker has refused. Rejects with `OFFSET_OUT_OF_RANGE` if that is the policy. */
  async seekIntoRange(position: TopicPartitionOffset): Promise<void> {
    const { admin, settings, consumer } = this.#options
    const worker = this.#workers.get(position.partition)
    const [earliest, latest] = await Promise.all([
      admin.listOffsets([position], 'earliest'),
      admin.listOffsets([position], 'latest'),
    ])
    const start = inRange(position, position.offset, { earliest: earliest[0]!, latest: latest[0]! }, settings)
    // If the partition was revoked meanwhile, its owner reads from its own position.
    if (worker === undefined || this.#workers.get(position.partition) !== worker) return
    worker.seek(start)
    consumer().seek(start)
  }

  /** Finishes and commits the running batches, and ends all workers. Drops the batches that take longer than `drainTimeoutMs`. */
  async close(): Promise<void> {
    const { metrics } = this.#options
    this.#closed = true
    const all = [...this.#workers.values()]
    await this.#drain(all)
    for (const { partition, progress } of all) metrics.forget(partition, progress.topics)
    this.#workers.clear()
    metrics.assigned(0)
    metrics.stalled(new Map())
  }

  /** Whether everything up to the known ends of the partitions is processed and acknowledged. */
  hasConsumedAll(): boolean {
    return this.#assigned && this.#every((worker) => worker.progress.hasConsumedAll())
  }

  /** Whether the group has assigned partitions to this member, or none, and has not revoked any since. */
  get assigned(): boolean {
    return this.#assigned
  }

  /** Sets the gauges of all partitions. */
  reportState(): void {
    for (const worker of this.#workers.values()) this.#options.metrics.state(worker.partition, worker.state())
  }

  /** Logs and counts the stalled partitions. */
  checkStalls(): void {
    this.#options.metrics.stalled(this.#stallWatch.check(this.#progress()))
  }

  health(): readonly PartitionHealth[] {
    return this.#progress().map((progress) => progress.health(this.#stallWatch))
  }

  #progress(): readonly PartitionProgress[] {
    return Array.from(this.#workers.values(), ({ progress }) => progress)
  }

  #start(partition: number, processor: MessageProcessor, starts: readonly StartPosition[]): void {
    const worker = new PartitionWorker(partition, processor, starts, new PartitionQueue(this.#limits), this.#deps)
    worker.start(this.#ending.get(partition))
    this.#workers.set(partition, worker)
  }

  /** Removes the workers of these partitions, and returns them. They may still be running. */
  #takeOut(partitions: readonly TopicPartition[]): readonly PartitionWorker[] {
    const taken: PartitionWorker[] = []
    this.#assigned = false // until the next assignment, because a member without partitions has not processed everything
    for (const number of new Set(partitions.map(({ partition }) => partition))) {
      const worker = this.#workers.get(number)
      if (worker === undefined) continue
      this.#workers.delete(number)
      this.#options.metrics.forget(number, worker.progress.topics)
      const ending = worker.ended.then(() => {
        if (this.#ending.get(number) === ending) this.#ending.delete(number)
      })
      this.#ending.set(number, ending)
      taken.push(worker)
    }
    this.#shareOutBytes()
    this.#options.metrics.assigned(this.#workers.size)
    return taken
  }

  /** Stops these workers and waits for them. Abandons those that take longer than `drainTimeoutMs`. */
  async #drain(workers: readonly PartitionWorker[]): Promise<void> {
    const { clock, logger, topicProcessorName: processor, drainTimeoutMs } = this.#options.settings
    const done = new AbortController()
    const running = new Set(workers)
    for (const worker of workers) {
      worker.stop()
      void worker.ended.then(() => running.delete(worker))
    }
    const deadline = sleep(clock, drainTimeoutMs, done.signal)
    await Promise.race([Promise.all(workers.map(({ ended }) => ended)), deadline])
    done.abort()
    for (const worker of running) {
      logger.warn(
        { processor, ...worker.logFields(), drainTimeoutMs },
        'the running batch took longer than drainTimeoutMs: it is dropped uncommitted and will be processed again',
      )
      worker.abandon()
    }
  }

  #onProgress(worker: PartitionWorker): void {
    if (worker.paused && worker.queue.halfEmpty && this.#workers.get(worker.partition) === worker) {
      worker.paused = false
      this.#options.consumer().resume(worker.topicPartitions)
    }
    this.#checkTarget()
  }

  #checkTarget(): void {
    const { bounded, onReachedTarget } = this.#options
    if (bounded && this.#assigned && this.#every((worker) => worker.progress.hasReachedTarget())) onReachedTarget()
  }

  #every(condition: (worker: PartitionWorker) => boolean): boolean {
    for (const worker of this.#workers.values()) if (!condition(worker)) return false
    return true
  }

  #shareOutBytes(): void {
    this.#limits.maxBytes = Math.ceil(this.#options.settings.prefetchBytes / Math.max(1, this.#workers.size))
  }

  #logPartitions(workers: readonly PartitionWorker[], message: string): void {
    if (workers.length === 0) return
    const { logger, topicProcessorName: processor } = this.#options.settings
    logger.info({ processor, partitions: workers.map(({ partition }) => partition) }, message)
  }
}
