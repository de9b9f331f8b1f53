import type { MessageProcessor, MessageProcessors, ProcessContext, Sender } from '../batches/message-processor.ts'
import { decodeMessage, type MessageOf, type TopicMessage } from '../codecs/topic-message.ts'
import type { Topic } from '../codecs/topics.ts'
import type { Message } from '../kafka/message.ts'
import { KasperError, messageOf } from '../runtime/errors.ts'

/** A decoded message of a declared topic, or a message of a topic that is given by its name. */
type InputMessage = Message | TopicMessage

/**
 * Returns a function that finds or makes the processor of a partition. Messages of declared topics are decoded before the processor
 * gets them. Without a declared topic there is nothing to decode, and the processor is returned as it is.
 */
export function partitionProcessors<T extends string | Topic>(
  inputTopics: readonly T[],
  processors: MessageProcessors<MessageOf<T>>,
): (partition: number) => Promise<MessageProcessor> {
  const topics = new Map<string, Topic>()
  for (const topic of inputTopics) if (typeof topic !== 'string') topics.set(topic.name, topic)
  return async (partition) => {
    const processor = await processorOf(partition, processors)
    return topics.size === 0 ? (processor as MessageProcessor) : new DecodingProcessor(processor, topics)
  }
}

async function processorOf<M>(partition: number, processors: MessageProcessors<M>): Promise<MessageProcessor<M>> {
  if (processors instanceof Map) {
    const processor = processors.get(partition)
    if (processor !== undefined) return processor
    throw new KasperError('PROCESSOR_MISSING', `partition ${partition} was added and has no processor: add one to the map`, {
      partition,
    })
  }
  if (typeof processors !== 'function') return processors as MessageProcessor<M>
  try {
    return await processors(partition)
  } catch (error) {
    throw new KasperError('PROCESS_FAILED', `could not make the processor of partition ${partition}: ${messageOf(error)}`, {
      partition,
      cause: error,
    })
  }
}

/** Decodes each batch, and passes it to a processor. */
class DecodingProcessor implements MessageProcessor {
  readonly #processor: MessageProcessor<InputMessage>
  readonly #topics: ReadonlyMap<string, Topic>

  constructor(processor: MessageProcessor<never>, topics: ReadonlyMap<string, Topic>) {
    this.#processor = processor as MessageProcessor<InputMessage>
    this.#topics = topics
  }

  get participants(): MessageProcessor['participants'] {
    return this.#processor.participants
  }

  process(messages: readonly Message[], sender: Sender, context: ProcessContext): Promise<void> | void {
    const decoded = messages.map((message) => {
      const topic = this.#topics.get(message.topic)
      return topic === undefined ? message : decodeMessage(message, topic)
    })
    return this.#processor.process(decoded, sender, context)
  }
}
