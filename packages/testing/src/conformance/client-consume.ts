import { type ConsumerListener, type FetchedBatch, systemClock } from '@kasper/core'
import { sleep } from '@kasper/core/adapter'
import { assert, assertEqual, assertRejects } from './assert.ts'
import { type ClientCase, clientCase } from './client-context.ts'
import { assertFailsWith, numbered, placesOf, range, valuesOf } from './client-data.ts'

/** The rules for a consumer that is the only member of its group. */
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

  clientCase('poll returns nothing before onAssign has resolved', async (world) => {
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
    assertEqual(early, undefined, 'The result of poll before onAssign has resolved')
    positions.resolve([{ topic, partition: 0, offset: 1 }])
    await poll
    const messages = early!.flatMap((batch) => batch.messages)
    while (messages.length < 2)
      messages.push(...(await consumer.poll({ signal: AbortSignal.timeout(world.timeoutMs) })).flatMap((b) => b.messages))
    assertEqual(valuesOf(messages), ['1', '2'], 'Values')
  }),

  clientCase('A batch has messages of one partition in order, the next offset, and the end of the log', async (world) => {
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
          `The batch of ${place} has messages of other partitions`,
        )
        assertEqual(
          messages.map(({ offset }) => offset),
          range(messages.length).map((i) => first + i),
          `Offsets of ${place}`,
        )
        assertEqual([nextOffset, endOffset], [first + messages.length, 25], `Next offset and end of ${place}`)
        assert(messages.length === 0 || bytes > 0, `The batch of ${messages.length} messages has ${bytes} bytes`)
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
  }),

  clientCase('Messages do not change while later ones are read', async (world) => {
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
      'Values, first accessed afterwards',
    )
    assertEqual(
      valuesOf(values.map((value) => ({ value })) as never),
      range(100).map((i) => `v${i}`),
      'Values, accessed before',
    )
    assertEqual(
      messages.map(({ headers }) => headers[0]!.value),
      range(100).map((i) => new TextEncoder().encode(`h${i}`)),
      'Headers, first accessed afterwards',
    )
  }),

  clientCase('A fetch returns no more of a partition than maxPartitionBytes', async (world) => {
    const topic = await world.topic()
    for (const _ of range(20)) await world.send([{ topic, value: new Uint8Array(2000) }])
    const reader = await world.reader([topic], { maxPartitionBytes: 10_000 })
    let received = 0
    while (received < 20) {
      for (const { messages, bytes } of await reader.poll()) {
        assert(messages.length <= 5, `A fetch of 10000 bytes returned ${messages.length} messages of 2000 bytes`)
        assert(
          messages.length === 0 || bytes >= messages.length * 2000,
          `A batch of ${messages.length} messages of 2000 bytes has only ${bytes} bytes`,
        )
        received += messages.length
      }
    }
    assertEqual(received, 20, 'Messages received')
  }),

  clientCase('A message larger than maxPartitionBytes is read', async (world) => {
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

  clientCase('poll ends when its signal fires, and loses no messages', async (world) => {
    const topic = await world.topic()
    const reader = await world.reader([topic])
    await reader.ownsSome(1)
    const stop = new AbortController()
    assertEqual(placesOf(await reader.readQuietly()), [], 'Messages of an empty topic')
    const poll = (async () => {
      const batches = []
      while (!stop.signal.aborted) batches.push(...(await reader.consumer.poll({ signal: stop.signal })))
      return batches.flatMap(({ messages }) => messages)
    })()
    await sleep(systemClock, 20)
    stop.abort()
    assertEqual(await world.within(poll, 'poll after its signal fired'), [], 'Messages of an aborted poll')
    assertEqual(await reader.consumer.poll({ signal: AbortSignal.abort() }), [], 'Batches of a poll whose signal fired before')
    await world.send(numbered(topic, 0, 5))
    assertEqual(valuesOf(await reader.read(5)), range(5).map(String), 'Values')
  }),

  clientCase('A paused partition delivers no messages until it is resumed, and loses none', async (world) => {
    const topic = await world.topic(2)
    const reader = await world.reader([topic])
    await reader.ownsSome(2)
    await world.send([...numbered(topic, 0, 1), ...numbered(topic, 1, 1)])
    const before = await reader.read(2)
    reader.consumer.pause([{ topic, partition: 0 }])
    // A fetch that was sent before the pause may still return this message.
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
      'Messages during the pause',
    )
    assertEqual(placesOf(await reader.readQuietly()), [], 'Later messages during the pause')
    reader.consumer.resume([{ topic, partition: 0 }])
    const after = await reader.read(4 - early.length)
    const paused = [...before, ...early, ...after].filter(({ partition }) => partition === 0)
    assertEqual(valuesOf(paused), range(5).map(String), 'All values of the paused partition')
  }),

  clientCase('seek moves back and forward, and drops messages that were fetched before', async (world) => {
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
    await world.quiet() // time to fetch ahead
    reader.consumer.seek({ topic, partition: 0, offset: 148 })
    assertEqual(valuesOf(await reader.read(2)), ['148', '149'], 'Values after seeking forward')
    reader.consumer.seek({ topic, partition: 0, offset: 150 })
    await world.send(numbered(topic, 0, 1, 150))
    assertEqual(valuesOf(await reader.read(1)), ['150'], 'Value after seeking to the end')
  }),

  clientCase('A position out of range is an error with its place; after a seek, reading goes on', async (world) => {
    const topic = await world.topic(2)
    await world.send(numbered(topic, 1, 10))
    const reader = await world.reader([topic], { from: 1000, partitions: [1] })
    const error = await assertFailsWith('OFFSET_OUT_OF_RANGE', () => reader.pollUntilItFails(), 'poll')
    assertEqual([error.topic, error.partition, error.offset], [topic, 1, 1000], 'Place in the error')
    reader.consumer.seek({ topic, partition: 1, offset: 8 })
    assertEqual(valuesOf(await reader.read(2)), ['8', '9'], 'Values after seek')
  }),

  clientCase('The group keeps the last commit of each partition', async (world) => {
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
    assertEqual(await admin.committedOffsets(reader.groupId, places), [5, 5], 'After concurrent commits')
    await reader.close()
    const next = await world.reader([topic], { groupId: reader.groupId, from: 'committed' })
    await world.send([...numbered(topic, 0, 1, 5), ...numbered(topic, 1, 1, 5)])
    assertEqual(valuesOf(await next.read(2)), ['5', '5'], 'Values that the next member reads')
  }),

  clientCase('A commit is refused as a whole if the member does not own all partitions', async (world) => {
    const topic = await world.topic(2)
    const reader = await world.reader([topic], { partitions: [0] })
    await reader.ownsSome(1)
    const commit = (): Promise<void> => reader.consumer.commit([0, 1].map((partition) => ({ topic, partition, offset: 1 })))
    const error = await assertFailsWith('FENCED', commit, 'commit')
    assert(error.message.includes(topic), `The error does not name the topic: ${error.message}`)
    const committed = await (await world.admin()).committedOffsets(reader.groupId, [{ topic, partition: 0 }])
    assertEqual(committed, [undefined], 'Committed offsets')
  }),

  clientCase('poll rejects with the error of the listener', async (world) => {
    const topic = await world.topic()
    const oops = new Error('oops')
    const listener: ConsumerListener = { onAssign: () => Promise.reject(oops), onRevoke: () => Promise.resolve(), onLost() {} }
    const consumer = world.opened(await world.client.consumer({ groupId: world.group(), topics: [topic], listener }))
    const poll = async (): Promise<unknown> => {
      const giveUp = AbortSignal.timeout(world.timeoutMs)
      while (!giveUp.aborted) await consumer.poll({ signal: giveUp })
      return 'nothing'
    }
    assert((await assertRejects(poll, 'poll')) === oops, 'poll rejected with another error')
  }),

  clientCase('Closing a consumer ends its poll; it can be closed again, and does nothing more', async (world) => {
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
    assertEqual(await world.within(poll, 'the running poll'), [0, 'CLOSED'], 'Messages and error of the running poll')
    await assertFailsWith('CLOSED', () => reader.consumer.commit([{ topic, partition: 0, offset: 0 }]), 'commit after close')
    reader.consumer.pause([{ topic, partition: 0 }])
    reader.consumer.resume([{ topic, partition: 0 }])
    reader.consumer.seek({ topic, partition: 0, offset: 0 })
    assertEqual(
      reader.events.map(({ what }) => what),
      ['assign'],
      'Calls of the listener',
    )
  }),

  clientCase('A consumer can be closed at any moment', async (world) => {
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
    assertEqual((await world.everything(topic, 400)).length, 400, 'Messages that another consumer reads')
  }),
]
