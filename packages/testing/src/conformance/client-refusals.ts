import { assert, assertEqual, assertRejects } from './assert.ts'
import { type ClientCase, clientCase } from './client-context.ts'
import { assertAcks, assertFailsWith, numbered, range, valuesOf } from './client-data.ts'

/** The rules for sends that a producer refuses, and for closing it. */
export const clientRefusalCases: readonly ClientCase[] = [
  clientCase('A send to an unknown topic is refused, and the producer goes on', async (world) => {
    const topic = await world.topic()
    const producer = await world.producer()
    const missing = world.context.uniqueName('missing')
    const error = await assertFailsWith(
      'TOPIC_UNKNOWN',
      () => world.within(producer.send([{ topic: missing, value: 'a' }]), 'send'),
      'send',
    )
    assert(error.message.includes(missing), `The error does not name the topic: ${error.message}`)
    assertAcks(await world.send(numbered(topic, 0, 1)), [{ topic, partition: 0, baseOffset: 0, count: 1 }], 'The next send')
    assert(!(await (await world.admin()).listTopics()).includes(missing), 'The send has created the topic')
  }),

  clientCase('A send to an unknown partition is refused, and the producer goes on', async (world) => {
    const topic = await world.topic(2)
    const producer = await world.producer()
    for (const partition of [2, -1]) {
      const error = await assertFailsWith(
        'PARTITION_UNKNOWN',
        () => world.within(producer.send([{ topic, partition, value: 'a' }]), 'send'),
        `send to partition ${partition}`,
      )
      assert(
        error.message.includes(topic) && error.message.includes(String(partition)),
        `The error does not name the topic and the partition: ${error.message}`,
      )
    }
    assertAcks(await world.send(numbered(topic, 1, 1)), [{ topic, partition: 1, baseOffset: 0, count: 1 }], 'The next send')
  }),

  clientCase('A message larger than max.message.bytes is refused, and the producer goes on', async (world) => {
    const topic = await world.topic(1, { 'max.message.bytes': '10000' })
    const producer = await world.producer()
    const error = await assertFailsWith(
      'MESSAGE_TOO_LARGE',
      () => producer.send([{ topic, value: new Uint8Array(20_000) }]),
      'send',
    )
    assert(error.message.includes(topic), `The error does not name the topic: ${error.message}`)
    const acks = await world.send([{ topic, value: new Uint8Array(9_000) }])
    assertAcks(acks, [{ topic, partition: 0, baseOffset: 0, count: 1 }], 'The next send')
  }),

  clientCase('A send whose signal has fired sends nothing', async (world) => {
    const topic = await world.topic()
    const reason = new Error('no more')
    const producer = await world.producer()
    const error = await assertRejects(() => producer.send(numbered(topic, 0, 1), { signal: AbortSignal.abort(reason) }), 'send')
    assert(error === reason, "send rejected with another error than the signal's reason")
    assertEqual((await world.send(numbered(topic, 0, 1)))[0]!.baseOffset, 0, 'Offset of the next message')
  }),

  clientCase('Closing a producer waits for running sends; it can be closed again, and rejects later sends', async (world) => {
    const topic = await world.topic()
    const producer = await world.client.producer()
    const sends = range(5).map((i) => producer.send(numbered(topic, 0, 10, i * 10)))
    await Promise.all([producer.close(), producer.close()])
    const acks = await world.within(Promise.all(sends), 'the running sends')
    assertEqual(
      acks.flat().map(({ baseOffset }) => baseOffset),
      [0, 10, 20, 30, 40],
      'Offsets of the running sends',
    )
    await producer.close()
    await assertFailsWith('CLOSED', () => producer.send(numbered(topic, 0, 1)), 'send after close')
    assertEqual(valuesOf(await world.everything(topic, 50)), range(50).map(String), 'Values')
  }),
]
