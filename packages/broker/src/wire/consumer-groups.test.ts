import { type Draft, errorCodes } from '@kasper/protocol'
import {
  consumerGroupDescribeApi,
  consumerGroupHeartbeatApi,
  type ConsumerGroupHeartbeatRequest,
  createPartitionsApi,
  deleteGroupsApi,
  describeConfigsApi,
  describeGroupsApi,
  describeTopicPartitionsApi,
  heartbeatApi,
  incrementalAlterConfigsApi,
  joinGroupApi,
  listConfigResourcesApi,
  listGroupsApi,
  offsetCommitApi,
  offsetDeleteApi,
  offsetFetchApi,
  syncGroupApi,
} from '@kasper/protocol/messages'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemoryKafka, VirtualClock } from '@kasper/testing'
import { readAssignment, writeSubscription } from '../groups/embedded-protocol.ts'
import { RawClient } from '../../test/raw-client.ts'

let clock: VirtualClock
let kafka: MemoryKafka
let raw: RawClient

beforeEach(async () => {
  clock = new VirtualClock()
  kafka = await MemoryKafka.listen({ clock })
  kafka.createTopic('t', { partitions: 4 })
  raw = await RawClient.connect(kafka.brokers[0]!)
})
afterEach(async () => {
  await raw[Symbol.asyncDispose]()
  await kafka.close()
})

type Request = Partial<Draft<ConsumerGroupHeartbeatRequest>>

/** An error code, or the epoch and the assignment by topic name, if the answer has one. */
async function beat(memberId: string, memberEpoch: number, more: Request = {}): Promise<unknown> {
  const request = { groupId: 'g', memberId, memberEpoch, ...more }
  const { errorCode, memberEpoch: epoch, assignment } = await raw.call(consumerGroupHeartbeatApi, 1, request)
  if (errorCode !== 0) return errorCode
  if (assignment === null) return [epoch]
  const { topics } = await raw.call(describeTopicPartitionsApi, 0, { topics: [] })
  const names = new Map(topics.map(({ topicId, name }) => [topicId, name]))
  const partitions = assignment.topicPartitions.map(
    ({ topicId, partitions: numbers }) => `${names.get(topicId)} ${numbers.join()}`,
  )
  return [epoch, partitions.sort().join(' ')]
}

const joining: Request = { rebalanceTimeoutMs: 5000, subscribedTopicNames: ['t'], topicPartitions: [] }
const enter = (memberId: string, more: Request = {}): Promise<unknown> => beat(memberId, 0, { ...joining, ...more })

async function owning(...partitions: readonly number[]): Promise<Request> {
  const { topics } = await raw.call(describeTopicPartitionsApi, 0, { topics: [{ name: 't' }] })
  return { topicPartitions: partitions.length === 0 ? [] : [{ topicId: topics[0]!.topicId, partitions }] }
}

async function state(groupId = 'g'): Promise<string> {
  const [group] = (await raw.call(consumerGroupDescribeApi, 1, { groupIds: [groupId] })).groups
  return group!.errorCode === 0
    ? `${group!.groupState} ${group!.members.map(({ memberId }) => memberId).join()}`
    : String(group!.errorCode)
}

describe('a consumer group', () => {
  it('moves partitions when they are given up, one heartbeat after the other', async () => {
    expect(await enter('a')).toEqual([1, 't 0,1,2,3'])
    expect(await enter('b')).toEqual([2, ''])
    expect(await beat('a', 1)).toEqual([1, 't 0,1'])
    expect(await beat('a', 1)).toEqual([1])
    expect(await beat('b', 2)).toEqual([2])
    expect(await beat('a', 1, await owning(0, 1, 2))).toEqual([1])
    expect(await state()).toBe('Reconciling a,b')
    expect(await beat('a', 1, await owning(0, 1))).toEqual([2])
    expect(await beat('b', 2)).toEqual([2, 't 2,3'])
    expect(await state()).toBe('Stable a,b')
    // A full request gets a full answer.
    expect(await beat('b', 2, { ...joining, ...(await owning(2, 3)) })).toEqual([2, 't 2,3'])
    expect(await beat('b', -1)).toEqual([-1])
    expect(await beat('a', 2)).toEqual([3, 't 0,1,2,3'])
  })

  it('fences members with a wrong epoch, but not those that have missed one answer', async () => {
    await enter('a')
    expect(await beat('a', 2)).toBe(errorCodes.FENCED_MEMBER_EPOCH)
    expect(await enter('a')).toEqual([1, 't 0,1,2,3'])
    await enter('b')
    await beat('a', 1)
    await beat('a', 1, await owning(0, 1)) // the answer has epoch 2
    expect(await beat('a', 1, await owning(0, 1))).toEqual([2])
    expect(await beat('a', 1, await owning(0, 1, 2))).toBe(errorCodes.FENCED_MEMBER_EPOCH)
    const another = { topicPartitions: [{ topicId: 'AAAAAAAAAAAAAAAAAAAAEQ', partitions: [] }] }
    expect(await beat('a', 1, another)).toBe(errorCodes.FENCED_MEMBER_EPOCH)
    expect(await beat('a', 1)).toBe(errorCodes.FENCED_MEMBER_EPOCH)
    kafka.faults.rebalance('g')
    expect(await beat('a', 2)).toEqual([3])
    expect(await beat('a', 1, await owning(0, 1))).toBe(errorCodes.FENCED_MEMBER_EPOCH)
    expect(await beat('stranger', 2)).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    expect(await beat('a', 2, { groupId: 'other' })).toBe(errorCodes.GROUP_ID_NOT_FOUND)
    expect(await enter('c', { serverAssignor: 'mine' })).toBe(errorCodes.UNSUPPORTED_ASSIGNOR)
    expect(await enter('c', { subscribedTopicRegex: '(' })).toBe(errorCodes.INVALID_REGULAR_EXPRESSION)
    expect(await enter('c', { topicPartitions: null })).toBe(errorCodes.INVALID_REQUEST)
  })

  it('keeps the partitions of a static member that leaves temporarily', async () => {
    expect(await enter('a', { instanceId: 'i' })).toEqual([1, 't 0,1,2,3'])
    expect(await enter('b', { instanceId: 'i' })).toBe(errorCodes.UNRELEASED_INSTANCE_ID)
    expect(await beat('b', 1, { instanceId: 'i' })).toBe(errorCodes.FENCED_INSTANCE_ID)
    expect(await beat('a', -2, { instanceId: 'i' })).toEqual([-2])
    expect(await enter('b', { instanceId: 'i' })).toEqual([1, 't 0,1,2,3'])
    expect(await beat('a', 1)).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    await beat('b', -2, { instanceId: 'i' })
    await clock.advance(45_000)
    expect(await state()).toBe('Empty ')
  })

  it('removes a silent member, after the configured time', async () => {
    const alter = async (name: string, value: string): Promise<number> => {
      const configs = [{ name, configOperation: 0, value }]
      const request = { resources: [{ resourceType: 32, resourceName: 'g', configs }] }
      return (await raw.call(incrementalAlterConfigsApi, 1, request)).responses[0]!.errorCode
    }
    expect(await alter('consumer.session.timeout.ms', '2000')).toBe(errorCodes.INVALID_CONFIG) // must be more than the heartbeat interval of 5000
    expect(await alter('consumer.heartbeat.interval.ms', '500')).toBe(0)
    expect(await alter('consumer.session.timeout.ms', '2000')).toBe(0)
    expect(await alter('no.such.thing', '1')).toBe(errorCodes.INVALID_CONFIG)
    const { results } = await raw.call(describeConfigsApi, 4, {
      resources: [{ resourceType: 32, resourceName: 'g', configurationKeys: null }],
    })
    expect(results[0]!.configs.map(({ name, value }) => `${name} ${value}`)).toEqual([
      'consumer.heartbeat.interval.ms 500',
      'consumer.session.timeout.ms 2000',
    ])
    const { configResources } = await raw.call(listConfigResourcesApi, 1, { resourceTypes: [32] })
    expect(configResources.map(({ resourceName }) => resourceName)).toEqual(['g'])
    await enter('a')
    await clock.advance(1500)
    await enter('b')
    await clock.advance(500)
    expect(await state()).toBe('Assigning b')
    expect(await beat('b', 2)).toEqual([3, 't 0,1,2,3'])
    // No session expires while the broker is away.
    const away = kafka.faults.brokerAway()
    await clock.advance(10_000)
    away.release()
    raw = await RawClient.connect(kafka.brokers[0]!)
    expect(await state()).toBe('Stable b')
    await clock.advance(2000)
    expect(await state()).toBe('Empty ')
  })

  it('subscribes to topics that match a pattern, including new and grown ones', async () => {
    expect(await enter('a', { subscribedTopicNames: [], subscribedTopicRegex: 'x-.*' })).toEqual([1, ''])
    kafka.createTopic('x-1')
    kafka.createTopic('an.x-2')
    expect(await beat('a', 1)).toEqual([2, 'x-1 0'])
    await raw.call(createPartitionsApi, 3, { topics: [{ name: 'x-1', count: 3, assignments: null }], timeoutMs: 1000 })
    expect(await beat('a', 2)).toEqual([3, 'x-1 0,1,2'])
    expect(await beat('a', 3, { subscribedTopicNames: ['t'], topicPartitions: null })).toEqual([4, 't 0,1,2,3 x-1 0,1,2'])
    expect(await beat('a', 4)).toEqual([4])
  })

  it.each(['(', '(?=x)x.*', '(?<!x)y', '(.)\\1', 'x{1001}', '(x{1000}){1000}'])(
    'rejects the pattern %s, like RE2',
    async (regex) => {
      expect(await enter('a', { subscribedTopicRegex: regex })).toBe(errorCodes.INVALID_REGULAR_EXPRESSION)
      expect(await state()).toBe(String(errorCodes.GROUP_ID_NOT_FOUND))
    },
  )

  it('matches a pattern that would block JavaScript', async () => {
    kafka.createTopic(`${'a'.repeat(200)}b`)
    kafka.createTopic('a'.repeat(200))
    expect(await enter('a', { subscribedTopicNames: [], subscribedTopicRegex: '(a+)+' })).toEqual([1, `${'a'.repeat(200)} 0`])
    expect(await beat('a', 1, { subscribedTopicRegex: '(?i)(?P<name>A+)+[[:alpha:]]' })).toEqual([
      2,
      `${'a'.repeat(200)} 0 ${'a'.repeat(200)}b 0`,
    ])
    expect(await beat('a', 2, { subscribedTopicRegex: '' })).toEqual([2, ''])
  })

  it('becomes a classic group when it is empty and a classic member joins', async () => {
    const join = async (groupId: string): Promise<unknown> => {
      const protocols = [{ name: 'range', metadata: new Uint8Array(0) }]
      const timeouts = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000 }
      const request = { groupId, memberId: 'stranger', protocolType: 'consumer', protocols, ...timeouts }
      return (await raw.call(joinGroupApi, 7, request)).errorCode
    }
    await enter('a')
    await beat('a', -1)
    expect(await state()).toBe('Empty ')
    expect(await join('g')).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    expect(await state()).toBe(String(errorCodes.GROUP_ID_NOT_FOUND))
    expect(kafka.committed('g', 't', 0)).toBeUndefined()
    expect(await enter('a')).toEqual([1, 't 0,1,2,3'])
  })

  it('accepts commits and returns offsets only in the present epoch of the member', async () => {
    await enter('a')
    const commit = async (memberId: string, epoch: number, version = 9): Promise<number> => {
      const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 3 }] }]
      const request = { groupId: 'g', memberId, generationIdOrMemberEpoch: epoch, topics }
      return (await raw.call(offsetCommitApi, version, request)).topics[0]!.partitions[0]!.errorCode
    }
    const fetch = async (memberId: string | null, memberEpoch: number): Promise<number> => {
      const groups = [{ groupId: 'g', memberId, memberEpoch, topics: [{ name: 't', partitionIndexes: [0] }] }]
      const [group] = (await raw.call(offsetFetchApi, 9, { groups })).groups
      return group!.errorCode === 0 ? group!.topics[0]!.partitions[0]!.committedOffset : -group!.errorCode
    }
    expect(await commit('a', 0)).toBe(errorCodes.STALE_MEMBER_EPOCH)
    expect(await commit('a', 1, 8)).toBe(errorCodes.UNSUPPORTED_VERSION)
    expect(await commit('', -1)).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    expect([await commit('a', 1), kafka.committed('g', 't', 0)]).toEqual([0, 3])
    expect(await fetch('a', 2)).toBe(-errorCodes.STALE_MEMBER_EPOCH)
    expect(await fetch('b', 1)).toBe(-errorCodes.UNKNOWN_MEMBER_ID)
    expect([await fetch('a', 1), await fetch(null, -1)]).toEqual([3, 3])
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }] }]
    const deleted = await raw.call(offsetDeleteApi, 0, { groupId: 'g', topics })
    expect(deleted.topics[0]!.partitions[0]!.errorCode).toBe(errorCodes.GROUP_SUBSCRIBED_TO_TOPIC)
    const admin = await kafka.client().admin()
    await expect(admin.setCommittedOffsets('g', [{ topic: 't', partition: 0, offset: 1 }])).rejects.toMatchObject({
      code: 'GROUP_NOT_EMPTY',
    })
  })

  it('has its own type in answers to tools, and can be deleted when it is empty', async () => {
    await enter('a')
    const list = async (type: string): Promise<unknown> => (await raw.call(listGroupsApi, 5, { typesFilter: [type] })).groups
    expect(await list('Consumer')).toMatchObject([
      { groupId: 'g', protocolType: 'consumer', groupState: 'Stable', groupType: 'consumer' },
    ])
    expect(await list('classic')).toEqual([])
    const [older] = (await raw.call(describeGroupsApi, 6, { groups: ['g'] })).groups
    expect(older).toMatchObject({ errorCode: errorCodes.GROUP_ID_NOT_FOUND, groupState: 'Dead' })
    const drop = async (): Promise<number> => (await raw.call(deleteGroupsApi, 2, { groupsNames: ['g'] })).results[0]!.errorCode
    expect(await drop()).toBe(errorCodes.NON_EMPTY_GROUP)
    await beat('a', -1)
    expect([await state(), await drop(), await state()]).toEqual(['Empty ', 0, String(errorCodes.GROUP_ID_NOT_FOUND)])
  })

  it('rebalances on request', async () => {
    await enter('a')
    kafka.faults.rebalance('g')
    expect(await beat('a', 1)).toEqual([2])
  })

  it('shares its partitions with a member within the process, which uses the classic protocol', async () => {
    expect(await enter('a')).toEqual([1, 't 0,1,2,3'])
    const owned: number[][] = []
    const consumer = await kafka.client().consumer({
      groupId: 'g',
      topics: ['t'],
      listener: {
        onAssign(partitions) {
          owned.push(partitions.map(({ partition }) => partition))
          return Promise.resolve(partitions.map((one) => ({ ...one, offset: 0 })))
        },
        onRevoke: () => Promise.resolve(),
        onLost() {},
      },
    })
    await clock.settle()
    const [, left] = (await beat('a', 1)) as [number, string]
    const kept = left.slice(2).split(',').map(Number)
    await beat('a', 1, await owning(...kept))
    await clock.advance(5000)
    expect(new Set([...owned.at(-1)!, ...kept])).toEqual(new Set([0, 1, 2, 3]))
    expect([owned.at(-1)!.length, kept.length]).toEqual([2, 2])
    await consumer.commit([{ topic: 't', partition: owned.at(-1)![0]!, offset: 5 }])
    expect(kafka.committed('g', 't', owned.at(-1)![0]!)).toBe(5)
    await beat('a', -1)
    await clock.advance(5000)
    expect(owned.at(-1)).toEqual([0, 1, 2, 3])
    // It is a classic group now, until a member with the newer protocol joins.
    expect(await state()).toBe(String(errorCodes.GROUP_ID_NOT_FOUND))
    expect(await enter('b')).toEqual([expect.any(Number), ''])
  })
})

describe('members of both protocols in one group', () => {
  const old = { groupId: 'g', sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 5000, protocolType: 'consumer' }
  const protocols = [{ name: 'range', metadata: writeSubscription(['t']) }]

  async function join(memberId: string): Promise<number[]> {
    const { errorCode, generationId } = await raw.call(joinGroupApi, 9, { ...old, memberId, protocols })
    return [errorCode, generationId]
  }
  async function sync(memberId: string, generationId: number): Promise<unknown> {
    const { errorCode, assignment } = await raw.call(syncGroupApi, 4, { groupId: 'g', memberId, generationId })
    return errorCode === 0 ? readAssignment(assignment).flatMap(({ partitions }) => partitions) : errorCode
  }
  const heartbeat = async (memberId: string, generationId: number): Promise<number> =>
    (await raw.call(heartbeatApi, 4, { groupId: 'g', memberId, generationId })).errorCode

  it('a classic member joins, and rejoins to get its assignment', async () => {
    await enter('b')
    expect(await join('a')).toEqual([0, 2])
    expect(await sync('a', 2)).toEqual([])
    expect(await heartbeat('a', 2)).toBe(0)
    await beat('b', 1)
    await beat('b', 1, await owning(0, 1))
    expect(await heartbeat('a', 2)).toBe(errorCodes.REBALANCE_IN_PROGRESS)
    expect(await join('a')).toEqual([0, 2])
    expect(await sync('a', 2)).toEqual([2, 3])
    expect(await state()).toBe('Stable b,a')
  })

  it('a classic member that rejoins too late is removed', async () => {
    await enter('b')
    await join('a')
    await sync('a', 2)
    kafka.faults.rebalance('g')
    expect(await heartbeat('a', 2)).toBe(errorCodes.REBALANCE_IN_PROGRESS)
    await clock.advance(4000)
    expect(await heartbeat('a', 2)).toBe(errorCodes.REBALANCE_IN_PROGRESS)
    await clock.advance(1000)
    expect(await heartbeat('a', 2)).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    expect(await state()).toBe('Assigning b')
    // A member that joins, but does not send SyncGroup, is removed too.
    await join('a')
    await clock.advance(5000)
    expect(await state()).toBe('Assigning b')
  })

  it('a silent classic member is removed, and the group becomes classic when the last other member leaves', async () => {
    await enter('b')
    await join('a')
    await sync('a', 2)
    await clock.advance(10_000)
    expect(await state()).toBe('Assigning b')
    await join('a')
    await sync('a', 4)
    await beat('b', -1)
    expect(await state()).toBe(String(errorCodes.GROUP_ID_NOT_FOUND))
    expect(await heartbeat('a', 4)).toBe(errorCodes.REBALANCE_IN_PROGRESS)
  })
})
