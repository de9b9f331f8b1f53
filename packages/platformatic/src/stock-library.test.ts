// The library without Kasper, against MemoryKafka over TCP: both group protocols, all compressions, and transactions.
import { Admin, Consumer, MessagesStreamModes, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'
import { MemoryKafka } from '@kasper/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
let kafka: Awaited<ReturnType<typeof MemoryKafka.listen>>
let connection: { clientId: string; bootstrapBrokers: string[] }

beforeAll(async () => {
  kafka = await MemoryKafka.listen()
  connection = { clientId: 'stock', bootstrapBrokers: [...kafka.brokers] }
  const admin = new Admin(connection)
  await admin.createTopics({ topics: ['words'], partitions: 3, replicas: 1 })
  await admin.close()
  const producer = new Producer({ ...connection, serializers: stringSerializers, idempotent: true })
  for (const compression of COMPRESSIONS) {
    const messages = Array.from({ length: 100 }, (_, i) => ({ topic: 'words', key: `k${i}`, value: `${compression} ${i}` }))
    await producer.send({ messages, compression })
  }
  await producer.close()
})
afterAll(() => kafka.close())

test.each(['classic', 'consumer'] as const)('a consumer of a group with protocol %s reads and commits', async (groupProtocol) => {
  const consumer = new Consumer({ ...connection, groupId: groupProtocol, groupProtocol, deserializers: stringDeserializers })
  const stream = await consumer.consume({ topics: ['words'], mode: MessagesStreamModes.EARLIEST, autocommit: false })
  const read = new Set<string>()
  for await (const message of stream) {
    read.add(message.value)
    await message.commit()
    if (read.size === 500) break
  }
  expect(read).toEqual(new Set(COMPRESSIONS.flatMap((name) => Array.from({ length: 100 }, (_, i) => `${name} ${i}`))))
  const committed = [0, 1, 2].map((partition) => kafka.committed(groupProtocol, 'words', partition))
  expect(committed).toEqual([0, 1, 2].map((partition) => kafka.read('words').filter((it) => it.partition === partition).length))
  await stream.close()
  await consumer.close()
})

test('messages of committed transactions are read, those of aborted ones are not', async () => {
  kafka.createTopic('payments')
  const producer = new Producer({ ...connection, serializers: stringSerializers, transactionalId: 'payments', idempotent: true })
  for (const [value, end] of [
    ['kept', 'commit'],
    ['dropped', 'abort'],
    ['kept too', 'commit'],
  ] as const) {
    const transaction = await producer.beginTransaction()
    await transaction.send({ messages: [{ topic: 'payments', value }] })
    await transaction[end]()
  }
  await producer.close()
  const consumer = new Consumer({ ...connection, groupId: 'payments', deserializers: stringDeserializers, isolationLevel: 1 })
  const stream = await consumer.consume({ topics: ['payments'], mode: MessagesStreamModes.EARLIEST })
  const read: string[] = []
  for await (const { value } of stream) if (read.push(value) === 2) break
  expect(read).toEqual(['kept', 'kept too'])
  await stream.close()
  await consumer.close()
})
