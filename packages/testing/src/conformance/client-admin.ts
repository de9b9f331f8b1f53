import { assert, assertEqual } from './assert.ts'
import { type ClientCase, clientCase } from './client-context.ts'
import { assertFailsWith, numbered } from './client-data.ts'

/** What a client's admin has to do. */
export const clientAdminCases: readonly ClientCase[] = [
  clientCase('Topics are created, described in the order asked, listed and deleted', async (world) => {
    const admin = await world.admin()
    const [one, two] = [world.context.uniqueName('one'), world.context.uniqueName('two')]
    await admin.createTopics([{ name: one }, { name: two, partitions: 3 }])
    assertEqual(
      await admin.describeTopics([two, one]),
      [
        { name: two, partitions: 3 },
        { name: one, partitions: 1 },
      ],
      'Descriptions',
    )
    assertEqual(await admin.describeTopics([]), [], 'Descriptions of no topics')
    const listed = await admin.listTopics()
    assert(listed.includes(one) && listed.includes(two), 'Both new topics are listed')
    await admin.deleteTopics([one])
    await world.until(
      async () => !(await admin.listTopics()).includes(one),
      () => 'The deleted topic is still listed',
    )
    assert((await admin.listTopics()).includes(two), 'The other topic is still there')
  }),

  clientCase('A new topic can be used at once', async (world) => {
    const admin = await world.admin()
    for (let i = 0; i < 3; i++) {
      const name = world.context.uniqueName('fresh')
      await admin.createTopics([{ name, partitions: 4 }])
      await world.send(numbered(name, 3, 1))
      assertEqual(await admin.listOffsets([{ topic: name, partition: 3 }], 'latest'), [1], 'End of the partition written to')
    }
  }),

  clientCase('Describing topics that do not exist names all of them', async (world) => {
    const admin = await world.admin()
    const there = await world.topic()
    const [gone, missing] = [world.context.uniqueName('gone'), world.context.uniqueName('missing')]
    const error = await assertFailsWith('TOPIC_UNKNOWN', () => admin.describeTopics([gone, there, missing]), 'describeTopics')
    assert(error.message.includes(gone) && error.message.includes(missing), `Both are named in: ${error.message}`)
    assert(!error.message.includes(there), `Only those are named in: ${error.message}`)
    await assertFailsWith(
      'TOPIC_UNKNOWN',
      () => admin.describeTopics([gone]),
      'describeTopics once more: asking has not created it',
    )
  }),

  clientCase('Creating a topic that exists is refused', async (world) => {
    const admin = await world.admin()
    const there = await world.topic(2)
    await assertFailsWith('TOPIC_EXISTS', () => admin.createTopics([{ name: there, partitions: 5 }]), 'createTopics')
    assertEqual(await admin.describeTopics([there]), [{ name: there, partitions: 2 }], 'The topic as it was')
  }),

  clientCase('Offsets are listed in the order asked', async (world) => {
    const [t, u] = [await world.topic(3), await world.topic()]
    await world.send([...numbered(t, 2, 5), ...numbered(t, 0, 2), ...numbered(u, 0, 1)])
    const admin = await world.admin()
    const places = [
      { topic: u, partition: 0 },
      { topic: t, partition: 2 },
      { topic: t, partition: 1 },
      { topic: t, partition: 0 },
    ]
    assertEqual(await admin.listOffsets(places, 'earliest'), [0, 0, 0, 0], 'First offsets')
    assertEqual(await admin.listOffsets(places, 'latest'), [1, 5, 0, 2], 'Ends')
    assertEqual(await admin.listOffsets([], 'latest'), [], 'Ends of nothing')
  }),

  clientCase('Committed offsets are set from outside and read in the order asked', async (world) => {
    const [t, u] = [await world.topic(2), await world.topic()]
    const admin = await world.admin()
    const group = world.group()
    const places = [
      { topic: u, partition: 0 },
      { topic: t, partition: 1 },
      { topic: t, partition: 0 },
    ]
    assertEqual(await admin.committedOffsets(group, places), [undefined, undefined, undefined], 'Before anything is committed')
    await admin.setCommittedOffsets(group, [
      { topic: t, partition: 1, offset: 7 },
      { topic: u, partition: 0, offset: 0 },
    ])
    assertEqual(await admin.committedOffsets(group, places), [0, 7, undefined], 'As set')
    await admin.setCommittedOffsets(group, [{ topic: t, partition: 1, offset: 3 }])
    assertEqual(await admin.committedOffsets(group, places), [0, 3, undefined], 'Set again, to less')
    assertEqual(await admin.committedOffsets(world.group(), places), [undefined, undefined, undefined], 'Of another group')
  }),

  clientCase('The offsets of a group that has members cannot be set from outside', async (world) => {
    const topic = await world.topic()
    await world.send(numbered(topic, 0, 5))
    const admin = await world.admin()
    const reader = await world.reader([topic])
    await reader.ownsSome(1)
    const set = (): Promise<void> => admin.setCommittedOffsets(reader.groupId, [{ topic, partition: 0, offset: 5 }])
    await assertFailsWith('GROUP_NOT_EMPTY', set, 'setCommittedOffsets while there is a member')
    assertEqual(await admin.committedOffsets(reader.groupId, [{ topic, partition: 0 }]), [undefined], 'Nothing is committed')
    await reader.close()
    await set()
    assertEqual(await admin.committedOffsets(reader.groupId, [{ topic, partition: 0 }]), [5], 'Set when the member had left')
  }),

  clientCase('A closed admin refuses to work, and may be closed again', async (world) => {
    const admin = await world.client.admin()
    await admin.close()
    await admin.close()
    await assertFailsWith('CLOSED', () => admin.listTopics(), 'listTopics after close')
  }),
]
