import { defaultPartitioner, KasperError, type OutgoingMessage, type ProduceAck } from '@kasper/core'
import { headerList } from '@kasper/core/adapter'
import { RecordEncoder, RecordTooLargeError, temporaryUtf8 } from '@kasper/protocol'
import { type Broker, unknownPartition } from '../broker.ts'
import type { PartitionLog } from '../logs/partition-log.ts'
import type { Topic } from '../logs/topic.ts'

/** The limit for a batch of several messages. A single message may be larger. */
const BATCH_BYTES = 1 << 16

/** The messages for one partition, encoded. */
interface Outbox {
  readonly topic: Topic
  readonly log: PartitionLog
  readonly encoder: RecordEncoder
  count: number
}

/** Encodes messages into batches, with one outbox for each partition. */
export class Outboxes {
  readonly #broker: Broker
  readonly #partitioner = defaultPartitioner()
  readonly #byTopic = new Map<Topic, Outbox[]>()
  #filled: Outbox[] = []

  constructor(broker: Broker) {
    this.#broker = broker
  }

  /**
   * Encodes these messages. Returns the outboxes that have messages, which are valid until the next call. If it throws, all outboxes
   * are empty.
   */
  fill(messages: readonly OutgoingMessage[], nowMs: number): readonly Outbox[] {
    this.#reset()
    try {
      this.#encode(messages, nowMs)
    } catch (error) {
      this.#reset()
      throw error
    }
    for (const { encoder } of this.#filled) encoder.finish()
    return this.#filled
  }

  #reset(): void {
    for (const outbox of this.#filled) {
      outbox.encoder.reset()
      outbox.count = 0
    }
    this.#filled = []
  }

  #encode(messages: readonly OutgoingMessage[], nowMs: number): void {
    let topicName: string | undefined
    let topic!: Topic
    let outboxes!: Outbox[]
    for (const message of messages) {
      if (message.topic !== topicName) {
        topicName = message.topic
        topic = this.#broker.topic(topicName)
        outboxes = this.#outboxesOf(topic)
      }
      let key = message.key ?? null
      let partition = message.partition
      if (partition === undefined) {
        if (typeof key === 'string') key = temporaryUtf8(key)
        partition = this.#partitioner(key, topic.logs.length, topic.name)
      }
      const outbox = outboxes[partition] ?? this.#addOutbox(outboxes, topic, partition)
      if (outbox.count++ === 0) this.#filled.push(outbox)
      const { value, headers } = message
      if (value === undefined) throw missingValue(topic.name)
      if (key === null && topic.compacted) throw missingKey(topic.name, partition)
      try {
        outbox.encoder.add(key, value, message.timestamp ?? nowMs, headers === undefined ? undefined : headerList(headers))
      } catch (error) {
        throw error instanceof RecordTooLargeError ? tooLarge(error, outbox) : error
      }
    }
  }

  #outboxesOf(topic: Topic): Outbox[] {
    let outboxes = this.#byTopic.get(topic)
    if (outboxes === undefined) {
      outboxes = []
      this.#byTopic.set(topic, outboxes)
    }
    return outboxes
  }

  #addOutbox(outboxes: Outbox[], topic: Topic, partition: number): Outbox {
    const log = topic.logs[partition]
    if (log === undefined) throw unknownPartition(topic.name, partition, topic.logs.length)
    const outbox: Outbox = { topic, log, encoder: new RecordEncoder(BATCH_BYTES, topic.maxMessageBytes), count: 0 }
    outboxes[partition] = outbox
    return outbox
  }
}

/** Writes the messages of an outbox to its log. */
export function deliver({ topic, log, encoder, count }: Outbox, nowMs: number): ProduceAck {
  const baseOffset = log.append(encoder.bytes, 0, encoder.length, topic.logAppendTime ? nowMs : undefined)
  return { topic: topic.name, partition: log.partition, baseOffset, count, bytes: encoder.length }
}

function missingValue(topic: string): TypeError {
  return new TypeError(
    `A message for topic ${topic} has no value. Use null for a tombstone. If it is a copy of a message that was read, copy the fields ` +
      'by name: {...message} does not copy them, because they are decoded when they are read',
  )
}

function missingKey(topic: string, partition: number): KasperError {
  const message = `A message for topic ${topic} has no key, which every message of a compacted topic needs`
  return new KasperError('PRODUCE_FAILED', message, { topic, partition })
}

function tooLarge(cause: RecordTooLargeError, { topic, log }: Outbox): KasperError {
  const message = `A message for topic ${topic.name} takes ${cause.sizeInBytes} bytes, more than the topic's max.message.bytes of ${topic.maxMessageBytes}`
  return new KasperError('MESSAGE_TOO_LARGE', message, { topic: topic.name, partition: log.partition, cause })
}
