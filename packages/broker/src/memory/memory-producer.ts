import {
  defaultPartitioner,
  KasperError,
  type OutgoingMessage,
  type Partitioner,
  type ProduceAck,
  type Producer,
  type ProducerOptions,
} from '@kasper/core'
import { headerList } from '@kasper/core/adapter'
import { RecordEncoder, RecordTooLargeError, writeUtf8 } from '@kasper/protocol'
import { type Broker, unknownPartition } from '../broker.ts'
import { type Connection, isUp, orAborted, untilUp } from './connection.ts'
import type { PartitionLog } from '../logs/partition-log.ts'
import type { Topic } from '../logs/topic.ts'

/** How large a batch of several messages gets; a single message may be larger. */
const BATCH_BYTES = 1 << 16

/** Where keys become bytes for the partitioner. */
let scratch = new Uint8Array(256)

function encodeKey(key: string): Uint8Array {
  if (key.length * 3 > scratch.length) scratch = new Uint8Array(key.length * 3)
  return scratch.subarray(0, writeUtf8(scratch, 0, key))
}

/** What goes to one partition. */
interface Outbox {
  readonly topic: Topic
  readonly log: PartitionLog
  readonly encoder: RecordEncoder
  count: number
}

/** Messages on their way into batches, one outbox for each partition. */
export class Outboxes {
  readonly #broker: Broker
  readonly #partitioner: Partitioner
  readonly #byTopic = new Map<Topic, Outbox[]>()
  #filled: Outbox[] = []

  constructor(broker: Broker, partitioner: Partitioner = defaultPartitioner()) {
    this.#broker = broker
    this.#partitioner = partitioner
  }

  /**
   * Encodes all these messages, and returns the partitions they are for. If it throws, none is left behind. What it returns
   * is valid until the next call.
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
        if (typeof key === 'string') key = encodeKey(key)
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

/** Writes what is in this outbox to its log. */
export function deliver({ topic, log, encoder, count }: Outbox, nowMs: number): ProduceAck {
  const baseOffset = log.append(encoder.bytes, 0, encoder.length, topic.logAppendTime ? nowMs : undefined)
  return { topic: topic.name, partition: log.partition, baseOffset, count, bytes: encoder.length }
}

function missingValue(topic: string): TypeError {
  return new TypeError(
    `A message for topic ${topic} has no value. Use null for a tombstone; and if it is a copy of a message that was read, ` +
      'name the fields: {...message} does not copy them, because they are decoded when they are first used',
  )
}

function missingKey(topic: string, partition: number): KasperError {
  const message = `A message for topic ${topic} has no key, but the topic is compacted, and compaction goes by the key`
  return new KasperError('PRODUCE_FAILED', message, { topic, partition })
}

function tooLarge(cause: RecordTooLargeError, { topic, log }: Outbox): KasperError {
  const message = `A message for topic ${topic.name} takes ${cause.sizeInBytes} bytes; its max.message.bytes is ${topic.maxMessageBytes}`
  return new KasperError('MESSAGE_TOO_LARGE', message, { topic: topic.name, partition: log.partition, cause })
}

/** What came of one `send`: the acknowledgements, and what keeps them from arriving. */
interface Written {
  readonly acks: readonly ProduceAck[]
  readonly held: readonly Promise<void>[]
}

/** The producer of {@link MemoryKafka}. */
export class MemoryProducer implements Producer {
  readonly #connection: Connection
  readonly #outboxes: Outboxes
  readonly #onRetry: (() => void) | undefined
  readonly #onClose: () => void
  /** Sends that wait for the broker, so that later ones queue up behind them. */
  #lastWrite: Promise<void> | undefined
  readonly #underWay = new Set<Promise<unknown>>()
  #closing: Promise<void> | undefined

  constructor(connection: Connection, options: ProducerOptions, onClose: () => void) {
    this.#connection = connection
    this.#outboxes = new Outboxes(connection.broker, options.partitioner)
    this.#onRetry = options.onRetry
    this.#onClose = onClose
  }

  async send(
    messages: readonly OutgoingMessage[],
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<readonly ProduceAck[]> {
    if (this.#closing !== undefined) throw new KasperError('CLOSED', 'The producer is closed')
    signal?.throwIfAborted()
    const done = this.#send(messages, signal)
    this.#underWay.add(done)
    try {
      return await done
    } finally {
      this.#underWay.delete(done)
    }
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#underWay).then(this.#onClose)
    return this.#closing
  }

  async #send(messages: readonly OutgoingMessage[], signal: AbortSignal | undefined): Promise<readonly ProduceAck[]> {
    const atOnce = this.#lastWrite === undefined && isUp(this.#connection)
    const { acks, held } = atOnce ? this.#write(messages) : await orAborted(this.#writeInTurn(messages, signal), signal)
    const turn = this.#connection.broker.turn()
    if (turn !== undefined) await turn
    const stored = this.#connection.broker.stored()
    if (stored !== undefined) await orAborted(stored, signal)
    if (held.length > 0) await orAborted(Promise.all(held), signal)
    return acks
  }

  /** Writes when everything sent before is written and the broker can be reached. */
  #writeInTurn(messages: readonly OutgoingMessage[], signal: AbortSignal | undefined): Promise<Written> {
    const sentMs = this.#connection.clock.monotonic()
    const before = this.#lastWrite ?? Promise.resolve()
    const written = before.then(async () => {
      await untilUp(this.#connection, signal, sentMs, this.#onRetry)
      return this.#write(messages)
    })
    const settled = written.then(
      () => {},
      () => {},
    )
    this.#lastWrite = settled
    void settled.then(() => {
      if (this.#lastWrite === settled) this.#lastWrite = undefined
    })
    return written
  }

  #write(messages: readonly OutgoingMessage[]): Written {
    const { broker, clock } = this.#connection
    const nowMs = clock.now()
    const acks: ProduceAck[] = []
    const held: Promise<void>[] = []
    let failure: KasperError | undefined
    for (const outbox of this.#outboxes.fill(messages, nowMs)) {
      const { log } = outbox
      if (broker.faults.strikes('produce', log)) {
        failure ??= produceFailed(log, 'was refused, and nothing is written there')
        continue
      }
      acks.push(deliver(outbox, nowMs))
      const hold = broker.faults.heldUp('ack', log)
      if (hold !== undefined) held.push(hold)
      if (broker.faults.strikes('ack', log)) failure ??= produceFailed(log, 'is done, but its acknowledgement got lost')
    }
    if (failure !== undefined) throw failure
    return { acks, held }
  }
}

function produceFailed({ topic, partition }: PartitionLog, what: string): KasperError {
  return new KasperError('PRODUCE_FAILED', `The write to ${topic}/${partition} ${what}, as the test's faults say`, {
    topic,
    partition,
  })
}
