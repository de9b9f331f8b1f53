import { hasCode, type Message } from '@kasper/core'
import { assert, assertEqual } from './assert.ts'
import { type ClientCase, clientCase } from './client-context.ts'
import { assertFailsWith, numbered, placesOf, range, valuesOf } from './client-data.ts'
import type { Reader } from './client-reader.ts'

/** Reads in the background until it is closed, committing everything. */
async function readOn(reader: Reader, into: Message[]): Promise<void> {
  for (;;) {
    try {
      for (const batch of await reader.consumer.poll()) {
        into.push(...batch.messages)
        await reader.consumer.commit([{ topic: batch.topic, partition: batch.partition, offset: batch.nextOffset }])
      }
    } catch (error) {
      if (hasCode(error, 'CLOSED')) return
      // Fenced: somebody else has the partition now, and reads from the last commit.
      if (!hasCode(error, 'FENCED')) throw error
    }
  }
}

/** What a client's consumers have to do among each other. */
export const clientGroupCases: readonly ClientCase[] = [
  clientCase('A group shares the partitions out, the same numbers of all topics to one member', async (world) => {
    const [t, u] = [await world.topic(4), await world.topic(4)]
    const groupId = world.group()
    const one = await world.reader([t, u], { groupId })
    await one.owns(...range(4).flatMap((n) => [`${t}/${n}`, `${u}/${n}`]))
    const two = await world.reader([t, u], { groupId })
    await Promise.all([one.ownsSome(4), two.ownsSome(4)])
    const numbers = ({ owned }: Reader, topic: string): number[] =>
      owned
        .filter((p) => p.topic === topic)
        .map(({ partition }) => partition)
        .sort((a, b) => a - b)
    for (const member of [one, two])
      assertEqual(numbers(member, t), numbers(member, u), 'Partitions of both topics that a member has')
    assertEqual(
      [...numbers(one, t), ...numbers(two, t)].sort((a, b) => a - b),
      [0, 1, 2, 3],
      'Partitions that both members have together',
    )
    await world.send([t, u].flatMap((topic) => range(4).flatMap((partition) => numbered(topic, partition, 5))))
    for (const member of [one, two]) {
      const messages = await member.read(20)
      assertEqual(
        placesOf(messages.filter(({ offset }) => offset === 0)),
        placesOf(member.owned),
        "Where a member's messages come from",
      )
    }
  }),

  clientCase('Who stays takes over from who leaves, where that one left off', async (world) => {
    const topic = await world.topic(2)
    const groupId = world.group()
    const one = await world.reader([topic], { groupId, from: 'committed' })
    await one.ownsSome(2)
    const two = await world.reader([topic], { groupId, from: 'committed' })
    await Promise.all([one.ownsSome(1), two.ownsSome(1)])
    await world.send([0, 1].flatMap((partition) => numbered(topic, partition, 10)))
    await Promise.all([one.read(10), two.read(10)])
    for (const member of [one, two]) await member.consumer.commit(member.owned.map((place) => ({ ...place, offset: 6 })))
    const places = placesOf(two.owned)
    await two.close()
    await one.ownsSome(2)
    const messages = await one.read(8)
    assertEqual(
      valuesOf(messages.filter((message) => placesOf([message])[0] === places[0])),
      ['6', '7', '8', '9'],
      'What was left by the one that is gone',
    )
    assert(!two.events.some(({ what }) => what !== 'assign' && what !== 'revoke'), 'Who left has lost nothing')
    assertEqual(two.events.at(-1)!.what, 'assign', 'Closing has not called the listener: its last call')
  }),

  clientCase('A member for which there is nothing is told so, and steps in later', async (world) => {
    const topic = await world.topic()
    const groupId = world.group()
    const one = await world.reader([topic], { groupId })
    await one.ownsSome(1)
    const two = await world.reader([topic], { groupId })
    // Not by what it owns: the other may just be finding out where to start.
    const isIdle = ({ events }: Reader): boolean => events.at(-1)?.what === 'assign' && events.at(-1)!.partitions.length === 0
    await world.until(
      () => isIdle(one) || isIdle(two),
      () => 'Nobody was assigned an empty list',
    )
    const [idle, busy] = isIdle(one) ? [one, two] : [two, one]
    await busy.ownsSome(1)
    await busy.close()
    await idle.ownsSome(1)
    await world.send(numbered(topic, 0, 1))
    assertEqual(valuesOf(await idle.read(1)), ['0'], 'What the idle member reads then')
  }),

  clientCase('Groups do not disturb each other', async (world) => {
    const topic = await world.topic(2)
    await world.send([0, 1].flatMap((partition) => numbered(topic, partition, 5)))
    const readers = [await world.reader([topic]), await world.reader([topic])]
    for (const reader of readers) assertEqual((await reader.read(10)).length, 10, 'Messages that each group gets')
    await readers[0]!.consumer.commit([{ topic, partition: 0, offset: 5 }])
    assertEqual(
      await (await world.admin()).committedOffsets(readers[1]!.groupId, [{ topic, partition: 0 }]),
      [undefined],
      'What the other has committed',
    )
    assertEqual(
      readers.map(({ events }) => events.length),
      [1, 1],
      'Calls of each listener',
    )
  }),

  clientCase(
    'A partition is given away only when onRevoke is done; until then its commits count',
    async (world) => {
      const topic = await world.topic(2)
      const groupId = world.group()
      await world.send([0, 1].flatMap((partition) => numbered(topic, partition, 10)))
      const drained = Promise.withResolvers<void>()
      const one = await world.reader([topic], { groupId, onRevoke: () => drained.promise })
      await one.read(20)
      const two = await world.reader([topic], { groupId, from: 'committed' })
      await world.until(
        () => one.events.some(({ what }) => what === 'revoke'),
        () => 'onRevoke was not called',
      )
      const revoked = one.owned
      assertEqual(placesOf(await one.readQuietly()), [], 'What poll hands out after onRevoke was called')
      assert(!two.events.some(({ partitions }) => partitions.length > 0), 'The other has no partition before onRevoke is done')
      await one.consumer.commit(revoked.map((place) => ({ ...place, offset: 8 })))
      drained.resolve()
      await two.ownsSome(1)
      assertEqual(
        (await two.read(2)).map(({ offset }) => offset),
        [8, 9],
        'Where the other goes on',
      )
      await one.ownsSome(1)
      await assertFailsWith(
        'FENCED',
        () => one.consumer.commit(two.owned.map((place) => ({ ...place, offset: 9 }))),
        'A commit of what was given away',
      )
      assertEqual(await (await world.admin()).committedOffsets(groupId, two.owned), [8], 'What is committed')
    },
    'revokeBarrier',
  ),

  clientCase(
    'A member that does not let go in time loses its partitions and can no longer commit',
    async (world) => {
      const topic = await world.topic(2)
      const groupId = world.group()
      const rebalanceTimeoutMs = world.context.rebalanceTimeoutMs ?? 3000
      const drained = Promise.withResolvers<void>()
      const slow = await world.reader([topic], { groupId, rebalanceTimeoutMs, onRevoke: () => drained.promise })
      await slow.ownsSome(2)
      await world.send([0, 1].flatMap((partition) => numbered(topic, partition, 3)))
      await slow.read(6)
      const quick = await world.reader([topic], { groupId, rebalanceTimeoutMs })
      await quick.ownsSome(2)
      const places = quick.owned
      await world.until(
        () => slow.events.some(({ what }) => what === 'lost'),
        () => 'onLost was not called',
      )
      await assertFailsWith('FENCED', () => slow.consumer.commit(places.map((place) => ({ ...place, offset: 3 }))), 'commit')
      assertEqual(await (await world.admin()).committedOffsets(groupId, places), [undefined, undefined], 'What is committed')
      assertEqual((await quick.read(6)).length, 6, 'Messages that the other gets')
      drained.resolve()
      await Promise.all([slow.ownsSome(1), quick.ownsSome(1)])
    },
    'revokeBarrier',
  ),

  clientCase('No message is missed while members come and go', async (world) => {
    const topic = await world.topic(4)
    const groupId = world.group()
    const received: Message[] = []
    const stay = await world.reader([topic], { groupId, from: 'committed' })
    const loops = [readOn(stay, received)]
    for (const round of range(3)) {
      await world.send(range(4).flatMap((partition) => numbered(topic, partition, 50, round * 100)))
      const guest = await world.reader([topic], { groupId, from: 'committed' })
      loops.push(readOn(guest, received))
      await world.until(
        () => guest.owned.length > 0,
        () => 'The newcomer was given nothing',
      )
      await world.send(range(4).flatMap((partition) => numbered(topic, partition, 50, round * 100 + 50)))
      await guest.close()
    }
    const seen = (): number => new Set(received.map(({ partition, offset }) => `${partition}/${offset}`)).size
    await world.until(
      () => seen() === 1200,
      () => `${seen()} of 1200 messages were received`,
    )
    await stay.close()
    await world.within(Promise.all(loops), 'the ends of all members')
    assertEqual(
      new Set(received.map(({ partition, value }) => `${partition}/${valuesOf([{ value }] as never)[0]}`)).size,
      1200,
      'Different messages',
    )
  }),

  clientCase('Fixed partitions are read, of every topic, and no others', async (world) => {
    const [t, u] = [await world.topic(3), await world.topic(3)]
    const groupId = world.group()
    const one = await world.reader([t, u], { groupId, partitions: [0, 2] })
    await one.owns(`${t}/0`, `${t}/2`, `${u}/0`, `${u}/2`)
    const two = await world.reader([t, u], { groupId, partitions: [1] })
    await two.owns(`${t}/1`, `${u}/1`)
    await one.owns(`${t}/0`, `${t}/2`, `${u}/0`, `${u}/2`)
    await world.send([t, u].flatMap((topic) => range(3).flatMap((partition) => numbered(topic, partition, 2))))
    assertEqual(
      placesOf(await two.read(4)),
      [`${t}/1`, `${t}/1`, `${u}/1`, `${u}/1`].sort(),
      'Where messages of the second come from',
    )
    assertEqual((await one.read(8)).length, 8, 'Messages of the first')
    await two.close()
    await world.quiet()
    await one.owns(`${t}/0`, `${t}/2`, `${u}/0`, `${u}/2`)
    await world.send(numbered(t, 1, 1, 2))
    const late = await one.readQuietly()
    assert(!late.some(({ partition }) => partition === 1), 'Nobody else takes over a fixed partition')
  }),

  clientCase('Who claims a partition that another has is refused, and the other goes on', async (world) => {
    const topic = await world.topic(3)
    const groupId = world.group()
    const first = await world.reader([topic], { groupId, partitions: [0, 1], from: 'committed' })
    await first.owns(`${topic}/0`, `${topic}/1`)
    await world.send(numbered(topic, 1, 5))
    const second = await world.reader([topic], { groupId, partitions: [1, 2] })
    const error = await assertFailsWith('PARTITION_CLAIMED', () => second.pollUntilItFails(), 'poll of the second')
    assertEqual([error.topic, error.partition], [topic, 1], 'Place that the error names')
    assert(error.message.includes(groupId), `The group is named in: ${error.message}`)
    await first.owns(`${topic}/0`, `${topic}/1`)
    assertEqual(valuesOf(await first.read(5)), range(5).map(String), 'What the first reads')
    await first.consumer.commit([{ topic, partition: 1, offset: 5 }])
    assertEqual(
      await (await world.admin()).committedOffsets(groupId, [{ topic, partition: 1 }]),
      [5],
      'What the first has committed',
    )
    assert(!first.events.some(({ what }) => what === 'lost'), 'The first has lost nothing')
    await second.close()
    await first.close()
    const third = await world.reader([topic], { groupId, partitions: [1, 2], from: 'committed' })
    await third.owns(`${topic}/1`, `${topic}/2`)
    await world.send(numbered(topic, 1, 1, 5))
    assertEqual(valuesOf(await third.read(1)), ['5'], 'What a third reads when both are gone')
  }),
]
