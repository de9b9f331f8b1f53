// Needs KAFKA_BROKERS. Reads a topic with transactions of another producer, @platformatic/kafka's own.
import { Producer, stringSerializers } from '@platformatic/kafka'
import { expect, test } from 'vitest'
import { brokers, testClient } from '../test/support.ts'

test('aborted messages are left out, and the position moves past the markers to the end', async () => {
  const topic = `topic-${crypto.randomUUID()}`
  const client = testClient()
  const admin = await client.admin()
  await admin.createTopics([{ name: topic }])
  const producer = new Producer({
    clientId: 'test',
    bootstrapBrokers: brokers(),
    transactionalId: topic,
    idempotent: true,
    serializers: stringSerializers,
  })
  for (const [value, end] of [
    ['a', 'commit'],
    ['b', 'abort'],
    ['c', 'commit'],
    ['d', 'abort'],
  ] as const) {
    const transaction = await producer.beginTransaction()
    await transaction.send({ messages: [{ topic, value, partition: 0 }] })
    await (end === 'commit' ? transaction.commit() : transaction.abort())
  }
  await producer.close()

  const consumer = await client.consumer({
    groupId: topic,
    topics: [topic],
    listener: {
      onAssign: async (partitions) => partitions.map((partition) => ({ ...partition, offset: 0 })),
      onRevoke: async () => {},
      onLost() {},
    },
  })
  const read: string[] = []
  const signal = AbortSignal.timeout(45_000)
  let [position, end] = [0, -1]
  while (!(position === end && end === 8) && !signal.aborted) {
    for (const { messages, nextOffset, endOffset } of await consumer.poll({ signal })) {
      read.push(...messages.map(({ value }) => new TextDecoder().decode(value!)))
      ;[position, end] = [nextOffset, endOffset]
    }
  }
  await consumer.close()
  await admin.deleteTopics([topic])
  await admin.close()
  expect(read).toEqual(['a', 'c'])
  expect([position, end]).toEqual([8, 8])
})
