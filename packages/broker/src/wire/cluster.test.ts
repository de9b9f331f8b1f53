import { MemoryKafka } from '@kasper/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasCode } from '@kasper/core'
import { type Api, type Draft, errorCodes } from '@kasper/protocol'
import * as messages from '@kasper/protocol/messages'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordBatch } from '../../test/record-batch.ts'
import { RawClient } from '../../test/raw-client.ts'

const {
  NONE,
  FENCED_LEADER_EPOCH,
  UNKNOWN_LEADER_EPOCH,
  NOT_LEADER_OR_FOLLOWER,
  NOT_COORDINATOR,
  LEADER_NOT_AVAILABLE,
  UNKNOWN_TOPIC_OR_PARTITION,
} = errorCodes

let kafka: MemoryKafka
let clients: RawClient[]
/** The leader, as other brokers report it. */
let endpoint: { nodeId: number; host: string; port: number; rack: null }[]
let ids: Map<string, string>

const portOf = (broker: number): number => Number(kafka.brokers[broker - 1]!.split(':')[1])
const connect = async (broker: number): Promise<void> => {
  clients[broker - 1] = await RawClient.connect(kafka.brokers[broker - 1]!)
}

/** Sends a request to a broker. */
function ask<Request, Response>(
  broker: number,
  api: Api<Request, Response>,
  version: number,
  request: Draft<Request>,
): Promise<Response> {
  return clients[broker - 1]!.call(api, version, request)
}

beforeEach(async () => {
  kafka = await MemoryKafka.listen({ brokers: 3 })
  clients = []
  for (const broker of [1, 2, 3]) await connect(broker)
  kafka.createTopic('everywhere', { partitions: 4 })
  kafka.createTopic('once', { partitions: 3, replicationFactor: 1 })
  endpoint = [{ nodeId: 1, host: '127.0.0.1', port: portOf(1), rack: null }]
  const { topics } = await ask(1, messages.metadataApi, 12, { topics: null })
  ids = new Map(topics.map(({ name, topicId }) => [name!, topicId]))
})
afterEach(async () => {
  for (const client of clients) await client[Symbol.asyncDispose]()
  await kafka.close()
})

const nameOrId = (topic: string, version: number, key: 'name' | 'topic'): object =>
  version >= 13 ? { topicId: ids.get(topic) } : { [key]: topic }

async function produce(
  broker: number,
  topic: string,
  version = 12,
  { acks = -1, value = 'value' } = {},
): Promise<messages.ProduceResponse> {
  const partitionData = [{ index: 0, records: recordBatch(value) }]
  return ask(broker, messages.produceApi, version, { acks, topicData: [{ ...nameOrId(topic, version, 'name'), partitionData }] })
}

async function fetch(
  broker: number,
  topic: string,
  version = 17,
  epoch = -1,
  more: Draft<messages.FetchRequest> = {},
): Promise<messages.FetchResponse> {
  const partitions = [{ partition: 0, partitionMaxBytes: 1_000_000, ...(version >= 9 ? { currentLeaderEpoch: epoch } : {}) }]
  const topics = [{ ...nameOrId(topic, version, 'topic'), partitions }]
  return ask(broker, messages.fetchApi, version, { maxWaitMs: 0, maxBytes: 1_000_000, ...more, topics })
}

const codeOfProduce = async (broker: number, topic: string): Promise<number> =>
  (await produce(broker, topic)).responses[0]!.partitionResponses[0]!.errorCode

async function codeOfFetch(broker: number, topic: string, version = 17, epoch = -1): Promise<number> {
  return (await fetch(broker, topic, version, epoch)).responses[0]!.partitions[0]!.errorCode
}

async function listOffsets(
  broker: number,
  topic: string,
  currentLeaderEpoch = -1,
  timestamp = -1,
): Promise<messages.ListOffsetsPartitionResponse> {
  const topics = [{ name: topic, partitions: [{ partitionIndex: 0, timestamp, currentLeaderEpoch }] }]
  return (await ask(broker, messages.listOffsetsApi, 10, { topics })).topics[0]!.partitions[0]!
}

async function endOfEpoch(broker: number, leaderEpoch: number, currentLeaderEpoch = -1): Promise<readonly number[]> {
  const topics = [{ topic: 'everywhere', partitions: [{ partition: 0, currentLeaderEpoch, leaderEpoch }] }]
  const { errorCode, ...end } = (await ask(broker, messages.offsetForLeaderEpochApi, 4, { topics })).topics[0]!.partitions[0]!
  return errorCode === 0 ? [end.leaderEpoch, end.endOffset] : [errorCode]
}

async function metadata(broker: number, topic: string): Promise<readonly messages.MetadataResponsePartition[]> {
  return (await ask(broker, messages.metadataApi, 12, { topics: [{ name: topic }] })).topics[0]!.partitions
}

const byKey = (key: string, keyType = 0): Promise<number> =>
  ask(1, messages.findCoordinatorApi, 5, { keyType, coordinatorKeys: [key] }).then(({ coordinators }) => coordinators[0]!.nodeId)

it('has several brokers, with partitions on all of them', async () => {
  expect(new Set(kafka.brokers).size).toBe(3)
  const { brokers, controllerId } = await ask(2, messages.metadataApi, 12, { topics: [] })
  expect(brokers.map(({ nodeId, port }) => [nodeId, port])).toEqual([1, 2, 3].map((id) => [id, portOf(id)]))
  expect(controllerId).toBe(1)
  const described = await ask(3, messages.describeClusterApi, 1, {})
  expect(described.brokers.map(({ brokerId, port }) => [brokerId, port])).toEqual([1, 2, 3].map((id) => [id, portOf(id)]))
  const everywhere = await metadata(3, 'everywhere')
  expect(everywhere.map(({ leaderId, replicaNodes, isrNodes }) => [leaderId, replicaNodes, isrNodes])).toEqual([
    [1, [1, 2, 3], [1, 2, 3]],
    [2, [2, 3, 1], [2, 3, 1]],
    [3, [3, 1, 2], [3, 1, 2]],
    [1, [1, 2, 3], [1, 2, 3]],
  ])
  expect((await metadata(3, 'once')).map(({ leaderId, replicaNodes }) => [leaderId, replicaNodes])).toEqual([
    [1, [1]],
    [2, [2]],
    [3, [3]],
  ])
  expect(kafka.leader({ topic: 'everywhere', partition: 2 })).toBe(3)
})

it('creates topics with at most as many replicas as there are brokers', async () => {
  const create = async (topic: Draft<messages.CreatableTopic>): Promise<readonly [number, number]> => {
    const request = { topics: [{ name: 'new', numPartitions: -1, replicationFactor: -1, ...topic }] }
    const { errorCode, replicationFactor } = (await ask(2, messages.createTopicsApi, 7, request)).topics[0]!
    return [errorCode, replicationFactor]
  }
  const on = (...brokers: number[][]): Draft<messages.CreatableTopic> => ({
    assignments: brokers.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
  })
  const { INVALID_REPLICATION_FACTOR, INVALID_REPLICA_ASSIGNMENT } = errorCodes
  expect(await create({ numPartitions: 1, replicationFactor: 4 })).toEqual([INVALID_REPLICATION_FACTOR, -1])
  for (const wrong of [on([2, 9]), on([2, 2]), on([2, 3], [1]), on([])])
    expect(await create(wrong)).toEqual([INVALID_REPLICA_ASSIGNMENT, -1])
  expect(await create({ ...on([3, 2], [2, 1]), name: 'placed' })).toEqual([NONE, 2])
  expect(await create({ name: 'standard' })).toEqual([NONE, 3])
  expect((await metadata(1, 'placed')).map(({ leaderId, replicaNodes }) => [leaderId, replicaNodes])).toEqual([
    [3, [3, 2]],
    [2, [2, 1]],
  ])
  const grow = async (brokerIds: number[]): Promise<number> => {
    const topics = [{ name: 'placed', count: 3, assignments: [{ brokerIds }] }]
    return (await ask(1, messages.createPartitionsApi, 3, { topics })).results[0]!.errorCode
  }
  expect(await grow([1])).toBe(INVALID_REPLICA_ASSIGNMENT)
  expect(await grow([1, 3])).toBe(NONE)
  expect((await metadata(1, 'placed'))[2]).toMatchObject({ leaderId: 1, replicaNodes: [1, 3] })
  expect(() => kafka.createTopic('x', { replicationFactor: 4 })).toThrow(/4 replicas.*3 brokers/)
})

describe('a broker that does not lead the partition', () => {
  it('rejects writes, and names the leader', async () => {
    for (const topic of ['everywhere', 'once']) {
      for (const version of [9, 10, 13]) {
        const { responses, nodeEndpoints } = await produce(2, topic, version)
        expect(responses[0]!.partitionResponses[0]).toMatchObject({
          errorCode: NOT_LEADER_OR_FOLLOWER,
          baseOffset: -1,
          logStartOffset: -1,
          currentLeader: version >= 10 ? { leaderId: 1, leaderEpoch: 0 } : { leaderId: -1, leaderEpoch: -1 },
        })
        expect(nodeEndpoints).toEqual(version >= 10 ? endpoint : [])
      }
    }
    await expect(produce(3, 'once', 12, { acks: 0 })).rejects.toThrow('closed')
    expect(kafka.read('everywhere')).toHaveLength(0)
    expect(kafka.read('once')).toHaveLength(0)
  })

  it('answers fetches of newer clients if it has a replica, and otherwise rejects them', async () => {
    expect(await codeOfProduce(1, 'everywhere')).toBe(NONE)
    for (const version of [4, 10]) {
      expect(await codeOfFetch(2, 'everywhere', version)).toBe(NOT_LEADER_OR_FOLLOWER)
      expect(await codeOfFetch(1, 'everywhere', version)).toBe(NONE)
    }
    for (const version of [11, 12, 13, 17]) {
      const { responses } = await fetch(2, 'everywhere', version)
      expect(responses[0]!.partitions[0]!.records!.length).toBeGreaterThan(0)
      expect(await codeOfFetch(2, 'once', version)).toBe(NOT_LEADER_OR_FOLLOWER)
    }
    for (const version of [15, 16, 17]) {
      const { responses, nodeEndpoints } = await fetch(2, 'once', version)
      expect(responses[0]!.partitions[0]!.currentLeader.leaderId).toBe(version >= 16 ? 1 : -1)
      expect(nodeEndpoints).toEqual(version >= 16 ? endpoint : [])
    }
  })

  it('rejects requests for offsets, and does not delete records', async () => {
    const deleteRecords = { topics: [{ name: 'everywhere', partitions: [{ partitionIndex: 0, offset: 0 }] }] }
    const deleted = async (broker: number): Promise<number> =>
      (await ask(broker, messages.deleteRecordsApi, 2, deleteRecords)).topics[0]!.partitions[0]!.errorCode
    expect([await deleted(1), await deleted(2)]).toEqual([NONE, NOT_LEADER_OR_FOLLOWER])
    expect((await listOffsets(2, 'everywhere')).errorCode).toBe(NOT_LEADER_OR_FOLLOWER)
    expect((await listOffsets(1, 'everywhere')).errorCode).toBe(NONE)
    expect(await endOfEpoch(2, 0)).toEqual([NOT_LEADER_OR_FOLLOWER])
  })
})

describe('when the leader of a partition changes', () => {
  const partition = { topic: 'everywhere', partition: 0 }

  it('a new epoch starts, and other epochs are rejected', async () => {
    await produce(1, 'everywhere')
    expect(await codeOfFetch(1, 'everywhere', 17, 1)).toBe(UNKNOWN_LEADER_EPOCH)
    kafka.faults.moveLeader({ ...partition, broker: 3 })
    expect(kafka.leader(partition)).toBe(3)
    expect([await codeOfProduce(1, 'everywhere'), await codeOfProduce(3, 'everywhere')]).toEqual([NOT_LEADER_OR_FOLLOWER, NONE])
    for (const broker of [1, 2, 3]) {
      for (const version of [9, 12, 17]) {
        expect(await codeOfFetch(broker, 'everywhere', version, 0)).toBe(FENCED_LEADER_EPOCH)
        expect(await codeOfFetch(broker, 'everywhere', version, 2)).toBe(UNKNOWN_LEADER_EPOCH)
      }
      expect((await listOffsets(broker, 'everywhere', 0)).errorCode).toBe(FENCED_LEADER_EPOCH)
      expect((await listOffsets(broker, 'everywhere', 2)).errorCode).toBe(UNKNOWN_LEADER_EPOCH)
      expect(await endOfEpoch(broker, 0, 0)).toEqual([FENCED_LEADER_EPOCH])
    }
    const { responses, nodeEndpoints } = await fetch(1, 'everywhere', 17, 0)
    expect(responses[0]!.partitions[0]!.currentLeader).toMatchObject({ leaderId: 3, leaderEpoch: 1 })
    expect(nodeEndpoints).toMatchObject([{ nodeId: 3, port: portOf(3) }])
    expect(await codeOfFetch(3, 'everywhere', 17, 1)).toBe(NONE)
  })

  it('each record has its epoch, and each epoch has its end offset', async () => {
    await produce(1, 'everywhere')
    await produce(1, 'everywhere')
    kafka.faults.moveLeader({ ...partition, broker: 2 })
    await produce(2, 'everywhere')
    // The first broker's second epoch has no records.
    kafka.faults.moveLeader({ ...partition, broker: 1 })
    kafka.faults.moveLeader({ ...partition, broker: 3 })
    // Large batches are stored differently.
    await produce(3, 'everywhere', 12, { value: 'x'.repeat(300_000) })
    kafka.append([{ topic: 'everywhere', partition: 0, value: 'from within' }])
    expect((await metadata(1, 'everywhere'))[0]).toMatchObject({ leaderId: 3, leaderEpoch: 3 })
    const records = (await fetch(3, 'everywhere')).responses[0]!.partitions[0]!.records!
    const view = new DataView(records.buffer, records.byteOffset, records.byteLength)
    const epochs: number[] = []
    for (let at = 0; at < records.length; at += 12 + view.getInt32(at + 8)) epochs.push(view.getInt32(at + 12))
    expect(epochs).toEqual([0, 0, 1, 3, 3])
    const ends = await Promise.all([-1, 0, 1, 2, 3, 4].map((epoch) => endOfEpoch(3, epoch)))
    expect(ends).toEqual([
      [-1, -1],
      [0, 2],
      [1, 3],
      [1, 3],
      [3, 5],
      [-1, -1],
    ])
    expect([await listOffsets(3, 'everywhere', 3, -2), await listOffsets(3, 'everywhere')]).toMatchObject([
      { offset: 0, leaderEpoch: 0 },
      { offset: 5, leaderEpoch: 3 },
    ])
    kafka.deleteRecordsBefore({ ...partition, offset: 3 })
    expect(await Promise.all([0, 1, 2, 3].map((epoch) => endOfEpoch(3, epoch)))).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
      [3, 5],
    ])
  })

  it('clients that wait for messages are answered at once', async () => {
    const waiting = fetch(1, 'everywhere', 17, 0, { maxWaitMs: 600_000, minBytes: 1 })
    await listOffsets(2, 'once')
    kafka.faults.moveLeader({ ...partition, broker: 2 })
    expect((await waiting).responses[0]!.partitions[0]!.errorCode).toBe(FENCED_LEADER_EPOCH)
  })

  it('the new leader has to exist, have a replica, and be reachable', () => {
    expect(() => kafka.faults.moveLeader({ ...partition, broker: 4 })).toThrow(/no broker 4, only 1, 2, 3/)
    expect(() => kafka.faults.moveLeader({ topic: 'once', partition: 0, broker: 2 })).toThrow(/no replica of it|has no replica/)
    using _ = kafka.faults.brokerAway({ broker: 2 })
    expect(() => kafka.faults.moveLeader({ ...partition, broker: 2 })).toThrow(/away/)
    expect(() => kafka.faults.moveLeader({ topic: 'unknown', partition: 0, broker: 2 })).toThrow(/does not exist/)
    expect(() => kafka.faults.brokerAway({ broker: 7 })).toThrow(/no broker 7/)
    kafka.faults.moveLeader({ ...partition, broker: 1 })
    expect(kafka.leader(partition)).toBe(1)
  })
})

describe('groups and transactions', () => {
  it('have the coordinator that the hash of their id selects', async () => {
    const found = await Promise.all(['a', 'b', 'c', 'd', 'hello', 'kasper'].map((key) => byKey(key)))
    // Java's "a".hashCode() % 50 and so on. Broker p % 3 + 1 leads partition p.
    expect(found).toEqual([3, 1, 2, 1, 2, 2])
    expect(await byKey('a', 1)).toBe(3)
  })

  const topics = [{ name: 'once', partitions: [{ partitionIndex: 0 }, { partitionIndex: 99 }] }]
  const offsets = { topics: [{ name: 'once', partitionIndexes: [0] }] }
  const group = { groupId: 'a', memberId: 'm', generationId: 1 }
  const txn = { transactionalId: 'a', producerId: 1, producerEpoch: 0 }
  const partitionsOfTxn = { v3AndBelowTransactionalId: 'a', v3AndBelowTopics: [{ name: 'once', partitions: [0] }] }
  const requests: readonly (readonly [Api<never, object>, readonly number[], object])[] = (
    [
      [messages.joinGroupApi, [2, 9], { ...group, sessionTimeoutMs: 6000, protocolType: 'c', protocols: [{ name: 'p' }] }],
      [messages.syncGroupApi, [5], { ...group, protocolType: 'c', protocolName: 'p' }],
      [messages.heartbeatApi, [4], group],
      [messages.leaveGroupApi, [2], group],
      [messages.leaveGroupApi, [5], { groupId: 'a', members: [{ memberId: 'm' }] }],
      [messages.offsetCommitApi, [2, 9], { groupId: 'a', generationIdOrMemberEpoch: -1, topics }],
      [messages.offsetFetchApi, [1, 2, 7], { groupId: 'a', ...offsets }],
      [messages.offsetFetchApi, [8, 9], { groups: [{ groupId: 'a', ...offsets }] }],
      [messages.offsetDeleteApi, [0], { groupId: 'a', topics }],
      [messages.describeGroupsApi, [4, 6], { groups: ['a'] }],
      [messages.deleteGroupsApi, [2], { groupsNames: ['a'] }],
      [messages.consumerGroupHeartbeatApi, [1], { groupId: 'a', memberId: 'm', memberEpoch: 0, subscribedTopicNames: ['once'] }],
      [messages.consumerGroupDescribeApi, [1], { groupIds: ['a'] }],
      [messages.initProducerIdApi, [4], { transactionalId: 'a', transactionTimeoutMs: 1000 }],
      [messages.addPartitionsToTxnApi, [3], partitionsOfTxn],
      [messages.addOffsetsToTxnApi, [3], { ...txn, groupId: 'a' }],
      [messages.txnOffsetCommitApi, [3], { ...txn, ...group, topics }],
      [messages.endTxnApi, [4], txn],
    ] as const
  ).map(([api, versions, request]) => [api as unknown as Api<never, object>, versions, request])

  it.each(requests)('are rejected by other brokers: $name', async (api, versions, request) => {
    for (const version of versions) {
      const codesAt = async (broker: number): Promise<number[]> => {
        const codes: number[] = []
        JSON.stringify(await ask(broker, api as Api<object, object>, version, request), (key, value: unknown) => {
          if (key === 'errorCode' || key === 'partitionErrorCode') codes.push(value as number)
          return typeof value === 'bigint' ? 0 : value
        })
        return codes.filter((code) => code !== 0)
      }
      const elsewhere = await codesAt(1)
      const isPartitionUnknown = api.name.endsWith('OffsetCommit') ? [UNKNOWN_TOPIC_OR_PARTITION] : []
      expect(elsewhere).toEqual([NOT_COORDINATOR, ...isPartitionUnknown])
      expect(await codesAt(3)).not.toContain(NOT_COORDINATOR)
    }
  })

  it('each broker answers for its own groups in a request', async () => {
    const commit = (broker: number, groupId: string): Promise<object> =>
      ask(broker, messages.offsetCommitApi, 9, {
        groupId,
        generationIdOrMemberEpoch: -1,
        topics: [{ name: 'once', partitions: [{ partitionIndex: 0, committedOffset: 7 }] }],
      })
    await commit(3, 'a')
    await commit(1, 'b')
    const groups = ['b', 'a', 'b'].map((groupId) => ({ groupId, ...offsets }))
    const fetched = (await ask(3, messages.offsetFetchApi, 9, { groups })).groups
    expect(
      fetched.map(({ groupId, errorCode, topics: [topic] }) => [groupId, errorCode, topic?.partitions[0]!.committedOffset]),
    ).toEqual([
      ['b', NOT_COORDINATOR, undefined],
      ['a', NONE, 7],
      ['b', NOT_COORDINATOR, undefined],
    ])
    const listed = await Promise.all([1, 2, 3].map((broker) => ask(broker, messages.listGroupsApi, 5, {})))
    expect(listed.map((one) => one.groups.map(({ groupId }) => groupId))).toEqual([['b'], [], ['a']])
    const deleted = await ask(1, messages.deleteGroupsApi, 2, { groupsNames: ['a', 'b'] })
    expect(deleted.results).toEqual([
      { groupId: 'a', errorCode: NOT_COORDINATOR },
      { groupId: 'b', errorCode: NONE },
    ])
    expect([kafka.committed('a', 'once', 0), kafka.committed('b', 'once', 0)]).toEqual([7, undefined])
  })
})

describe('a broker that is away', () => {
  it('loses its clients; others take over its partitions, and keep them when it is back', async () => {
    await produce(1, 'everywhere')
    const lost = fetch(1, 'everywhere', 17, 0, { maxWaitMs: 600_000, minBytes: 10_000 })
    const away = kafka.faults.brokerAway({ broker: 1 })
    await expect(lost).rejects.toThrow('closed')
    await connect(1)
    await expect(metadata(1, 'everywhere')).rejects.toThrow('closed')

    const { brokers, controllerId } = await ask(2, messages.metadataApi, 12, { topics: [] })
    expect([brokers.map(({ nodeId }) => nodeId), controllerId]).toEqual([[2, 3], 2])
    expect(await metadata(2, 'everywhere')).toMatchObject([
      { leaderId: 2, leaderEpoch: 1, replicaNodes: [1, 2, 3], isrNodes: [2, 3], offlineReplicas: [1] },
      { leaderId: 2, leaderEpoch: 0, replicaNodes: [2, 3, 1], isrNodes: [2, 3], offlineReplicas: [1] },
      { leaderId: 3, leaderEpoch: 0, replicaNodes: [3, 1, 2], isrNodes: [3, 2], offlineReplicas: [1] },
      { leaderId: 2, leaderEpoch: 1, replicaNodes: [1, 2, 3], isrNodes: [2, 3], offlineReplicas: [1] },
    ])
    expect((await metadata(2, 'once'))[0]).toMatchObject({
      errorCode: LEADER_NOT_AVAILABLE,
      leaderId: -1,
      leaderEpoch: 1,
      replicaNodes: [1],
      isrNodes: [],
      offlineReplicas: [1],
    })
    expect(kafka.leader({ topic: 'once', partition: 0 })).toBeUndefined()
    expect((await produce(2, 'once')).responses[0]!.partitionResponses[0]).toMatchObject({
      errorCode: NOT_LEADER_OR_FOLLOWER,
      currentLeader: { leaderId: -1, leaderEpoch: 1 },
    })
    expect(await codeOfProduce(2, 'everywhere')).toBe(NONE)
    expect(await endOfEpoch(2, 0)).toEqual([0, 1])

    away.release()
    await connect(1)
    expect((await metadata(1, 'everywhere'))[0]).toMatchObject({ leaderId: 2, leaderEpoch: 1, isrNodes: [1, 2, 3] })
    expect((await metadata(1, 'once'))[0]).toMatchObject({ errorCode: NONE, leaderId: 1, leaderEpoch: 2, isrNodes: [1] })
    expect(await codeOfProduce(1, 'everywhere')).toBe(NOT_LEADER_OR_FOLLOWER)
    kafka.faults.moveLeader({ topic: 'everywhere', partition: 0, broker: 1 })
    expect(await codeOfProduce(1, 'everywhere')).toBe(NONE)
  })

  it('coordinates no groups, and they lose nothing', async () => {
    const commit = { groupId: 'a', generationIdOrMemberEpoch: -1 }
    const topics = [{ name: 'once', partitions: [{ partitionIndex: 0, committedOffset: 7 }] }]
    const coordinator = await byKey('a')
    await ask(coordinator, messages.offsetCommitApi, 9, { ...commit, topics })
    using _ = kafka.faults.brokerAway({ broker: coordinator })
    const next = await byKey('a')
    expect(next).not.toBe(coordinator)
    const groups = [{ groupId: 'a', topics: [{ name: 'once', partitionIndexes: [0] }] }]
    expect((await ask(next, messages.offsetFetchApi, 9, { groups })).groups[0]!.topics[0]!.partitions[0]!.committedOffset).toBe(7)
  })

  it('makes clients within the process wait if no other broker has a replica', async () => {
    const away = kafka.faults.brokerAway({ broker: 1 })
    const retried = Promise.withResolvers<void>()
    const producer = await kafka.client().producer({ onRetry: retried.resolve })
    await producer.send([{ topic: 'everywhere', partition: 0, value: 'x' }])
    const waiting = producer.send([{ topic: 'once', partition: 0, value: 'y' }])
    await retried.promise
    expect(kafka.read('once', 0)).toEqual([])
    away.release()
    expect(await waiting).toMatchObject([{ topic: 'once', partition: 0, baseOffset: 0 }])
    expect([kafka.read('everywhere', 0).length, kafka.read('once', 0).length]).toEqual([1, 1])
  })

  it('is not replaced if all brokers are away', async () => {
    const away = kafka.faults.brokerAway()
    await expect(metadata(2, 'everywhere')).rejects.toThrow('closed')
    away.release()
    await connect(2)
    expect((await metadata(2, 'everywhere'))[0]).toMatchObject({ leaderId: 1, leaderEpoch: 0 })
  })
})

it('knows its epochs after a restart', async () => {
  const data = mkdtempSync(join(tmpdir(), 'kasper-cluster-'))
  try {
    {
      await using before = await MemoryKafka.listen({ brokers: 3, data, fsync: false })
      before.createTopic('t', { replicationFactor: 2 })
      before.append([{ topic: 't', value: '0' }])
      before.append([{ topic: 't', value: '1' }])
      before.faults.moveLeader({ topic: 't', partition: 0, broker: 2 })
      before.append([{ topic: 't', value: '2' }])
    }
    await using after = await MemoryKafka.listen({ brokers: 3, data, fsync: false })
    await using raw = await RawClient.connect(after.brokers[0]!)
    const { topics } = await raw.call(messages.metadataApi, 12, { topics: null })
    expect(topics[0]!.partitions[0]).toMatchObject({ leaderId: 1, leaderEpoch: 1, replicaNodes: [1, 2] })
    const asked = [0, 1].map((leaderEpoch) => ({ partition: 0, leaderEpoch }))
    const ends = await raw.call(messages.offsetForLeaderEpochApi, 4, { topics: [{ topic: 't', partitions: asked }] })
    expect(ends.topics[0]!.partitions.map(({ endOffset }) => endOffset)).toEqual([2, 3])
  } finally {
    rmSync(data, { recursive: true })
  }
})

/** The first of three free ports in a row, below the range of ports that systems assign. */
async function listenAtAnyThree(): Promise<readonly [number, MemoryKafka]> {
  for (let port = 23_900; ; port += 3) {
    try {
      return [port, await MemoryKafka.listen({ port, brokers: 3 })]
    } catch (error) {
      if (!hasCode(error, 'BROKER_UNREACHABLE') || port > 30_000) throw error
    }
  }
}

it('listens on consecutive ports, or on none if one of them is taken', async () => {
  const [port, three] = await listenAtAnyThree()
  const addresses = [0, 1, 2].map((i) => `127.0.0.1:${port + i}`)
  expect(three.brokers).toEqual(addresses)
  // The first two ports are free again after the third one failed.
  await three.close()
  await using third = await MemoryKafka.listen({ port: port + 2 })
  await expect(MemoryKafka.listen({ port, brokers: 3 })).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' })
  await using two = await MemoryKafka.listen({ port, brokers: 2 })
  expect([...two.brokers, ...third.brokers]).toEqual(addresses)
  for (const brokers of [0, -1, 1.5, 101])
    await expect(MemoryKafka.listen({ brokers })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})
