import type { ProduceAck } from '../kafka/producer.ts'
import { KasperError } from '../runtime/errors.ts'
import type { OutgoingMessage } from '../kafka/message.ts'
import type { Sender } from './message-processor.ts'

/** The sender of one batch: collects, sends in bulk, and is of no use once the batch is done. */
export class BatchSender implements Sender {
  readonly #produce: (messages: readonly OutgoingMessage[]) => Promise<readonly ProduceAck[]>
  #collected: OutgoingMessage[] = []
  #lastFlush: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(produce: (messages: readonly OutgoingMessage[]) => Promise<readonly ProduceAck[]>) {
    this.#produce = produce
  }

  send(message: OutgoingMessage): void {
    if (this.#closed) throw lateUse()
    this.#collected.push(message)
  }

  flush(): Promise<readonly ProduceAck[]> {
    if (this.#closed) return Promise.reject(lateUse())
    return this.#flushInTurn()
  }

  /** Sends the rest, after everything that was flushed before. From here on the processor cannot send any more. */
  async finish(): Promise<void> {
    this.#closed = true
    // A flush that nobody waited for may still be under way; if it failed, its messages are in #collected again.
    await this.#lastFlush
    if (this.#collected.length > 0) await this.#flushInTurn()
  }

  /** Refuses everything from now on: the batch failed. */
  abandon(): void {
    this.#closed = true
  }

  #flushInTurn(): Promise<readonly ProduceAck[]> {
    const flush = this.#lastFlush.then(() => this.#flushNow())
    this.#lastFlush = flush.catch(() => {})
    return flush
  }

  async #flushNow(): Promise<readonly ProduceAck[]> {
    const messages = this.#collected
    if (messages.length === 0) return []
    this.#collected = []
    try {
      return await this.#produce(messages)
    } catch (error) {
      this.#collected = messages.concat(this.#collected)
      throw error
    }
  }
}

function lateUse(): KasperError {
  return new KasperError(
    'CLOSED',
    'this sender belongs to a process() call that is over, so the message would be lost: await everything before process() returns',
  )
}
