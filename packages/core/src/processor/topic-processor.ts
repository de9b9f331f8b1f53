import type { MessageProcessor, MessageProcessors } from '../batches/message-processor.ts'
import type { MessageOf } from '../codecs/topic-message.ts'
import type { Topic } from '../codecs/topics.ts'
import type { Consumer } from '../kafka/consumer.ts'
import type { EngineMetrics } from '../observability/engine-metrics.ts'
import { engineMetrics } from '../observability/engine-metrics.ts'
import type { ErrorStage, RetryStage } from '../observability/stages.ts'
import { PartitionWorkers } from '../partitions/partition-workers.ts'
import type { Timer } from '../runtime/clock.ts'
import { errorFields, hasCode, KasperError, messageOf } from '../runtime/errors.ts'
import { withFields } from '../runtime/logger.ts'
import { unlessStopped } from '../runtime/unless-stopped.ts'
import type { ResolvedConfig, TopicProcessorConfig } from './config.ts'
import { resolveConfig } from './config.ts'
import type { ProcessorHealth } from './health.ts'
import { checkInput } from './input-check.ts'
import { partitionProcessors } from './partition-processors.ts'

const MAX_PARTITION_BYTES = 1024 * 1024

/** Options of a run. */
export interface RunOptions {
  /** Ends the run cleanly when it fires, as `close()` does. The run's promise resolves. */
  readonly signal?: AbortSignal | undefined
}

/** Something to close at the end of a run. */
interface Closeable {
  close(): Promise<void>
}

/**
 * Processes the partitions of its input topics in micro-batches.
 *
 * ```ts
 * const words = stream('words', string())
 * const shouts = stream('shouts', string())
 * await using processor = new TopicProcessor({ topicProcessorName: 'shout', client, inputTopics: [words] }, {
 *   process(messages, sender) {
 *     for (const { key, value } of messages) sender.send(shouts, { key, value: value.toUpperCase() })
 *   },
 * })
 * await processor.runLoop({ signal })
 * ```
 */
export class TopicProcessor<const T extends string | Topic = string> implements AsyncDisposable {
  readonly #config: ResolvedConfig
  readonly #processors: MessageProcessors<never>
  readonly #processorOf: (partition: number) => Promise<MessageProcessor>
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
  constructor(config: TopicProcessorConfig<T>, processors: MessageProcessors<MessageOf<T>>) {
    this.#config = resolveConfig(config)
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
    this.#processors = processors
    this.#processorOf = partitionProcessors(config.inputTopics, processors)
  }

  /** The id of the consumer group: that of the configuration, or `kasper-topic-processor-<topicProcessorName>`. */
  get groupId(): string {
    return this.#config.groupId
  }

  /**
   * Runs until `close()` is called, the signal fires or something fails. Settles when everything is cleaned up: running batches are
   * finished and committed (or dropped), the group is left, connections are closed. A processor can run once.
   *
   * Rejects with the first failure, a {@link KasperError} that says where it happened, with the original error as its cause. No
   * offset behind the failure is committed.
   */
  runLoop(options: RunOptions = {}): Promise<void> {
    return this.#run(false, options)
  }

  /**
   * Like `runLoop()`, but also ends when everything is processed and committed that was in the partitions when they were assigned.
   * Messages that are written later may be left for the next run.
   */
  runUntilCaughtUp(options: RunOptions = {}): Promise<void> {
    return this.#run(true, options)
  }

  /**
   * Ends the run: stops fetching, finishes and commits the running batches, leaves the group. Resolves when `runLoop()` has settled.
   * Never rejects, because `runLoop()` does. May be called several times. Do not await it inside `process`: it waits for `process`.
   */
  async close(): Promise<void> {
    this.#stop.abort()
    if (this.#started) await this.#ended.promise
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * Whether everything in this processor's partitions is processed and acknowledged, up to the ends that the last fetches have
   * reported. `false` before partitions are assigned, and after the run.
   */
  hasConsumedAllMessages(): boolean {
    return this.#workers?.hasConsumedAll() ?? false
  }

  /** The state of the processor and of its partitions, and the error that ended the run. See {@link healthHandler}. */
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
      // Set at once, so that a processor that never gets a partition is visible too.
      this.#metrics.started(this.#config.clock.now())
      this.#metrics.assigned(0)
      this.#metrics.stalled(new Map())
      await this.#connectAndPoll(bounded, cleanUp)
    } catch (error) {
      cleanUp.push(async () => this.#metrics.failed(stageOf(error))) // In a step of its own: a metrics provider may throw.
      this.#fail(error)
    }
    // In reverse: end the workers, leave the group, then close the connections that they use.
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
    const { client, clock, partitioner, topicProcessorName: processor } = this.#config
    const logger = withFields(this.#config.logger, { processor })
    const stopping = this.#stop.signal
    if (stopping.aborted) return
    /** Waits for a connection. If the run stops first, resolves with `undefined`, and closes the connection when it is made. */
    const connected = <T extends Closeable>(connecting: Promise<T>): Promise<T | undefined> =>
      unlessStopped(connecting, stopping, clock, (late) => late.close())
    const onRetry = (stage: RetryStage): void => this.#metrics.retried(stage)

    const admin = await connected(client.admin({ logger, clock }))
    if (admin === undefined) return
    cleanUp.push(() => admin.close())

    const partitionCount = await unlessStopped(checkInput(admin, this.#config, this.#processors), stopping, clock)
    if (partitionCount === undefined || stopping.aborted) return

    const producer = await connected(client.producer({ partitioner, onRetry: () => onRetry('produce'), logger, clock }))
    if (producer === undefined) return
    cleanUp.push(() => producer.close())
    if (stopping.aborted) return

    let consumer: Consumer
    const workers = new PartitionWorkers({
      settings: this.#config,
      processorOf: this.#processorOf,
      admin,
      producer,
      consumer: () => consumer,
      metrics: this.#metrics,
      bounded,
      onFailure: (error) => this.#fail(error),
      onReachedTarget: () => this.#stop.abort(),
    })
    this.#workers = workers
    const connecting = client.consumer({
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
    // `consumer` is set before anything else runs: the workers may need it at once.
    const joined = await connected(connecting.then((made) => (consumer = made)))
    if (joined === undefined) return
    this.#consumer = joined
    cleanUp.push(() => joined.close())
    cleanUp.push(() => workers.close())
    this.#startTimers(workers, cleanUp)
    logger.info({ topics: this.#config.inputTopics, group: this.#config.groupId }, 'running')
    await this.#poll(joined, workers)
  }

  /** Reports the state of the partitions, and looks for stalled ones, until the run ends. */
  #startTimers(workers: PartitionWorkers, cleanUp: (() => Promise<void>)[]): void {
    const { metricsUpdateIntervalMs, stallWarningMs } = this.#config
    const timers = [
      this.#repeat(metricsUpdateIntervalMs, () => workers.reportState()),
      this.#repeat(Math.ceil(stallWarningMs / 4), () => workers.checkStalls()),
    ]
    cleanUp.push(async () => {
      workers.reportState()
      for (const timer of timers) timer.cancel()
    })
  }

  /** Runs the action after each delay, until the timer is cancelled. An error, such as one of a metrics provider, stops the run. */
  #repeat(delayMs: number, action: () => void): Timer {
    const { clock } = this.#config
    const tick = (): void => {
      timer = clock.setTimer(tick, delayMs)
      try {
        action()
      } catch (error) {
        this.#fail(error)
      }
    }
    let timer = clock.setTimer(tick, delayMs)
    return { cancel: () => timer.cancel() }
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

  /** Limits one fetch of a partition, so that a fetch of all partitions stays within `prefetchBytes`. */
  #maxPartitionBytes(partitionCount: number): number {
    const { prefetchBytes, inputTopics, inputPartitions } = this.#config
    const fetched = inputTopics.length * (inputPartitions?.length ?? partitionCount)
    return Math.max(1024, Math.min(MAX_PARTITION_BYTES, Math.floor(prefetchBytes / fetched)))
  }

  /** Stops the run. The first failure is the one that `runLoop()` rejects with. Later ones are its consequences, and only logged. */
  #fail(error: unknown): void {
    const { logger, topicProcessorName: processor } = this.#config
    if (this.#failure === undefined) {
      const failure =
        error instanceof KasperError
          ? error
          : new KasperError('FETCH_FAILED', messageOf(error), { cause: error, retriable: false })
      this.#failure = { error: failure }
      logger.error({ processor, ...errorFields(error) }, `stopping: ${messageOf(error)}`)
    } else if (error !== this.#failure.error) {
      logger.error({ processor, ...errorFields(error) }, `while stopping: ${messageOf(error)}`)
    }
    this.#stop.abort()
  }
}

/** The stage of an error that no worker has counted. */
function stageOf(error: unknown): ErrorStage {
  if (hasCode(error, 'STORE_FAILED')) return 'store'
  return hasCode(error, 'PROCESS_FAILED') ? 'process' : 'fetch' // PROCESS_FAILED: a processor could not be made.
}
