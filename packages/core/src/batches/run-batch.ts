import { encodeMessage, type OutgoingMessageOf } from '../codecs/topic-message.ts'
import type { Topic } from '../codecs/topics.ts'
import type { Message, OutgoingMessage } from '../kafka/message.ts'
import type { ProduceAck } from '../kafka/producer.ts'
import { KasperError } from '../runtime/errors.ts'
import type { MessageProcessor, ProcessContext, Sender } from './message-processor.ts'

/**
 * Runs `process` between the `begin` and the `end` of the processor's participants. If one of them fails, all participants discard
 * the batch. Rejects with the first error.
 *
 * @param onStage receives the stage that begins: `store` for the participants
 */
export async function runBatch(
  processor: MessageProcessor,
  messages: readonly Message[],
  sender: Sender,
  context: ProcessContext,
  onStage: (stage: 'store' | 'process') => void = () => {},
): Promise<void> {
  const { participants } = processor
  if (participants === undefined) return processor.process(messages, sender, context)
  try {
    onStage('store')
    await allSettled(participants.map((participant) => participant.begin(messages, context)))
    onStage('process')
    await processor.process(messages, sender, context)
    // If the partition was lost meanwhile, its new owner writes the state: this process must not overwrite it.
    context.signal.throwIfAborted()
    onStage('store')
    await allSettled(participants.map((participant) => participant.end(context)))
  } catch (error) {
    for (const participant of participants) participant.discard()
    throw error
  }
}

/** Waits for all participants, even after a failure. Otherwise the next batch could overtake a write that is still running. */
async function allSettled(running: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(running)) if (result.status === 'rejected') throw result.reason
}

type SendMessages = (messages: readonly OutgoingMessage[]) => Promise<readonly ProduceAck[]>

/** The sender of one `process` call. It collects messages, sends them in bulk, and refuses messages once the call is over. */
export class BatchSender implements Sender {
  readonly #sendMessages: SendMessages
  #collected: OutgoingMessage[] = []
  #lastFlush: Promise<unknown> = Promise.resolve()
  #lastFailure: unknown
  #closed = false

  constructor(sendMessages: SendMessages) {
    this.#sendMessages = sendMessages
  }

  send(first: OutgoingMessage | Topic, second?: OutgoingMessageOf<Topic>): void {
    if (this.#closed) throw usedTooLate()
    this.#collected.push(second === undefined ? (first as OutgoingMessage) : encodeMessage(second, first as Topic))
  }

  flush(): Promise<readonly ProduceAck[]> {
    if (this.#closed) return Promise.reject(usedTooLate())
    const flush = this.#lastFlush.then(() => this.#sendCollected())
    this.#lastFlush = flush.catch(() => {})
    return flush
  }

  /** The error of the last flush that failed. It was counted then, even if `process` throws it again. */
  get lastFailure(): unknown {
    return this.#lastFailure
  }

  /** Refuses every message from now on. */
  close(): void {
    this.#closed = true
  }

  /** Closes the sender, waits for its flushes, and returns the messages that are left to send. */
  async finish(): Promise<readonly OutgoingMessage[]> {
    this.close()
    // `process` may have ended without waiting for a flush. If the flush failed, its messages are collected again.
    await this.#lastFlush
    return this.#collected
  }

  async #sendCollected(): Promise<readonly ProduceAck[]> {
    const messages = this.#collected
    if (messages.length === 0) return []
    this.#collected = []
    try {
      return await this.#sendMessages(messages)
    } catch (error) {
      this.#lastFailure = error
      this.#collected = messages.concat(this.#collected)
      throw error
    }
  }
}

function usedTooLate(): KasperError {
  return new KasperError(
    'CLOSED',
    'this sender belongs to a process() call that is over, so the message would be lost: await everything before process() returns',
  )
}
