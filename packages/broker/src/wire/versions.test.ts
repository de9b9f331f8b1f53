import { type Api, type Draft, errorCodes } from '@kasper/protocol'
import * as messages from '@kasper/protocol/messages'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordBatch } from '../../test/record-batch.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { servedApis } from '../requests/served-apis.ts'
import { RawClient } from '../../test/raw-client.ts'

let kafka: EmbeddedKafka
let client: RawClient
let topicId: string

beforeAll(async () => {
  kafka = await EmbeddedKafka.listen()
  client = await RawClient.connect(kafka.brokers[0]!)
  kafka.createTopic('t', { partitions: 2 })
  kafka.append([{ topic: 't', partition: 0, value: 'there' }])
  const metadata = await client.call(messages.metadataApi, 13, { topics: null })
  topicId = metadata.topics[0]!.topicId
})
afterAll(async () => {
  await client[Symbol.asyncDispose]()
  await kafka.close()
})

/** Requests that are valid in every version, for a topic that exists and one that does not. */
const requests = new Map<Api, (version: number) => readonly object[]>()
function ask<Request>(api: Api<Request, never>, request: (version: number) => readonly Draft<Request>[]): void {
  requests.set(api, request as (version: number) => readonly object[])
}
const any = <T>(api: Api<T>): Api<T, never> => api as Api<T, never>
const group = { groupId: 'g', memberId: 'nobody' }
const names = ['t', 'unknown']
const partitionsOf = <T>(partition: T): { name: string; partitions: T[] }[] =>
  names.map((name) => ({ name, partitions: [partition] }))
const byId = (version: number, since: number, key: string): object => (version >= since ? { topicId } : { [key]: 't' })

ask(any(messages.apiVersionsApi), (version) => [version >= 3 ? { clientSoftwareName: 'a', clientSoftwareVersion: '1' } : {}])
ask(any(messages.metadataApi), (version) => [
  { topics: version === 0 ? [] : null },
  { topics: [{ name: 't' }, { name: 'unknown' }, { name: 'not a name' }] },
])
ask(any(messages.describeClusterApi), () => [{}])
ask(any(messages.findCoordinatorApi), (version) =>
  version < 1
    ? [{ key: 'g' }]
    : [0, 1, 7].map((keyType) => (version < 4 ? { key: 'g', keyType } : { coordinatorKeys: ['g'], keyType })),
)
ask(any(messages.produceApi), (version) =>
  [recordBatch('x'), new Uint8Array(99)].map((records) => ({
    acks: -1,
    topicData: [
      {
        ...byId(version, 13, 'name'),
        partitionData: [
          { index: 0, records },
          { index: 9, records },
        ],
      },
    ],
  })),
)
ask(any(messages.fetchApi), (version) =>
  [0, 1].map((isolationLevel) => ({
    maxWaitMs: 1,
    minBytes: 1,
    isolationLevel,
    topics: [
      {
        ...byId(version, 13, 'topic'),
        partitions: [
          { partition: 0, partitionMaxBytes: 1000 },
          { partition: 1, partitionMaxBytes: 10, fetchOffset: 99 },
          { partition: 9 },
        ],
      },
    ],
  })),
)
ask(any(messages.listOffsetsApi), () =>
  [-1, -2, -3, 0, 1e14].map((timestamp) => ({ topics: partitionsOf({ partitionIndex: 0, timestamp }) })),
)
ask(any(messages.offsetForLeaderEpochApi), () => [
  {
    topics: names.map((topic) => ({
      topic,
      partitions: [
        { partition: 0, leaderEpoch: 0 },
        { partition: 1, leaderEpoch: 5 },
      ],
    })),
  },
])
ask(any(messages.joinGroupApi), (version) => [
  { groupId: `of-version-${version}`, sessionTimeoutMs: 6000, protocolType: 'consumer', protocols: [{ name: 'p' }] },
  { ...group, sessionTimeoutMs: 6000, protocolType: 'consumer', protocols: [{ name: 'p', metadata: new Uint8Array(3) }] },
  { groupId: '', sessionTimeoutMs: 6000 },
])
ask(any(messages.syncGroupApi), () => [{ ...group, generationId: 1 }])
ask(any(messages.heartbeatApi), () => [{ ...group, generationId: 1 }])
ask(any(messages.leaveGroupApi), (version) => [version < 3 ? group : { groupId: 'g', members: [{ memberId: 'nobody' }] }])
const joining = { memberId: 'm', memberEpoch: 0, rebalanceTimeoutMs: 1000, topicPartitions: [], subscribedTopicNames: ['t'] }
ask(any(messages.consumerGroupHeartbeatApi), () => [
  { ...joining, groupId: 'newer' },
  { groupId: 'newer', memberId: 'm', memberEpoch: 1 },
  { groupId: 'unknown', memberId: 'm', memberEpoch: 1 },
])
ask(any(messages.consumerGroupDescribeApi), () => [{ groupIds: ['newer', 'g', 'unknown'] }])
ask(any(messages.describeTopicPartitionsApi), () => [
  { topics: [] },
  { topics: [{ name: 't' }, { name: 'unknown' }, { name: 'not a name' }], cursor: { topicName: 't', partitionIndex: 0 } },
])
ask(any(messages.listConfigResourcesApi), (version) =>
  version === 0 ? [{}] : [{}, { resourceTypes: [32] }, { resourceTypes: [99] }],
)
ask(any(messages.listGroupsApi), () => [{}])
ask(any(messages.describeGroupsApi), () => [{ groups: ['g', 'unknown'] }])
ask(any(messages.deleteGroupsApi), () => [{ groupsNames: ['unknown'] }])
ask(any(messages.offsetCommitApi), () => [
  { groupId: 'g', generationIdOrMemberEpoch: -1, topics: partitionsOf({ partitionIndex: 0, committedOffset: 1 }) },
])
ask(any(messages.offsetFetchApi), (version) => {
  const topics = names.map((name) => ({ name, partitionIndexes: [0, 1] }))
  if (version >= 8)
    return [
      {
        groups: [
          { groupId: 'g', topics },
          { groupId: 'g', topics: null },
        ],
      },
    ]
  return [{ groupId: 'g', topics }, ...(version >= 2 ? [{ groupId: 'g', topics: null }] : [])]
})
ask(any(messages.offsetDeleteApi), () => [{ groupId: 'g', topics: partitionsOf({ partitionIndex: 0 }) }])
ask(any(messages.createTopicsApi), (version) => [
  {
    topics: [
      { name: `new-${version}`, numPartitions: 1, replicationFactor: 1, configs: [{ name: 'retention.ms', value: '5' }] },
      { name: 't', numPartitions: 1, replicationFactor: 1 },
      { name: 'x', numPartitions: 1, replicationFactor: 3 },
    ],
  },
])
ask(any(messages.deleteTopicsApi), (version) => [
  version >= 6 ? { topics: [{ name: `new-${version}` }, { name: 'unknown' }] } : { topicNames: [`new-${version}`, 'unknown'] },
])
ask(any(messages.createPartitionsApi), (version) => [
  {
    topics: [
      { name: 't', count: 3 + version },
      { name: 'unknown', count: 2 },
      { name: 't', count: 1 },
    ],
  },
])
ask(any(messages.deleteRecordsApi), () => [{ topics: partitionsOf({ partitionIndex: 0, offset: 0 }) }])
const resources = [
  { resourceType: 2, resourceName: 't' },
  { resourceType: 2, resourceName: 'unknown' },
  { resourceType: 4, resourceName: '1' },
]
ask(any(messages.describeConfigsApi), () => [
  { resources: resources.map((one) => ({ ...one, configurationKeys: null })), includeSynonyms: true },
])
ask(any(messages.alterConfigsApi), () => [
  { resources: resources.map((one) => ({ ...one, configs: [{ name: 'retention.ms', value: '-1' }] })) },
])
ask(any(messages.incrementalAlterConfigsApi), () => [
  {
    resources: resources.map((one) => ({ ...one, configs: [{ name: 'cleanup.policy', configOperation: 2, value: 'compact' }] })),
  },
])
ask(any(messages.initProducerIdApi), () => [
  { transactionalId: null, transactionTimeoutMs: 1000 },
  { transactionalId: 'x', transactionTimeoutMs: 1000 },
])
ask(any(messages.addPartitionsToTxnApi), () => [
  { v3AndBelowTransactionalId: 'y', v3AndBelowProducerId: 1, v3AndBelowTopics: [{ name: 't', partitions: [0, 99] }] },
])
ask(any(messages.addOffsetsToTxnApi), () => [{ transactionalId: 'y', groupId: 'g' }])
ask(any(messages.txnOffsetCommitApi), () => [{ transactionalId: 'y', groupId: 'g', topics: partitionsOf({ partitionIndex: 0 }) }])
ask(any(messages.endTxnApi), () => [{ transactionalId: 'y' }])
ask(any(messages.saslHandshakeApi), () => [{ mechanism: 'PLAIN' }])
ask(any(messages.saslAuthenticateApi), () => [{ authBytes: new Uint8Array(1) }])

describe('every API in every version', () => {
  for (const { api, maxVersion } of servedApis.values()) {
    it(`answers ${api.name} ${api.minVersion} to ${maxVersion}`, async () => {
      for (let version = api.minVersion; version <= maxVersion; version++) {
        for (const request of requests.get(api)!(version)) {
          const response = await client.call(api as Api<object, object>, version, request)
          // Some requests cause errors, but none of them is unexpected.
          expect(JSON.stringify(response, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
            `"errorCode":${errorCodes.UNKNOWN_SERVER_ERROR}`,
          )
        }
      }
    })
  }
})
