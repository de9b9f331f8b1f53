import type { KafkaClient } from '@kasper/core'
import { TopicProcessor } from '@kasper/core'
import { Consumer, MessagesStreamModes, ProduceAcks, Producer } from '@platformatic/kafka'
import type { Kafka } from 'kafkajs'
import type { Load, Work } from './workload.ts'

/** One pass of a contender over the input topic. */
export interface Pass {
  /** A unique name, for the consumer group. */
  readonly name: string
  readonly input: string
  readonly output: string
  readonly load: Load
  readonly work: Work
}

/** Does the work on every message of the input topic. Resolves when the last result is acknowledged and committed. */
export type Contender = (pass: Pass) => Promise<void>

/** Kasper's engine on a client. */
export function engine(client: KafkaClient): Contender {
  return async ({ name, input, output, load, work }) => {
    const processor = new TopicProcessor(
      { topicProcessorName: name, client, inputTopics: [input], batchSize: load.batchSize },
      {
        process: (messages, sender) => work(messages, (key, value) => sender.send({ topic: output, key, value })),
      },
    )
    await processor.runUntilCaughtUp()
  }
}

/** A plain loop on the same client without the engine: poll, work, send, commit. */
export function clientLoop(client: KafkaClient): Contender {
  return async ({ name, input, output, load, work }) => {
    const producer = await client.producer()
    const consumer = await client.consumer({
      groupId: name,
      topics: [input],
      listener: {
        onAssign: async (partitions) => partitions.map(({ topic, partition }) => ({ topic, partition, offset: 0 })),
        onRevoke: async () => {},
        onLost: () => {},
      },
    })
    for (let done = 0; done < load.messages;) {
      for (const { topic, partition, messages, nextOffset } of await consumer.poll()) {
        const results: { topic: string; key: Uint8Array; value: Uint8Array | string }[] = []
        await work(messages, (key, value) => results.push({ topic: output, key, value }))
        await producer.send(results)
        await consumer.commit([{ topic, partition, offset: nextOffset }])
        done += messages.length
      }
    }
    await consumer.close()
    await producer.close()
  }
}

/** The usual loop with kafkajs: eachBatch, one sendBatch, commit. */
export function kafkajsLoop(kafka: Kafka): Contender {
  return async ({ name, input, output, load, work }) => {
    const producer = kafka.producer({ allowAutoTopicCreation: false })
    const consumer = kafka.consumer({ groupId: name })
    await Promise.all([producer.connect(), consumer.connect()])
    await consumer.subscribe({ topic: input, fromBeginning: true })
    const finished = Promise.withResolvers<void>()
    let done = 0
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset }) => {
        const messages: { key: Buffer; value: Buffer | string }[] = []
        await work(batch.messages, (key, value) => messages.push({ key: key as Buffer, value: value as Buffer | string }))
        await producer.sendBatch({ acks: -1, topicMessages: [{ topic: output, messages }] })
        const offset = batch.lastOffset()
        resolveOffset(offset)
        await consumer.commitOffsets([{ topic: batch.topic, partition: batch.partition, offset: String(Number(offset) + 1) }])
        done += batch.messages.length
        if (done >= load.messages) finished.resolve()
      },
    })
    await finished.promise
    await consumer.disconnect()
    await producer.disconnect()
  }
}

/** The usual loop with @platformatic/kafka: collect messages from the stream, one send, commit. */
export function platformaticLoop(bootstrapBrokers: string[]): Contender {
  return async ({ name, input, output, load, work }) => {
    const connection = { clientId: 'bench', bootstrapBrokers, autocreateTopics: false }
    const producer = new Producer(connection)
    const consumer = new Consumer({ ...connection, groupId: name })
    const stream = await consumer.consume({ topics: [input], mode: MessagesStreamModes.EARLIEST, autocommit: false })
    let batch: { readonly key: Buffer; readonly value: Buffer }[] = []
    const ends = new Map<number, { topic: string; partition: number; offset: bigint; leaderEpoch: number }>()
    // The producer makes one batch of all messages of a partition, and brokers refuse batches above 1 MB.
    const batchSize = Math.min(load.batchSize, 5000)
    let done = 0
    for await (const message of stream) {
      batch.push(message)
      const { topic, partition, offset, leaderEpoch } = message
      ends.set(partition, { topic, partition, offset: offset + 1n, leaderEpoch })
      if (batch.length < batchSize && done + batch.length < load.messages) continue
      const messages: { topic: string; key: Buffer; value: Buffer }[] = []
      await work(batch, (key, value) => {
        messages.push({
          topic: output,
          key: key as Buffer,
          value: typeof value === 'string' ? Buffer.from(value) : (value as Buffer),
        })
      })
      await producer.send({ messages, acks: ProduceAcks.ALL })
      await consumer.commit({ offsets: [...ends.values()] })
      done += batch.length
      batch = []
      if (done >= load.messages) break
    }
    await stream.close()
    await consumer.close()
    await producer.close()
  }
}
