// Delivers at least once. It keeps these rules:
//
// 1. An offset is committed only when everything that it stands for is acknowledged. `commit` sends the outputs that are left,
//    and waits for their acknowledgements, before it commits. The sender has waited for everything that `process` flushed.
// 2. Nothing of batch N + 1 is sent before the commit of batch N has arrived. While that commit is under way, batch N + 1 is
//    only processed. So a crash repeats the output of one batch at most.
// 3. A lost partition sends nothing and commits nothing. The consumer alone decides whether this member owns a partition: it
//    reports a loss to its listener, which abandons the delivery, and it rejects a commit that comes too late with FENCED.
import type { Batch } from '../batches/batch.ts'
import { batchError } from '../batches/batch.ts'
import type { Consumer } from '../kafka/consumer.ts'
import type { OutgoingMessage } from '../kafka/message.ts'
import type { ProduceAck, Producer } from '../kafka/producer.ts'
import { countFailure, type EngineMetrics } from '../observability/engine-metrics.ts'
import type { TraceSpan } from '../observability/tracing.ts'
import type { Clock } from '../runtime/clock.ts'
import { KasperError } from '../runtime/errors.ts'
import type { Delivery, DeliveryProgress, DeliveryUnit } from './delivery.ts'

export interface AtLeastOnceOptions {
  readonly partition: number
  readonly producer: Producer
  /** A function, because the consumer is made after the workers, which are its listener. */
  readonly consumer: () => Pick<Consumer, 'commit'>
  readonly progress: DeliveryProgress
  readonly metrics: EngineMetrics
  readonly clock: Clock
}

export class AtLeastOnceDelivery implements Delivery {
  readonly #options: AtLeastOnceOptions
  readonly #abandoned = new AbortController()
  #lastCommit: Promise<void> = Promise.resolve()

  constructor(options: AtLeastOnceOptions) {
    this.#options = options
  }

  get signal(): AbortSignal {
    return this.#abandoned.signal
  }

  async send({ batch, span }: DeliveryUnit, messages: readonly OutgoingMessage[]): Promise<readonly ProduceAck[]> {
    const { producer, progress, metrics, clock } = this.#options
    const { signal } = this
    const stageBefore = progress.stage
    await this.#previousCommit()
    progress.stage = 'produce'
    const startedAt = clock.monotonic()
    const sendSpan = span?.startSend(messages)
    try {
      const acks = await producer.send(sendSpan?.messages ?? messages, { signal })
      sendSpan?.end()
      metrics.produced(clock.monotonic() - startedAt)
      metrics.outgoing(acks)
      return acks
    } catch (error) {
      sendSpan?.end(error)
      countFailure(metrics, signal, 'produce', error)
      throw batchError('PRODUCE_FAILED', 'could not send the output of the batch', batch, error)
    } finally {
      progress.stage = stageBefore
    }
  }

  async commit(unit: DeliveryUnit, outputs: readonly OutgoingMessage[]): Promise<void> {
    const { progress, clock } = this.#options
    if (outputs.length > 0) await this.send(unit, outputs)
    await this.#previousCommit()
    const commitSpan = unit.span?.startCommit()
    const startedAt = clock.monotonic()
    progress.committing(unit.batch, startedAt)
    this.#lastCommit = this.#commitOffsets(unit.batch, startedAt, commitSpan)
    this.#lastCommit.catch(() => {}) // The next send, commit or `committed()` rejects with it.
  }

  committed(): Promise<void> {
    return this.#lastCommit
  }

  abandon(): void {
    this.#abandoned.abort(new KasperError('FENCED', `partition ${this.#options.partition} no longer belongs to this processor`))
  }

  async #previousCommit(): Promise<void> {
    this.#options.progress.stage = 'commit'
    await this.#lastCommit
    this.signal.throwIfAborted()
  }

  async #commitOffsets(batch: Batch, startedAt: number, span: TraceSpan | undefined): Promise<void> {
    const { consumer, progress, metrics, clock } = this.#options
    try {
      await consumer().commit(batch.ranges)
    } catch (error) {
      progress.commitEnded()
      span?.end(error)
      countFailure(metrics, this.signal, 'commit', error)
      throw batchError('COMMIT_FAILED', 'could not commit', batch, error)
    }
    progress.commitEnded()
    span?.end()
    metrics.committed(clock.monotonic() - startedAt)
  }
}
