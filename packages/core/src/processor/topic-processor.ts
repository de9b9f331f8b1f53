import type { Admin } from '../kafka/admin.ts'
import type { Consumer } from '../kafka/consumer.ts'
import type { Producer } from '../kafka/producer.ts'
import type { Clock, Timer } from '../runtime/clock.ts'
import type { MessageProcessors } from '../batches/message-processor.ts'
import type { ResolvedConfig, TopicProcessorConfig } from './config.ts'
import { resolveConfig } from './config.ts'
import type { EngineMetrics } from '../observability/engine-metrics.ts'
import type { ErrorStage, RetryStage } from '../observability/stages.ts'
import { engineMetrics } from '../observability/engine-metrics.ts'
import { errorFields, hasCode, KasperError, messageOf } from '../runtime/errors.ts'
import type { ProcessorHealth } from './health.ts'
import { checkInput } from './input-check.ts'
import { withFields } from '../runtime/logger.ts'
import { PartitionWorkers } from '../partitions/partition-workers.ts'
import { unlessStopped } from '../runtime/unless-stopped.ts'

const MAX_PARTITION_BYTES = 1024 * 1024

/** Options of a run. */
export interface RunOptions {
  /** Firing it is the same as calling `close()`: the run ends cleanly, and its promise resolves. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Processes the partitions of its input topics in micro-batches.
 *
 * ```ts
 * await using processor = new TopicProcessor({ topicProcessorName: 'shout', client, inputTopics: ['words'] }, {
 *   process(messages, sender) {
 *     for (const { key, value } of messages) sender.send({ topic: 'shouts', key, value: shout(value) })
 *   },
 * })
 * await processor.runLoop({ signal })
 * ```
 */
export class TopicProcessor implements AsyncDisposable {
  readonly #config: ResolvedConfig
  readonly #processors: MessageProcessors
  readonly #metrics: EngineMetrics
  readonly #stop = new AbortController()
  readonly #ended = Promise.withResolvers<void>()
  #started = false
  #done = false
  #failure: { readonly error: unknown } | undefined
  #workers: PartitionWorkers | undefined
  #consumer: Consumer | undefined

  /**
   * @param processors one for all partitions, a map from partition to processor, or a factory
   * @throws KasperError `CONFIG_INVALID` or `PROCESSOR_MISSING`
   */
  constructor(config: TopicProcessorConfig, processors: MessageProcessors) {
    this.#config = resolveConfig(config)
    this.#processors = processors
    this.#metrics = engineMetrics(this.#config.metricsProvider, this.#config.topicProcessorName)
    if (
      typeof processors !== 'function' &&
      !(processors instanceof Map) &&
      typeof (processors as { process?: unknown })?.process !== 'function'
    ) {
      throw new KasperError(
        'PROCESSOR_MISSING',
        'there is no processor: give an object with process(messages, sender), a Map by partition, or a factory',
      )
    }
  }

  /** The consumer group: `kasper-topic-processor-<topicProcessorName>`. */
  get groupId(): string {
    return this.#config.groupId
  }

  /**
   * Runs until `close()` is called, the signal fires or something fails. Settles only when everything is cleaned up: running
   * batches finished (or dropped) and committed, the group left, connections closed. Rejects with the first failure, a
   * {@link KasperError} that says where, its cause attached; nothing is committed past it. A processor runs once.
   */
  runLoop(options: RunOptions = {}): Promise<void> {
    return this.#run(false, options)
  }

  /**
   * As `runLoop()`, but ends by itself when everything is processed and committed that was in its partitions when they were
   * assigned. What is written later may be left for the next run.
   */
  runUntilCaughtUp(options: RunOptions = {}): Promise<void> {
    return this.#run(true, options)
  }

  /**
   * Ends the run: stops fetching, finishes running batches, sends and commits them, leaves the group. Resolves when all that is done
   * and `runLoop()` has settled; never rejects (`runLoop()` does). Idempotent. Don't await it inside `process`, which it waits for.
   */
  async close(): Promise<void> {
    this.#stop.abort()
    if (this.#started) await this.#ended.promise
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * Whether everything in this processor's partitions, as far as their ends are known, is processed and acknowledged. False
   * before partitions are assigned, and after the run.
   */
  hasConsumedAllMessages(): boolean {
    return this.#workers?.hasConsumedAll() ?? false
  }

  /** How it is doing: what it is at, which partitions stand still, and what made it fail. See {@link healthHandler}. */
  health(): ProcessorHealth {
    const error = this.#failure?.error
    return {
      processor: this.#config.topicProcessorName,
      state: this.#state(),
      connected: this.#consumer !== undefined && this.#consumer.connected !== false,
      ...(error instanceof KasperError && {
        error: { code: error.code, message: error.message, topic: error.topic, partition: error.partition, offset: error.offset },
      }),
      partitions: this.#workers?.health() ?? [],
    }
  }

  #state(): ProcessorHealth['state'] {
    if (this.#failure !== undefined) return 'failed'
    if (this.#done) return 'stopped'
    if (this.#stop.signal.aborted) return 'stopping'
    if (!this.#started) return 'new'
    return this.#workers?.assigned === true ? 'running' : 'joining'
  }

  async #run(bounded: boolean, { signal }: RunOptions): Promise<void> {
    const { logger, topicProcessorName: processor } = this.#config
    if (this.#started) throw new KasperError('CLOSED', `${processor} was run before: make a new TopicProcessor for another run`)
    this.#started = true
    const stop = (): void => this.#stop.abort()
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop, { once: true })

    const cleanUp: (() => Promise<void>)[] = []
    try {
      // From the start, so that somebody who never gets a partition is seen too.
      this.#metrics.started(this.#config.clock.now())
      this.#metrics.assigned(0)
      this.#metrics.stalled(new Map())
      await this.#connectAndPoll(bounded, cleanUp)
    } catch (error) {
      cleanUp.push(async () => this.#metrics.failed(stageOf(error))) // A provider that throws must not keep the rest from being done.
      this.#fail(error)
    }
    // In reverse: drain the workers, leave the group, then close what they needed.
    for (const step of cleanUp.reverse()) await step().catch((error: unknown) => this.#fail(error))
    signal?.removeEventListener('abort', stop)
    this.#workers = undefined
    this.#consumer = undefined
    this.#done = true
    this.#ended.resolve()
    if (this.#failure !== undefined) throw this.#failure.error
    logger.info({ processor }, 'stopped')
  }

  async #connectAndPoll(bounded: boolean, cleanUp: (() => Promise<void>)[]): Promise<void> {
    const { client, clock, topicProcessorName: processor } = this.#config
    const logger = withFields(this.#config.logger, { processor })
    const stopping = this.#stop.signal
    if (stopping.aborted) return

    const inTime = <T>(request: Promise<T>, late?: (result: T) => Promise<void>): Promise<T | undefined> =>
      unlessStopped(request, stopping, clock, late)
    const close = (late: { close(): Promise<void> }): Promise<void> => late.close()
    const admin = await inTime(client.admin({ logger }), close)
    if (admin === undefined) return
    cleanUp.push(() => admin.close())
    const partitionCount = await inTime(checkInput(admin, this.#config, this.#processors))
    if (partitionCount === undefined || stopping.aborted) return
    const onRetry = (stage: RetryStage): void => this.#metrics.retried(stage)
    const { partitioner } = this.#config
    const producer = await inTime(client.producer({ partitioner, onRetry: () => onRetry('produce'), logger, clock }), close)
    if (producer === undefined) return
    cleanUp.push(() => producer.close())
    if (stopping.aborted) return

    let consumer: Consumer
    const workers = this.#makeWorkers(bounded, admin, producer, () => consumer)
    this.#workers = workers
    const consuming = client.consumer({
      groupId: this.#config.groupId,
      topics: this.#config.inputTopics,
      partitions: this.#config.inputPartitions,
      listener: workers,
      sessionTimeoutMs: this.#config.sessionTimeoutMs,
      maxPartitionBytes: this.#maxPartitionBytes(partitionCount),
      onRetry,
      logger,
      clock,
    })
    // At once: the listener may need it before those who wait here go on.
    const made = consuming.then((one) => (consumer = one))
    const joining = await inTime(made, close)
    if (joining === undefined) return
    this.#consumer = joining
    cleanUp.push(() => joining.close())
    cleanUp.push(() => workers.close())

    const timers = [
      every(clock, this.#config.metricsUpdateIntervalMs, () => this.#orFail(() => workers.reportState())),
      every(clock, Math.ceil(this.#config.stallWarningMs / 4), () => this.#orFail(() => workers.checkStalls())),
    ]
    cleanUp.push(async () => {
      workers.reportState()
      for (const timer of timers) timer.cancel()
    })
    logger.info({ topics: this.#config.inputTopics, group: this.#config.groupId }, 'running')
    await this.#poll(joining, workers)
  }

  async #poll(consumer: Consumer, workers: PartitionWorkers): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      try {
        workers.push(await consumer.poll({ signal }))
      } catch (error) {
        if (!hasCode(error, 'OFFSET_OUT_OF_RANGE') || error.topic === undefined) throw error
        await workers.seekIntoRange({ topic: error.topic, partition: error.partition!, offset: error.offset! })
      }
    }
  }

  #makeWorkers(bounded: boolean, admin: Admin, producer: Producer, consumer: () => Consumer): PartitionWorkers {
    return new PartitionWorkers({
      settings: this.#config,
      processors: this.#processors,
      admin,
      producer,
      consumer,
      metrics: this.#metrics,
      bounded,
      onFailure: (error) => this.#fail(error),
      onReachedTarget: () => this.#stop.abort(),
    })
  }

  /** A fetch of every partition at once must not exceed the prefetch budget by itself. */
  #maxPartitionBytes(partitionCount: number): number {
    const { prefetchBytes, inputTopics, inputPartitions } = this.#config
    const fetched = inputTopics.length * (inputPartitions?.length ?? partitionCount)
    return Math.max(1024, Math.min(MAX_PARTITION_BYTES, Math.floor(prefetchBytes / fetched)))
  }

  /** For what a timer calls, where nobody else would catch what a metrics provider throws. */
  #orFail(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Keeps the first failure, which `runLoop()` rejects with, and stops everything; later ones are consequences, and logged. */
  #fail(error: unknown): void {
    const { logger, topicProcessorName: processor } = this.#config
    if (this.#failure === undefined) {
      this.#failure = {
        error:
          error instanceof KasperError
            ? error
            : new KasperError('FETCH_FAILED', messageOf(error), { cause: error, retriable: false }),
      }
      logger.error({ processor, ...errorFields(error) }, `stopping: ${messageOf(error)}`)
    } else if (error !== this.#failure.error) {
      logger.error({ processor, ...errorFields(error) }, `while stopping: ${messageOf(error)}`)
    }
    this.#stop.abort()
  }
}

/** Where an error happened that is no single worker's. */
function stageOf(error: unknown): ErrorStage {
  if (hasCode(error, 'STORE_FAILED')) return 'store'
  return hasCode(error, 'PROCESS_FAILED') ? 'process' : 'fetch' // A processor that could not be made.
}

/** Calls back again and again, each time after this delay, until it is cancelled. */
function every(clock: Clock, delayMs: number, callback: () => void): Timer {
  let timer = clock.setTimer(tick, delayMs)
  function tick(): void {
    timer = clock.setTimer(tick, delayMs)
    callback()
  }
  return { cancel: () => timer.cancel() }
}
