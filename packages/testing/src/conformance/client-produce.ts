import { type OutgoingMessage, systemClock } from '@kasper/core'
import { assert, assertEqual } from './assert.ts'
import { type ClientCase, clientCase } from './client-context.ts'
import { assertAcks, numbered, range, textOf, valuesOf } from './client-data.ts'

/** The murmur2 hashes of these keys in Java, from the tests of Apache Kafka. */
const murmur2OfJava: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
]

const utf8 = new TextEncoder()

/** The rules for a producer. */
export const clientProduceCases: readonly ClientCase[] = [
  clientCase('A message is read as it was sent', async (world) => {
    const topic = await world.topic(3)
    const timestamp = Date.UTC(2001, 8, 9)
    const value = Uint8Array.from({ length: 256 }, (_, i) => i)
    const acks = await world.send([
      {
        topic,
        partition: 2,
        key: Uint8Array.of(0, 255, 10),
        value,
        timestamp,
        headers: [{ key: 'h', value: Uint8Array.of(128) }],
      },
    ])
    assertAcks(acks, [{ topic, partition: 2, baseOffset: 0, count: 1 }], 'Acknowledgement')
    assert((acks[0]!.bytes ?? 256) >= 256, `The acknowledgement of 256 bytes has only ${acks[0]!.bytes} bytes`)
    const [message] = await world.everything(topic, 1)
    assertEqual(
      [message!.topic, message!.partition, message!.offset, message!.timestamp],
      [topic, 2, 0, timestamp],
      'Place and timestamp',
    )
    assertEqual(message!.key, Uint8Array.of(0, 255, 10), 'Key')
    assertEqual(message!.value, value, 'Value')
    assertEqual(
      message!.headers.map(({ key, value }) => [key, value]),
      [['h', Uint8Array.of(128)]],
      'Headers',
    )
  }),

  clientCase('null and empty are different, in keys and in values', async (world) => {
    const topic = await world.topic()
    const empty = new Uint8Array(0)
    await world.send([
      { topic, value: 'no key' },
      { topic, key: null, value: empty },
      { topic, key: empty, value: 'empty key' },
      { topic, key: '', value: '' },
      { topic, key: 'tombstone', value: null },
      { topic, value: null },
    ])
    const messages = await world.everything(topic, 6)
    assertEqual(
      messages.map(({ key }) => textOf(key)),
      [null, null, '', '', 'tombstone', null],
      'Keys',
    )
    assertEqual(valuesOf(messages), ['no key', '', 'empty key', '', null, null], 'Values')
    assertEqual(
      messages.map(({ headers }) => headers.length),
      [0, 0, 0, 0, 0, 0],
      'Numbers of headers',
    )
  }),

  clientCase('Strings are sent as UTF-8', async (world) => {
    const topic = await world.topic()
    const text = 'Grüße, 世界 𝄞'
    await world.send([{ topic, key: text, value: text.repeat(100), headers: { ü: text } }])
    const [message] = await world.everything(topic, 1)
    assertEqual(message!.key, utf8.encode(text), 'Key')
    assertEqual(message!.value, utf8.encode(text.repeat(100)), 'Value')
    assertEqual(
      message!.headers.map(({ key, value }) => [key, value]),
      [['ü', utf8.encode(text)]],
      'Headers',
    )
  }),

  clientCase('Headers may repeat, be empty, or have no value', async (world) => {
    const topic = await world.topic()
    await world.send([
      {
        topic,
        value: 'list',
        headers: [
          { key: 'a', value: '1' },
          { key: 'a', value: Uint8Array.of(50) },
          { key: 'a', value: '' },
        ],
      },
      { topic, value: 'object', headers: { x: null, y: '', z: 'z' } },
      { topic, value: 'none', headers: [] },
    ])
    const [list, object, none] = await world.everything(topic, 3)
    assertEqual(
      list!.headers.map(({ key, value }) => [key, textOf(value)]),
      [
        ['a', '1'],
        ['a', '2'],
        ['a', ''],
      ],
      'Headers of one key, in order',
    )
    assertEqual(
      new Map(object!.headers.map(({ key, value }) => [key, textOf(value)])),
      new Map([
        ['x', null],
        ['y', ''],
        ['z', 'z'],
      ]),
      'Headers given as an object',
    )
    assertEqual(none!.headers.length, 0, 'Number of headers of a message without any')
  }),

  clientCase(
    'Headers keep their order when their keys alternate',
    async (world) => {
      const topic = await world.topic()
      const headers = ['a1', 'b1', 'a2', 'c1', 'b2', 'a3'].map((pair) => ({ key: pair[0]!, value: pair[1]! }))
      await world.send([{ topic, value: 'v', headers }])
      const [message] = await world.everything(topic, 1)
      assertEqual(
        message!.headers.map(({ key, value }) => key + textOf(value)),
        ['a1', 'b1', 'a2', 'c1', 'b2', 'a3'],
        'Headers',
      )
    },
    'headerOrder',
  ),

  clientCase('A message without a timestamp gets the time of sending', async (world) => {
    const topic = await world.topic()
    const before = systemClock.now()
    await world.send([
      { topic, value: 'now' },
      { topic, value: 'then', timestamp: 1000 },
      { topic, value: 'epoch', timestamp: 0 },
    ])
    const after = systemClock.now()
    const [now, then, epoch] = await world.everything(topic, 3)
    assert(
      now!.timestamp >= before && now!.timestamp <= after,
      `The timestamp ${now!.timestamp} is not between ${before} and ${after}`,
    )
    assertEqual([then!.timestamp, epoch!.timestamp], [1000, 0], 'Timestamps of messages that have one')
  }),

  clientCase('Keys select the same partitions as in the Java client', async (world) => {
    for (const partitions of [3, 7]) {
      const topic = await world.topic(partitions)
      await world.send(
        murmur2OfJava.flatMap(([key]) => [
          { topic, key, value: key },
          { topic, key: utf8.encode(key), value: key },
        ]),
      )
      const messages = await world.everything(topic, murmur2OfJava.length * 2)
      const expected = murmur2OfJava.flatMap(([key, hash]) => [
        `${key} in ${(hash & 0x7fffffff) % partitions}`,
        `${key} in ${(hash & 0x7fffffff) % partitions}`,
      ])
      assertEqual(
        messages.map(({ key, partition }) => `${textOf(key)} in ${partition}`).sort(),
        expected.sort(),
        `Partitions of a topic with ${partitions}`,
      )
    }
  }),

  clientCase('Messages without a key go to all partitions in turn', async (world) => {
    const topic = await world.topic(4)
    await world.send(range(10).map((i) => ({ topic, value: `${i}` })))
    for (const i of range(6)) await world.send([{ topic, value: `${10 + i}` }])
    const messages = await world.everything(topic, 16)
    assertEqual(
      range(4).map((partition) => messages.filter((message) => message.partition === partition).length),
      [4, 4, 4, 4],
      'Messages in each partition',
    )
  }),

  clientCase('A custom partitioner gets the key, the number of partitions and the topic', async (world) => {
    const topic = await world.topic(5)
    const seen: unknown[] = []
    const producer = world.opened(
      await world.client.producer({
        partitioner(key, partitionCount, topicName) {
          seen.push([key === null ? null : Uint8Array.from(key), partitionCount, topicName])
          return key === null ? 4 : 1
        },
      }),
    )
    await producer.send([
      { topic, key: 'ü', value: 'a' },
      { topic, value: 'b' },
      { topic, partition: 0, key: 'k', value: 'c' },
    ])
    assertEqual(
      seen,
      [
        [utf8.encode('ü'), 5, topic],
        [null, 5, topic],
      ],
      'Arguments of the partitioner',
    )
    const messages = await world.everything(topic, 3)
    assertEqual(
      messages.map(({ partition, value }) => `${textOf(value)} in ${partition}`),
      ['c in 0', 'a in 1', 'b in 4'],
      'Partitions',
    )
  }),

  clientCase('One send may write to many topics and partitions; each is acknowledged', async (world) => {
    const [t, u] = [await world.topic(2), await world.topic()]
    await world.send(numbered(t, 1, 3))
    const acks = await world.send([
      { topic: t, partition: 1, value: 'a' },
      { topic: u, partition: 0, value: 'b' },
      { topic: t, partition: 0, value: 'c' },
      { topic: t, partition: 1, value: 'd' },
    ])
    const shown = acks.map((ack) => [ack.topic === t ? 't' : 'u', ack.partition, ack.baseOffset, ack.count].join(' ')).sort()
    assertEqual(shown, ['t 0 0 1', 't 1 3 2', 'u 0 0 1'], 'Acknowledgements')
    assertEqual(valuesOf(await world.everything(t, 6)), ['c', '0', '1', '2', 'a', 'd'], 'Messages of the first topic')
    assertEqual(await world.send([]), [], 'Acknowledgements of no messages')
  }),

  clientCase('Messages of one partition keep their order across concurrent sends', async (world) => {
    const topic = await world.topic()
    const sends = range(40).map((i) => world.send(numbered(topic, 0, 5, i * 5)))
    const acks = (await Promise.all(sends)).flat()
    assertEqual(
      acks.map(({ baseOffset, count }) => [baseOffset, count]),
      range(40).map((i) => [i * 5, 5]),
      'Acknowledgements',
    )
    assertEqual(valuesOf(await world.everything(topic, 200)), range(200).map(String), 'Values')
  }),

  clientCase('100,000 messages in one send arrive once and in order', async (world) => {
    const topic = await world.topic(4)
    const padding = 'x'.repeat(90)
    const messages: OutgoingMessage[] = range(100_000).map((i) => ({ topic, partition: i % 4, key: String(i), value: padding }))
    const acks = await world.send(messages)
    assertEqual(
      range(4).map((p) => acks.filter(({ partition }) => partition === p).reduce((sum, { count }) => sum + count, 0)),
      [25_000, 25_000, 25_000, 25_000],
      'Acknowledged messages in each partition',
    )
    const received = await world.everything(topic, 100_000)
    received.forEach(({ key, offset, partition }, i) => {
      const expected = String((i % 25_000) * 4 + Math.floor(i / 25_000))
      if (textOf(key) !== expected || offset !== i % 25_000)
        throw new Error(`The message at offset ${offset} of partition ${partition} is ${textOf(key)}, and should be ${expected}`)
    })
  }),
]
