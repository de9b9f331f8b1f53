import { systemClock } from '@kasper/core'
import { errorCodes } from '@kasper/protocol'
import {
  consumerGroupHeartbeatApi,
  deleteGroupsApi,
  joinGroupApi,
  listGroupsApi,
  offsetCommitApi,
  syncGroupApi,
} from '@kasper/protocol/messages'
import { expect, it } from 'vitest'
import { Broker } from '../broker.ts'
import { RawClient } from '../../test/raw-client.ts'
import { decompress, KafkaServer } from '../wire/server.ts'
import { BrokerStore } from './broker-store.ts'
import { FakeDisk } from '../../test/fake-disk.ts'

async function during<T>(disk: FakeDisk, work: (raw: RawClient, broker: Broker) => Promise<T>): Promise<T> {
  const broker = new Broker(systemClock, decompress)
  await BrokerStore.open(broker, '/data', disk.files)
  const server = await KafkaServer.listen(broker, { host: '127.0.0.1', port: 0 })
  try {
    await using raw = await RawClient.connect(server.addresses[0]!)
    return await work(raw, broker)
  } finally {
    await server.close()
    await broker.store!.close()
  }
}

// Without the group, a Java consumer would fail with a fatal error.
it('a consumer group is restored after a restart, and its members are told to join again', async () => {
  const disk = new FakeDisk()
  const joining = {
    groupId: 'g',
    memberId: 'm',
    memberEpoch: 0,
    rebalanceTimeoutMs: 1000,
    subscribedTopicNames: ['t'],
    topicPartitions: [],
  }
  await during(disk, async (raw, broker) => {
    broker.createTopics([{ name: 't' }])
    broker.groups.configure('g', new Map([['consumer.heartbeat.interval.ms', '700']]))
    expect(await raw.call(consumerGroupHeartbeatApi, 1, joining)).toMatchObject({ memberEpoch: 1 })
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 3 }] }]
    await raw.call(offsetCommitApi, 9, { groupId: 'g', memberId: 'm', generationIdOrMemberEpoch: 1, topics })
  })
  await during(disk, async (raw, broker) => {
    const { groups } = await raw.call(listGroupsApi, 5, {})
    expect(groups).toMatchObject([{ groupId: 'g', groupType: 'consumer', groupState: 'Empty' }])
    const silent = await raw.call(consumerGroupHeartbeatApi, 1, { groupId: 'g', memberId: 'm', memberEpoch: 1 })
    expect(silent.errorCode).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    const again = await raw.call(consumerGroupHeartbeatApi, 1, joining)
    expect(again).toMatchObject({ heartbeatIntervalMs: 700, assignment: { topicPartitions: [{ partitions: [0] }] } })
    expect(broker.groups.committed('g', { topic: 't', partition: 0 })).toBe(3)
    await raw.call(consumerGroupHeartbeatApi, 1, { groupId: 'g', memberId: 'm', memberEpoch: -1 })
    await raw.call(deleteGroupsApi, 2, { groupsNames: ['g'] })
  })
  await during(disk, async (raw) => expect((await raw.call(listGroupsApi, 5, {})).groups).toEqual([]))
})

// Without the group, commits of librdkafka would fail.
it('a classic group is restored after a restart, and its members are told to join again', async () => {
  const disk = new FakeDisk()
  const protocols = [{ name: 'range', metadata: new Uint8Array([1]) }]
  const joining = { groupId: 'g', sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000, protocolType: 'consumer', protocols }
  const join = async (raw: RawClient): Promise<{ memberId: string; generationId: number }> => {
    const { memberId, generationId } = await raw.call(joinGroupApi, 3, joining)
    const assignments = [{ memberId, assignment: new Uint8Array([2]) }]
    const { errorCode } = await raw.call(syncGroupApi, 3, { groupId: 'g', memberId, generationId, assignments })
    expect(errorCode).toBe(errorCodes.NONE)
    return { memberId, generationId }
  }
  const before = await during(disk, (raw, broker) => {
    broker.createTopics([{ name: 't' }])
    return join(raw)
  })
  await during(disk, async (raw, broker) => {
    expect((await raw.call(listGroupsApi, 5, {})).groups).toMatchObject([{ protocolType: 'consumer', groupState: 'Empty' }])
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 3 }] }]
    const { memberId, generationId } = before
    const commit = { groupId: 'g', memberId, generationIdOrMemberEpoch: generationId, topics }
    const { errorCode } = (await raw.call(offsetCommitApi, 9, commit)).topics[0]!.partitions[0]!
    expect(errorCode).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    const after = await join(raw)
    expect(after.generationId).toBeGreaterThan(generationId)
    broker.groups.leave('g', after.memberId)
    await raw.call(deleteGroupsApi, 2, { groupsNames: ['g'] })
  })
  await during(disk, async (raw) => expect((await raw.call(listGroupsApi, 5, {})).groups).toEqual([]))
})
