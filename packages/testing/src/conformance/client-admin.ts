import { assert, assertEqual } from './assert.ts'
import { type ClientCase, clientCase } from './client-context.ts'
import { assertFailsWith, numbered } from './client-data.ts'

/** The rules for the admin client. */
export const clientAdminCases: readonly ClientCase[] = [
  clientCase('Topics can be created, described in the order asked, listed and deleted', async (world) => {
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
    assert(listed.includes(one) && listed.includes(two), 'listTopics does not list both new topics')
    await admin.deleteTopics([one])
    await world.until(
      async () => !(await admin.listTopics()).includes(one),
      () => 'The deleted topic is still listed',
    )
    assert((await admin.listTopics()).includes(two), 'listTopics does not list the other topic any more')
  }),

  clientCase('A new topic can be used at once', async (world) => {
    const admin = await world.admin()
    for (let i = 0; i < 3; i++) {
      const name = world.context.uniqueName('fresh')
      await admin.createTopics([{ name, partitions: 4 }])
      await world.send(numbered(name, 3, 1))
      assertEqual(
        await admin.listOffsets([{ topic: name, partition: 3 }], 'latest'),
        [1],
        'The end of the partition after the write',
      )
    }
  }),

  clientCase('describeTopics names all topics that do not exist', async (world) => {
    const admin = await world.admin()
    const there = await world.topic()
    const [gone, missing] = [world.context.uniqueName('gone'), world.context.uniqueName('missing')]
    const error = await assertFailsWith('TOPIC_UNKNOWN', () => admin.describeTopics([gone, there, missing]), 'describeTopics')
    assert(
      error.message.includes(gone) && error.message.includes(missing),
      `The error does not name both topics: ${error.message}`,
    )
    assert(!error.message.includes(there), `The error names a topic that exists: ${error.message}`)
    await assertFailsWith(
      'TOPIC_UNKNOWN',
      () => admin.describeTopics([gone]),
      'A second describeTopics, because the first must not create the topic',
    )
  }),

  clientCase('A topic that exists cannot be created again', async (world) => {
    const admin = await world.admin()
    const there = await world.topic(2)
    await assertFailsWith('TOPIC_EXISTS', () => admin.createTopics([{ name: there, partitions: 5 }]), 'createTopics')
    assertEqual(await admin.describeTopics([there]), [{ name: there, partitions: 2 }], 'The topic afterwards')
  }),

  clientCase('listOffsets returns the offsets in the order asked', async (world) => {
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
    assertEqual(await admin.listOffsets([], 'latest'), [], 'Ends of no partitions')
  }),

  clientCase('Committed offsets can be set, and are read in the order asked', async (world) => {
    const [t, u] = [await world.topic(2), await world.topic()]
    const admin = await world.admin()
    const group = world.group()
    const places = [
      { topic: u, partition: 0 },
      { topic: t, partition: 1 },
      { topic: t, partition: 0 },
    ]
    assertEqual(await admin.committedOffsets(group, places), [undefined, undefined, undefined], 'Before the first commit')
    await admin.setCommittedOffsets(group, [
      { topic: t, partition: 1, offset: 7 },
      { topic: u, partition: 0, offset: 0 },
    ])
    assertEqual(await admin.committedOffsets(group, places), [0, 7, undefined], 'After setCommittedOffsets')
    await admin.setCommittedOffsets(group, [{ topic: t, partition: 1, offset: 3 }])
    assertEqual(await admin.committedOffsets(group, places), [0, 3, undefined], 'After setting a lower offset')
    assertEqual(await admin.committedOffsets(world.group(), places), [undefined, undefined, undefined], 'Of another group')
  }),

  clientCase('The committed offsets of a group with members cannot be set', async (world) => {
    const topic = await world.topic()
    await world.send(numbered(topic, 0, 5))
    const admin = await world.admin()
    const reader = await world.reader([topic])
    await reader.ownsSome(1)
    const set = (): Promise<void> => admin.setCommittedOffsets(reader.groupId, [{ topic, partition: 0, offset: 5 }])
    await assertFailsWith('GROUP_NOT_EMPTY', set, 'setCommittedOffsets while the group has a member')
    assertEqual(
      await admin.committedOffsets(reader.groupId, [{ topic, partition: 0 }]),
      [undefined],
      'Committed offsets after the refusal',
    )
    await reader.close()
    await set()
    assertEqual(
      await admin.committedOffsets(reader.groupId, [{ topic, partition: 0 }]),
      [5],
      'Committed offsets after the member has left',
    )
  }),

  clientCase('A closed admin client rejects calls, and can be closed again', async (world) => {
    const admin = await world.client.admin()
    await admin.close()
    await admin.close()
    await assertFailsWith('CLOSED', () => admin.listTopics(), 'listTopics after close')
  }),
]
