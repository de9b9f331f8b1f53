import { hasCode, type Message } from '@kasper/core'
import { assert, assertEqual } from './assert.ts'
import { type ClientCase, clientCase } from './client-context.ts'
import { assertFailsWith, numbered, placesOf, range, valuesOf } from './client-data.ts'
import type { Reader } from './client-reader.ts'

/** Reads and commits until the reader is closed. */
async function readUntilClosed(reader: Reader, into: Message[]): Promise<void> {
  for (;;) {
    try {
      for (const batch of await reader.consumer.poll()) {
        into.push(...batch.messages)
        await reader.consumer.commit([{ topic: batch.topic, partition: batch.partition, offset: batch.nextOffset }])
      }
    } catch (error) {
      if (hasCode(error, 'CLOSED')) return
      // After FENCED, another member owns the partition, and reads from the last commit.
      if (!hasCode(error, 'FENCED')) throw error
    }
  }
}

/** The rules for the consumers of one group. */
export const clientGroupCases: readonly ClientCase[] = [
  clientCase('A group shares its partitions; a member gets the same partition numbers of all topics', async (world) => {
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
      assertEqual(numbers(member, t), numbers(member, u), 'Partition numbers of both topics of one member')
    assertEqual(
      [...numbers(one, t), ...numbers(two, t)].sort((a, b) => a - b),
      [0, 1, 2, 3],
      'Partition numbers of both members',
    )
    await world.send([t, u].flatMap((topic) => range(4).flatMap((partition) => numbered(topic, partition, 5))))
    for (const member of [one, two]) {
      const messages = await member.read(20)
      assertEqual(
        placesOf(messages.filter(({ offset }) => offset === 0)),
        placesOf(member.owned),
        "Partitions of a member's messages",
      )
    }
  }),

  clientCase('After a member leaves, another one goes on at the committed offsets', async (world) => {
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
      'Values that the other member reads of the partition',
    )
    assert(!two.events.some(({ what }) => what !== 'assign' && what !== 'revoke'), 'onLost was called for the member that left')
    assertEqual(two.events.at(-1)!.what, 'assign', 'Last call of the listener, which closing does not call')
  }),

  clientCase('A member without partitions gets an empty assignment, and takes over later', async (world) => {
    const topic = await world.topic()
    const groupId = world.group()
    const one = await world.reader([topic], { groupId })
    await one.ownsSome(1)
    const two = await world.reader([topic], { groupId })
    // `owned` does not show it, because the other member may still be in onAssign.
    const isIdle = ({ events }: Reader): boolean => events.at(-1)?.what === 'assign' && events.at(-1)!.partitions.length === 0
    await world.until(
      () => isIdle(one) || isIdle(two),
      () => 'No member got an empty assignment',
    )
    const [idle, busy] = isIdle(one) ? [one, two] : [two, one]
    await busy.ownsSome(1)
    await busy.close()
    await idle.ownsSome(1)
    await world.send(numbered(topic, 0, 1))
    assertEqual(valuesOf(await idle.read(1)), ['0'], 'Values that the idle member reads then')
  }),

  clientCase('Groups do not disturb each other', async (world) => {
    const topic = await world.topic(2)
    await world.send([0, 1].flatMap((partition) => numbered(topic, partition, 5)))
    const readers = [await world.reader([topic]), await world.reader([topic])]
    for (const reader of readers) assertEqual((await reader.read(10)).length, 10, 'Messages that each group reads')
    await readers[0]!.consumer.commit([{ topic, partition: 0, offset: 5 }])
    assertEqual(
      await (await world.admin()).committedOffsets(readers[1]!.groupId, [{ topic, partition: 0 }]),
      [undefined],
      'Committed offsets of the other group',
    )
    assertEqual(
      readers.map(({ events }) => events.length),
      [1, 1],
      'Calls of each listener',
    )
  }),

  clientCase(
    'A partition moves after onRevoke has resolved, and can be committed until then',
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
      assertEqual(placesOf(await one.readQuietly()), [], 'Messages of poll after onRevoke was called')
      assert(
        !two.events.some(({ partitions }) => partitions.length > 0),
        'The other member got a partition before onRevoke had resolved',
      )
      await one.consumer.commit(revoked.map((place) => ({ ...place, offset: 8 })))
      drained.resolve()
      await two.ownsSome(1)
      assertEqual(
        (await two.read(2)).map(({ offset }) => offset),
        [8, 9],
        'Offsets that the other member reads',
      )
      await one.ownsSome(1)
      await assertFailsWith(
        'FENCED',
        () => one.consumer.commit(two.owned.map((place) => ({ ...place, offset: 9 }))),
        'A commit of the partition that has moved',
      )
      assertEqual(await (await world.admin()).committedOffsets(groupId, two.owned), [8], 'Committed offsets')
    },
    'revokeBarrier',
  ),

  clientCase(
    'A member whose onRevoke takes too long loses its partitions, and can no longer commit',
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
      assertEqual(await (await world.admin()).committedOffsets(groupId, places), [undefined, undefined], 'Committed offsets')
      assertEqual((await quick.read(6)).length, 6, 'Messages that the other member reads')
      drained.resolve()
      await Promise.all([slow.ownsSome(1), quick.ownsSome(1)])
    },
    'revokeBarrier',
  ),

  clientCase('No message is missed while members join and leave', async (world) => {
    const topic = await world.topic(4)
    const groupId = world.group()
    const received: Message[] = []
    const stay = await world.reader([topic], { groupId, from: 'committed' })
    const loops = [readUntilClosed(stay, received)]
    for (const round of range(3)) {
      await world.send(range(4).flatMap((partition) => numbered(topic, partition, 50, round * 100)))
      const guest = await world.reader([topic], { groupId, from: 'committed' })
      loops.push(readUntilClosed(guest, received))
      await world.until(
        () => guest.owned.length > 0,
        () => 'The new member got no partition',
      )
      await world.send(range(4).flatMap((partition) => numbered(topic, partition, 50, round * 100 + 50)))
      await guest.close()
    }
    const seen = (): number => new Set(received.map(({ partition, offset }) => `${partition}/${offset}`)).size
    await world.until(
      () => seen() === 1200,
      () => `Only ${seen()} of 1200 messages were read`,
    )
    await stay.close()
    await world.within(Promise.all(loops), 'closing all members')
    assertEqual(
      new Set(received.map(({ partition, value }) => `${partition}/${valuesOf([{ value }] as never)[0]}`)).size,
      1200,
      'Different messages',
    )
  }),

  clientCase('A member with fixed partitions reads these of every topic, and no others', async (world) => {
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
      'Partitions of the messages that the second member reads',
    )
    assertEqual((await one.read(8)).length, 8, 'Messages that the first member reads')
    await two.close()
    await world.quiet()
    await one.owns(`${t}/0`, `${t}/2`, `${u}/0`, `${u}/2`)
    await world.send(numbered(t, 1, 1, 2))
    const late = await one.readQuietly()
    assert(!late.some(({ partition }) => partition === 1), 'The first member reads a fixed partition of the second one')
  }),

  clientCase('A claim on a partition that another member owns is refused, and the owner goes on', async (world) => {
    const topic = await world.topic(3)
    const groupId = world.group()
    const first = await world.reader([topic], { groupId, partitions: [0, 1], from: 'committed' })
    await first.owns(`${topic}/0`, `${topic}/1`)
    await world.send(numbered(topic, 1, 5))
    const second = await world.reader([topic], { groupId, partitions: [1, 2] })
    const error = await assertFailsWith('PARTITION_CLAIMED', () => second.pollUntilItFails(), 'poll of the second member')
    assertEqual([error.topic, error.partition], [topic, 1], 'Place in the error')
    assert(error.message.includes(groupId), `The error does not name the group: ${error.message}`)
    await first.owns(`${topic}/0`, `${topic}/1`)
    assertEqual(valuesOf(await first.read(5)), range(5).map(String), 'Values that the first member reads')
    await first.consumer.commit([{ topic, partition: 1, offset: 5 }])
    assertEqual(
      await (await world.admin()).committedOffsets(groupId, [{ topic, partition: 1 }]),
      [5],
      'Offset that the first member has committed',
    )
    assert(!first.events.some(({ what }) => what === 'lost'), 'onLost was called for the first member')
    await second.close()
    await first.close()
    const third = await world.reader([topic], { groupId, partitions: [1, 2], from: 'committed' })
    await third.owns(`${topic}/1`, `${topic}/2`)
    await world.send(numbered(topic, 1, 1, 5))
    assertEqual(valuesOf(await third.read(1)), ['5'], 'Values that a third member reads after both have left')
  }),
]
