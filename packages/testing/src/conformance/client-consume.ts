import { type ConsumerListener, type FetchedBatch, systemClock } from '@kasper/core'
import { sleep } from '@kasper/core/adapter'
import { assert, assertEqual, assertRejects } from './assert.ts'
import { type ClientCase, clientCase } from './client-context.ts'
import { assertFailsWith, numbered, placesOf, range, valuesOf } from './client-data.ts'

/** What a client's consumer has to do, without regard to other members of its group. */
export const clientConsumeCases: readonly ClientCase[] = [
  clientCase('Reading starts at the positions that onAssign returns', async (world) => {
    const topic = await world.topic(2)
    await world.send([...numbered(topic, 0, 10), ...numbered(topic, 1, 10, 100)])
    const reader = await world.reader([topic], { from: 7 })
    const messages = await reader.read(6)
    assertEqual(
      messages.filter(({ partition }) => partition === 0).map(({ offset }) => offset),
      [7, 8, 9],
      'Offsets of partition 0',
    )
    assertEqual(valuesOf(messages.filter(({ partition }) => partition === 1)), ['107', '108', '109'], 'Values of partition 1')
  }),

  clientCase('Nothing is handed out before the positions are known', async (world) => {
    const topic = await world.topic()
    await world.send(numbered(topic, 0, 3))
    const positions = Promise.withResolvers<{ topic: string; partition: number; offset: number }[]>()
    const assigned = Promise.withResolvers<void>()
    const listener: ConsumerListener = {
      onAssign() {
        assigned.resolve()
        return positions.promise
      },
      onRevoke: () => Promise.resolve(),
      onLost() {},
    }
    const consumer = world.opened(await world.client.consumer({ groupId: world.group(), topics: [topic], listener }))
    let early: readonly FetchedBatch[] | undefined
    const poll = consumer.poll({ signal: AbortSignal.timeout(world.timeoutMs) }).then((batches) => (early = batches))
    await world.within(assigned.promise, 'onAssign')
    await world.quiet()
    assertEqual(early, undefined, 'What poll returned before')
    positions.resolve([{ topic, partition: 0, offset: 1 }])
    await poll
    const messages = early!.flatMap((batch) => batch.messages)
    while (messages.length < 2)
      messages.push(...(await consumer.poll({ signal: AbortSignal.timeout(world.timeoutMs) })).flatMap((b) => b.messages))
    assertEqual(valuesOf(messages), ['1', '2'], 'Values')
  }),

  clientCase(
    'A batch holds messages of one partition in order, and says where to go on and where the log ends',
    async (world) => {
      const topics = [await world.topic(2), await world.topic(2)]
      for (const topic of topics) for (const partition of [0, 1]) await world.send(numbered(topic, partition, 25))
      const reader = await world.reader(topics)
      const next = new Map<string, number>()
      while (next.size < 4 || [...next.values()].some((offset) => offset < 25)) {
        for (const { topic, partition, messages, nextOffset, endOffset, bytes } of await reader.poll()) {
          const place = `${topic}/${partition}`
          const first = next.get(place) ?? 0
          assert(
            messages.every((message) => message.topic === topic && message.partition === partition),
            `All messages of the batch are of ${place}`,
          )
          assertEqual(
            messages.map(({ offset }) => offset),
            range(messages.length).map((i) => first + i),
            `Offsets of ${place}`,
          )
          assertEqual([nextOffset, endOffset], [first + messages.length, 25], `Next offset and end of ${place}`)
          assert(messages.length === 0 || bytes > 0, `The batch of ${messages.length} messages has a size`)
          next.set(place, nextOffset)
        }
      }
      await world.send(numbered(topics[0]!, 0, 1, 25))
      const [batch] = (await reader.poll()).filter(({ messages }) => messages.length > 0)
      assertEqual(
        [valuesOf(batch!.messages), batch!.nextOffset, batch!.endOffset],
        [['25'], 26, 26],
        'The batch of a later message',
      )
    },
  ),

  clientCase('Messages stay as they are while later ones are read', async (world) => {
    const topic = await world.topic()
    const reader = await world.reader([topic])
    await world.send(range(100).map((i) => ({ topic, key: `k${i}`, value: `v${i}`, headers: { h: `h${i}` } })))
    const messages = await reader.read(100)
    const values = messages.map(({ value }) => value)
    for (const i of range(5)) {
      await world.send(numbered(topic, 0, 200, i * 200))
      await reader.read(200)
    }
    assertEqual(
      valuesOf(messages),
      range(100).map((i) => `v${i}`),
      'Values, read late',
    )
    assertEqual(
      valuesOf(values.map((value) => ({ value })) as never),
      range(100).map((i) => `v${i}`),
      'Values, read early',
    )
    assertEqual(
      messages.map(({ headers }) => headers[0]!.value),
      range(100).map((i) => new TextEncoder().encode(`h${i}`)),
      'Headers, read late',
    )
  }),

  clientCase('One fetch brings no more of a partition than it should', async (world) => {
    const topic = await world.topic()
    for (const _ of range(20)) await world.send([{ topic, value: new Uint8Array(2000) }])
    const reader = await world.reader([topic], { maxPartitionBytes: 10_000 })
    let received = 0
    while (received < 20) {
      for (const { messages, bytes } of await reader.poll()) {
        assert(messages.length <= 5, `${messages.length} messages of 2000 bytes are in a fetch of 10000`)
        assert(
          messages.length === 0 || bytes >= messages.length * 2000,
          `${messages.length} messages of 2000 bytes take ${bytes} bytes`,
        )
        received += messages.length
      }
    }
    assertEqual(received, 20, 'Messages received')
  }),

  clientCase('A message larger than one fetch is read all the same', async (world) => {
    const topic = await world.topic()
    await world.send([
      { topic, value: 'before' },
      { topic, value: new Uint8Array(50_000) },
      { topic, value: 'after' },
    ])
    const reader = await world.reader([topic], { maxPartitionBytes: 1000 })
    assertEqual(
      (await reader.read(3)).map(({ value }) => value!.length),
      [6, 50_000, 5],
      'Lengths',
    )
  }),

  clientCase('poll ends when its signal fires, and loses nothing', async (world) => {
    const topic = await world.topic()
    const reader = await world.reader([topic])
    await reader.ownsSome(1)
    const patience = new AbortController()
    const waiting = reader.readQuietly()
    assertEqual(placesOf(await waiting), [], 'What comes from an empty topic')
    const poll = (async () => {
      const batches = []
      while (!patience.signal.aborted) batches.push(...(await reader.consumer.poll({ signal: patience.signal })))
      return batches.flatMap(({ messages }) => messages)
    })()
    await sleep(systemClock, 20)
    patience.abort()
    assertEqual(await world.within(poll, 'poll after its signal fired'), [], 'What an aborted poll returns')
    assertEqual(await reader.consumer.poll({ signal: AbortSignal.abort() }), [], 'What a poll returns that was aborted before')
    await world.send(numbered(topic, 0, 5))
    assertEqual(valuesOf(await reader.read(5)), range(5).map(String), 'Values')
  }),

  clientCase('A paused partition rests while others go on, and nothing of it is lost', async (world) => {
    const topic = await world.topic(2)
    const reader = await world.reader([topic])
    await reader.ownsSome(2)
    await world.send([...numbered(topic, 0, 1), ...numbered(topic, 1, 1)])
    const before = await reader.read(2)
    reader.consumer.pause([{ topic, partition: 0 }])
    // A fetch that was under way when it was paused may still come.
    await world.send(numbered(topic, 0, 1, 1))
    const early = await reader.readQuietly()
    await world.send([...numbered(topic, 0, 3, 2), ...numbered(topic, 1, 3, 1)])
    const others = await reader.read(3)
    assertEqual(
      others.map(({ partition, value }) => [partition, ...valuesOf([{ value }] as never)]),
      [
        [1, '1'],
        [1, '2'],
        [1, '3'],
      ],
      'What comes while it rests',
    )
    assertEqual(placesOf(await reader.readQuietly()), [], 'What else comes while it rests')
    reader.consumer.resume([{ topic, partition: 0 }])
    const after = await reader.read(4 - early.length)
    const rested = [...before, ...early, ...after].filter(({ partition }) => partition === 0)
    assertEqual(valuesOf(rested), range(5).map(String), 'All values of the partition that rested')
  }),

  clientCase('seek goes back and forward, and drops what was fetched before', async (world) => {
    const topic = await world.topic()
    await world.send(numbered(topic, 0, 100))
    const reader = await world.reader([topic])
    await reader.read(100)
    reader.consumer.seek({ topic, partition: 0, offset: 40 })
    assertEqual(
      valuesOf(await reader.read(60)),
      range(60).map((i) => String(40 + i)),
      'Values after seeking back',
    )
    await world.send(numbered(topic, 0, 50, 100))
    await world.quiet() // It may fetch ahead now.
    reader.consumer.seek({ topic, partition: 0, offset: 148 })
    assertEqual(valuesOf(await reader.read(2)), ['148', '149'], 'Values after seeking forward')
    reader.consumer.seek({ topic, partition: 0, offset: 150 })
    await world.send(numbered(topic, 0, 1, 150))
    assertEqual(valuesOf(await reader.read(1)), ['150'], 'Value after seeking to the end')
  }),

  clientCase('A position out of range is an error that names it; after a seek, reading goes on', async (world) => {
    const topic = await world.topic(2)
    await world.send(numbered(topic, 1, 10))
    const reader = await world.reader([topic], { from: 1000, partitions: [1] })
    const error = await assertFailsWith('OFFSET_OUT_OF_RANGE', () => reader.pollUntilItFails(), 'poll')
    assertEqual([error.topic, error.partition, error.offset], [topic, 1, 1000], 'Place that the error names')
    reader.consumer.seek({ topic, partition: 1, offset: 8 })
    assertEqual(valuesOf(await reader.read(2)), ['8', '9'], 'Values after seek')
  }),

  clientCase('Commits are kept for the group, each as it was made last', async (world) => {
    const topic = await world.topic(2)
    await world.send([...numbered(topic, 0, 5), ...numbered(topic, 1, 5)])
    const reader = await world.reader([topic])
    await reader.read(10)
    const admin = await world.admin()
    const places = [0, 1].map((partition) => ({ topic, partition }))
    const commit = async (...offsets: number[]): Promise<unknown> => {
      await reader.consumer.commit(offsets.map((offset, partition) => ({ topic, partition, offset })))
      return await admin.committedOffsets(reader.groupId, places)
    }
    assertEqual(await commit(3), [3, undefined], 'After a commit of one partition')
    assertEqual(await commit(4, 5), [4, 5], 'After a commit of both')
    assertEqual(await commit(2), [2, 5], 'After a commit that goes back')
    await Promise.all([commit(3), commit(4), commit(5)])
    assertEqual(await admin.committedOffsets(reader.groupId, places), [5, 5], 'After commits that were not waited for')
    await reader.close()
    const successor = await world.reader([topic], { groupId: reader.groupId, from: 'committed' })
    await world.send([...numbered(topic, 0, 1, 5), ...numbered(topic, 1, 1, 5)])
    assertEqual(valuesOf(await successor.read(2)), ['5', '5'], 'Values that a successor gets')
  }),

  clientCase("A commit of a partition that is not the member's is refused as a whole", async (world) => {
    const topic = await world.topic(2)
    const reader = await world.reader([topic], { partitions: [0] })
    await reader.ownsSome(1)
    const commit = (): Promise<void> => reader.consumer.commit([0, 1].map((partition) => ({ topic, partition, offset: 1 })))
    const error = await assertFailsWith('FENCED', commit, 'commit')
    assert(error.message.includes(topic), `The topic is named in: ${error.message}`)
    const committed = await (await world.admin()).committedOffsets(reader.groupId, [{ topic, partition: 0 }])
    assertEqual(committed, [undefined], 'What is committed')
  }),

  clientCase('An error of the listener is what poll rejects with', async (world) => {
    const topic = await world.topic()
    const oops = new Error('oops')
    const listener: ConsumerListener = { onAssign: () => Promise.reject(oops), onRevoke: () => Promise.resolve(), onLost() {} }
    const consumer = world.opened(await world.client.consumer({ groupId: world.group(), topics: [topic], listener }))
    const poll = async (): Promise<unknown> => {
      const giveUp = AbortSignal.timeout(world.timeoutMs)
      while (!giveUp.aborted) await consumer.poll({ signal: giveUp })
      return 'nothing'
    }
    assert((await assertRejects(poll, 'poll')) === oops, 'It is the very error')
  }),

  clientCase('Closing a consumer ends its poll; it may be closed again, and does no more', async (world) => {
    const topic = await world.topic()
    const reader = await world.reader([topic])
    await reader.ownsSome(1)
    const poll = (async () => {
      const batches = []
      try {
        for (;;) batches.push(...(await reader.consumer.poll()))
      } catch (error) {
        return [
          batches.flatMap(({ messages }) => messages).length,
          error instanceof Error && 'code' in error ? error.code : error,
        ]
      }
    })()
    await sleep(systemClock, 20)
    await world.within(Promise.all([reader.close(), reader.close()]), 'close')
    await world.within(reader.close(), 'another close')
    assertEqual(await world.within(poll, 'the poll under way'), [0, 'CLOSED'], 'How polling ended')
    await assertFailsWith('CLOSED', () => reader.consumer.commit([{ topic, partition: 0, offset: 0 }]), 'commit after close')
    reader.consumer.pause([{ topic, partition: 0 }])
    reader.consumer.resume([{ topic, partition: 0 }])
    reader.consumer.seek({ topic, partition: 0, offset: 0 })
    assertEqual(
      reader.events.map(({ what }) => what),
      ['assign'],
      'What the listener heard',
    )
  }),

  clientCase('A consumer may be closed at any moment', async (world) => {
    const topic = await world.topic(4)
    await world.send(range(4).flatMap((partition) => numbered(topic, partition, 100)))
    for (const delayMs of [0, 1, 5, 20, 100]) {
      const reader = await world.reader([topic])
      const poll = reader.consumer.poll().then(
        () => {},
        () => {},
      )
      if (delayMs > 0) await sleep(systemClock, delayMs)
      await world.within(reader.close(), `close after ${delayMs} ms`)
      await world.within(poll, `the poll of a consumer closed after ${delayMs} ms`)
    }
    assertEqual((await world.everything(topic, 400)).length, 400, 'Messages that another consumer gets')
  }),
]
