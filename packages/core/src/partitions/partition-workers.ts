import type { Admin } from '../kafka/admin.ts'
import type { Consumer, ConsumerListener, FetchedBatch } from '../kafka/consumer.ts'
import type { Producer } from '../kafka/producer.ts'
import type { TopicPartition, TopicPartitionOffset } from '../kafka/topic-partition.ts'
import { sleep } from '../runtime/clock.ts'
import { Committer } from '../delivery/committer.ts'
import type { EngineMetrics } from '../observability/engine-metrics.ts'
import { KasperError, messageOf } from '../runtime/errors.ts'
import type { MessageProcessor, MessageProcessors } from '../batches/message-processor.ts'
import type { PartitionHealth, PartitionProgress } from './partition-progress.ts'
import { PartitionQueue } from './partition-queue.ts'
import type { WorkerDependencies } from './partition-worker.ts'
import { PartitionWorker } from './partition-worker.ts'
import type { StartPosition } from './start-positions.ts'
import type { PartitionSettings } from './partition-settings.ts'
import { inRange, startPositions } from './start-positions.ts'
import { StallWatch } from './stall-watch.ts'

/** What the workers need of the run that they are part of. */
export interface RunContext {
  readonly config: PartitionSettings
  readonly processors: MessageProcessors
  readonly admin: Admin
  readonly producer: Producer
  /** The consumer, which exists only after its listener does. */
  readonly consumer: () => Pick<Consumer, 'commit' | 'pause' | 'resume' | 'seek'>
  readonly metrics: EngineMetrics
  /** Whether the run ends when everything is processed that was there at its start. */
  readonly bounded: boolean
  /** A worker failed: the run must stop. */
  readonly onFailure: (error: unknown) => void
  /** A bounded run has processed all that it was to process. */
  readonly onReachedTarget: () => void
}

interface RunningWorker {
  readonly worker: PartitionWorker
  /** Settles when the worker has ended; never rejects. */
  readonly ended: Promise<void>
}

/** The partitions that this processor owns, each with its worker: made on assign, drained on revoke, dropped when lost. */
export class PartitionWorkers implements ConsumerListener {
  readonly #run: RunContext
  readonly #deps: WorkerDependencies
  readonly #running = new Map<number, RunningWorker>()
  /** Partitions that are gone while their last `process` call still runs: a successor here waits for it. */
  readonly #retiring = new Map<number, Promise<void>>()
  /** Shared by all queues: the total of bytes is shared out among the partitions. */
  readonly #limits: { readonly batchSize: number; readonly batchWaitMs: number; readonly maxMessages: number; maxBytes: number }
  /** Whether the group's last word on what is ours has been heard. */
  #assigned = false
  readonly #stallWatch: StallWatch
  #closed = false

  constructor(run: RunContext) {
    this.#run = run
    const { batchSize, batchWaitMs, prefetchMessages: maxMessages, prefetchBytes: maxBytes } = run.config
    this.#limits = { batchSize, batchWaitMs, maxMessages, maxBytes }
    this.#stallWatch = new StallWatch(
      run.config.topicProcessorName,
      run.config.stallWarningMs,
      run.config.logger,
      run.config.clock,
    )
    this.#deps = {
      config: run.config,
      producer: run.producer,
      committer: new Committer({ commit: (offsets) => run.consumer().commit(offsets) }, () => run.metrics.retried('commit')),
      metrics: run.metrics,
      bounded: run.bounded,
      onProgress: (worker) => this.#onProgress(worker),
    }
  }

  async onAssign(partitions: readonly TopicPartition[]): Promise<readonly TopicPartitionOffset[]> {
    const { config, admin, metrics } = this.#run
    const starts = await startPositions(admin, partitions, config)
    const numbers = [...new Set(partitions.map(({ partition }) => partition))]
    const processors = await Promise.all(numbers.map((partition) => this.#processorFor(partition)))
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
    metrics.assigned(this.#running.size)
    config.logger.info({ processor: config.topicProcessorName, partitions: numbers, positions: starts }, 'partitions assigned')
    this.#checkTarget()
    return starts
  }

  async onRevoke(partitions: readonly TopicPartition[]): Promise<void> {
    const gone = this.#takeOut(partitions)
    this.#logGone(gone, 'partitions revoked: finishing their running batches')
    await this.#drain(gone)
  }

  onLost(partitions: readonly TopicPartition[]): void {
    const gone = this.#takeOut(partitions)
    this.#logGone(gone, 'partitions lost: their running batches are dropped and will be processed again by whoever has them now')
    for (const { worker } of gone) worker.lose()
  }

  /** Gives fetched messages to the workers of their partitions, and stops fetching where they fall behind. */
  push(batches: readonly FetchedBatch[]): void {
    for (const fetched of batches) {
      const worker = this.#running.get(fetched.partition)?.worker
      if (worker === undefined) continue // Revoked after it was fetched: whoever has it now fetches it again.
      worker.push(fetched)
      if (worker.queue.full && !worker.paused) {
        worker.paused = true
        this.#run.consumer().pause(topicPartitions(worker))
      }
    }
  }

  /** Applies the `outOfRange` policy to a position that the broker refused, or throws what it makes of it. */
  async reposition(position: TopicPartitionOffset): Promise<void> {
    const { admin, config, consumer } = this.#run
    const running = this.#running.get(position.partition)
    const [earliest, latest] = await Promise.all([
      admin.listOffsets([position], 'earliest'),
      admin.listOffsets([position], 'latest'),
    ])
    const start = inRange(position, position.offset, { earliest: earliest[0]!, latest: latest[0]! }, config)
    // Who has it by now has another position.
    if (running === undefined || this.#running.get(position.partition) !== running) return
    running.worker.goOnAt(start)
    consumer().seek(start)
  }

  /** Finishes what is running, commits it, and ends all workers; after `drainTimeoutMs` it drops what is not done. */
  async close(): Promise<void> {
    this.#closed = true
    const all = [...this.#running.values()]
    await this.#drain(all)
    for (const { worker } of all) this.#run.metrics.forget(worker.partition, worker.progress.topics)
    this.#running.clear()
    this.#run.metrics.assigned(0)
    this.#run.metrics.stalled(new Map())
  }

  hasConsumedAll(): boolean {
    return this.#assigned && this.#every((worker) => worker.progress.hasConsumedAll())
  }

  /** Whether the group's last word on what is ours has been heard. */
  get assigned(): boolean {
    return this.#assigned
  }

  reportState(): void {
    for (const { worker } of this.#running.values()) this.#run.metrics.state(worker.partition, worker.state())
  }

  /** Logs and counts the partitions that stand still. */
  checkStalls(): void {
    this.#run.metrics.stalled(this.#stallWatch.check(this.#progress()))
  }

  health(): readonly PartitionHealth[] {
    return this.#progress().map((progress) => progress.health(this.#stallWatch))
  }

  #progress(): readonly PartitionProgress[] {
    return Array.from(this.#running.values(), ({ worker }) => worker.progress)
  }

  #start(partition: number, processor: MessageProcessor, starts: readonly StartPosition[]): void {
    const worker = new PartitionWorker(partition, processor, starts, new PartitionQueue(this.#limits), this.#deps)
    const before = this.#retiring.get(partition)
    const run = before === undefined ? worker.run() : before.then(() => worker.run())
    this.#running.set(partition, { worker, ended: run.catch(this.#run.onFailure) })
  }

  async #processorFor(partition: number): Promise<MessageProcessor> {
    const { processors } = this.#run
    if (processors instanceof Map) {
      const processor = processors.get(partition)
      if (processor !== undefined) return processor
      throw new KasperError('PROCESSOR_MISSING', `there is no processor for partition ${partition}, which was added: add one`, {
        partition,
      })
    }
    if (typeof processors !== 'function') return processors as MessageProcessor
    try {
      return await processors(partition)
    } catch (error) {
      throw new KasperError('PROCESS_FAILED', `could not make the processor of partition ${partition}: ${messageOf(error)}`, {
        partition,
        cause: error,
      })
    }
  }

  #takeOut(partitions: readonly TopicPartition[]): readonly RunningWorker[] {
    const gone: RunningWorker[] = []
    this.#assigned = false // Until the next assignment is known, having nothing left does not mean having done everything.
    for (const partition of new Set(partitions.map((topicPartition) => topicPartition.partition))) {
      const running = this.#running.get(partition)
      if (running === undefined) continue
      this.#running.delete(partition)
      this.#run.metrics.forget(partition, running.worker.progress.topics)
      const retired = running.ended.then(() => {
        if (this.#retiring.get(partition) === retired) this.#retiring.delete(partition)
      })
      this.#retiring.set(partition, retired)
      gone.push(running)
    }
    this.#shareOutBytes()
    this.#run.metrics.assigned(this.#running.size)
    return gone
  }

  async #drain(workers: readonly RunningWorker[]): Promise<void> {
    const { config } = this.#run
    const done = new AbortController()
    const running = new Set(workers)
    for (const one of workers) {
      one.worker.stop()
      void one.ended.then(() => running.delete(one))
    }
    const deadline = sleep(config.clock, config.drainTimeoutMs, done.signal)
    await Promise.race([Promise.all(workers.map(({ ended }) => ended)), deadline])
    done.abort()
    for (const { worker } of running) {
      config.logger.warn(
        { processor: config.topicProcessorName, ...worker.whereabouts(), drainTimeoutMs: config.drainTimeoutMs },
        'the running batch did not finish in time: it is dropped uncommitted and will be processed again',
      )
      worker.lose()
    }
  }

  #onProgress(worker: PartitionWorker): void {
    if (worker.paused && worker.queue.roomy && this.#running.get(worker.partition)?.worker === worker) {
      worker.paused = false
      this.#run.consumer().resume(topicPartitions(worker))
    }
    this.#checkTarget()
  }

  #checkTarget(): void {
    const { bounded, onReachedTarget } = this.#run
    if (bounded && this.#assigned && this.#every((worker) => worker.progress.hasReachedTarget())) onReachedTarget()
  }

  #every(condition: (worker: PartitionWorker) => boolean): boolean {
    for (const { worker } of this.#running.values()) if (!condition(worker)) return false
    return true
  }

  #shareOutBytes(): void {
    this.#limits.maxBytes = Math.ceil(this.#run.config.prefetchBytes / Math.max(1, this.#running.size))
  }

  #logGone(gone: readonly RunningWorker[], message: string): void {
    if (gone.length === 0) return
    const { config } = this.#run
    config.logger.info({ processor: config.topicProcessorName, partitions: gone.map(({ worker }) => worker.partition) }, message)
  }
}

function topicPartitions(worker: PartitionWorker): readonly TopicPartition[] {
  return worker.progress.topics.map((topic) => ({ topic, partition: worker.partition }))
}
