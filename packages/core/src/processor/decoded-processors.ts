import type { MessageProcessor, MessageProcessors } from '../batches/message-processor.ts'
import { decodeMessage, type MessageOf, type TopicMessage } from '../codecs/topic-message.ts'
import type { Topic } from '../codecs/topics.ts'
import type { Message } from '../kafka/message.ts'

/** A decoded message of a declared topic, or a message of a topic that is given by its name. */
type InputMessage = Message | TopicMessage

/**
 * Wraps the processors so that each batch is decoded before `process` gets it. Without a declared topic there is nothing to decode, and
 * the processors are returned as they are.
 */
export function decodedProcessors<T extends string | Topic>(
  inputTopics: readonly T[],
  processors: MessageProcessors<MessageOf<T>>,
): MessageProcessors {
  const topics = new Map<string, Topic>()
  for (const topic of inputTopics) if (typeof topic !== 'string') topics.set(topic.name, topic)
  if (topics.size === 0) return processors as MessageProcessors
  const decoded = (processor: MessageProcessor<InputMessage>): MessageProcessor => ({
    participants: processor.participants,
    process: (messages, sender, context) => processor.process(decodeAll(messages, topics), sender, context),
  })
  const typed = processors as MessageProcessors<InputMessage>
  if (typeof typed === 'function') return async (partition) => decoded(await typed(partition))
  return 'process' in typed ? decoded(typed) : new Map(Array.from(typed, ([partition, each]) => [partition, decoded(each)]))
}

function decodeAll(messages: readonly Message[], topics: ReadonlyMap<string, Topic>): InputMessage[] {
  return messages.map((message) => {
    const topic = topics.get(message.topic)
    return topic === undefined ? message : decodeMessage(message, topic)
  })
}
