import { errorCodes } from '@kasper/protocol'
import {
  apiVersionsApi,
  createTopicsApi,
  fetchApi,
  findCoordinatorApi,
  heartbeatApi,
  metadataApi,
  offsetCommitApi,
  offsetFetchApi,
  produceApi,
  saslAuthenticateApi,
  saslHandshakeApi,
} from '@kasper/protocol/messages'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordBatch } from '../../test/record-batch.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { VirtualClock } from '@kasper/testing'
import { RawClient } from '../../test/raw-client.ts'

const { NONE, NOT_LEADER_OR_FOLLOWER, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS } = errorCodes

let clock: VirtualClock
let kafka: EmbeddedKafka
let raw: RawClient

const connect = (): Promise<RawClient> => RawClient.connect(kafka.brokers[0]!)

beforeEach(async () => {
  clock = new VirtualClock()
  kafka = await EmbeddedKafka.listen({ clock })
  kafka.createTopic('t', { partitions: 2 })
  kafka.createTopic('u')
  raw = await connect()
})
afterEach(async () => {
  await raw[Symbol.asyncDispose]()
  await kafka.close()
})

/** Writes to three partitions at once. Returns the error codes, such as `t/0: 0`. */
async function produce(acks: number = -1): Promise<string[]> {
  const topicData = [
    { name: 't', partitionData: [0, 1].map((index) => ({ index, records: recordBatch('value') })) },
    { name: 'u', partitionData: [{ index: 0, records: recordBatch('value') }] },
  ]
  const { responses } = await raw.call(produceApi, 9, { acks, topicData })
  return responses
    .flatMap(({ name, partitionResponses }) => partitionResponses.map(({ index, errorCode }) => `${name}/${index}: ${errorCode}`))
    .sort()
}

const written = (): number[] => [kafka.read('t', 0).length, kafka.read('t', 1).length, kafka.read('u').length]

/** Whether the promise settles while other clients are served. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  const end = (): boolean => (settled = true)
  promise.then(end, end)
  await using other = await connect()
  for (let i = 0; i < 5; i++) await other.call(findCoordinatorApi, 4, { coordinatorKeys: ['x'] })
  return settled
}

describe('an error code', () => {
  it('is only at the partition that it applies to, and nothing is written there', async () => {
    const fault = kafka.faults.failRequests({
      api: 'Produce',
      topic: 't',
      partition: 1,
      error: 'NOT_LEADER_OR_FOLLOWER',
      after: 1,
      times: 2,
    })
    const fine = ['t/0: 0', 't/1: 0', 'u/0: 0']
    const failed = ['t/0: 0', `t/1: ${NOT_LEADER_OR_FOLLOWER}`, 'u/0: 0']
    expect([await produce(), await produce(), await produce(), await produce()]).toEqual([fine, failed, failed, fine])
    expect([written(), fault.struck]).toEqual([[4, 2, 4], 2])
  })

  it('counts a request once, if several of its parts match', async () => {
    const fault = kafka.faults.failRequests({ api: 'Produce', topic: 't', error: 'NOT_LEADER_OR_FOLLOWER' })
    const failed = [`t/0: ${NOT_LEADER_OR_FOLLOWER}`, `t/1: ${NOT_LEADER_OR_FOLLOWER}`, 'u/0: 0']
    expect([await produce(), await produce()]).toEqual([failed, ['t/0: 0', 't/1: 0', 'u/0: 0']])
    expect([written(), fault.struck]).toEqual([[1, 1, 2], 1])
  })

  it('closes the connection of a producer that expects no answer', async () => {
    kafka.faults.failRequests({ api: 'Produce', topic: 'u', error: 'NOT_LEADER_OR_FOLLOWER' })
    await expect(produce(0)).rejects.toThrow('closed')
    expect(written()).toEqual([1, 1, 0])
  })

  it('is at the partition of a fetch, without waiting, and other partitions are answered', async () => {
    kafka.append([{ topic: 't', partition: 0, value: 'there' }])
    kafka.faults.failRequests({ api: 'Fetch', topic: 't', partition: 1, error: 'NOT_LEADER_OR_FOLLOWER' })
    const topics = [{ topic: 't', partitions: [0, 1].map((partition) => ({ partition, partitionMaxBytes: 1000 })) }]
    const { responses } = await raw.call(fetchApi, 12, { maxWaitMs: 600_000, minBytes: 1_000_000, topics })
    expect(responses[0]!.partitions.map(({ errorCode }) => errorCode)).toEqual([NONE, NOT_LEADER_OR_FOLLOWER])
    expect(responses[0]!.partitions[0]!.records!.length).toBeGreaterThan(0)
  })

  it('of a fetch session applies to the whole answer', async () => {
    kafka.faults.failRequests({ api: 'Fetch', error: 'FETCH_SESSION_ID_NOT_FOUND' })
    const topics = [{ topic: 't', partitions: [{ partition: 0, partitionMaxBytes: 1000 }] }]
    expect(await raw.call(fetchApi, 12, { maxWaitMs: 0, topics })).toMatchObject({ errorCode: 70, responses: [] })
  })

  it('is at the topic, even in a request for all topics', async () => {
    kafka.faults.failRequests({ api: 'Metadata', topic: 'u', error: 'LEADER_NOT_AVAILABLE' })
    const { topics, brokers } = await raw.call(metadataApi, 12, { topics: null })
    expect(new Map(topics.map(({ name, errorCode }) => [name, errorCode]))).toEqual(
      new Map([
        ['t', NONE],
        ['u', errorCodes.LEADER_NOT_AVAILABLE],
      ]),
    )
    expect(brokers).toHaveLength(1)
  })

  it('identifies topics by id if the request does', async () => {
    const { topics } = await raw.call(metadataApi, 12, { topics: [{ name: 't' }] })
    const { topicId } = topics[0]!
    kafka.faults.failRequests({ api: 'Produce', topic: 't', partition: 1, error: 'NOT_LEADER_OR_FOLLOWER' })
    const topicData = [{ topicId, partitionData: [0, 1].map((index) => ({ index, records: recordBatch('value') })) }]
    const { responses } = await raw.call(produceApi, 13, { acks: -1, topicData })
    expect(responses).toMatchObject([
      {
        topicId,
        partitionResponses: [
          { index: 0, errorCode: NONE },
          { index: 1, errorCode: NOT_LEADER_OR_FOLLOWER, baseOffset: -1 },
        ],
      },
    ])
  })

  it('applies to groups in requests, in lists and in requests for coordinators', async () => {
    kafka.faults.failRequests({ groupId: 'g', error: 'COORDINATOR_LOAD_IN_PROGRESS', times: Infinity })
    const heartbeat = (groupId: string): Promise<number> =>
      raw.call(heartbeatApi, 4, { groupId, memberId: 'm' }).then(({ errorCode }) => errorCode)
    expect(await heartbeat('g')).toBe(COORDINATOR_LOAD_IN_PROGRESS)
    expect(await heartbeat('another')).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    const { coordinators } = await raw.call(findCoordinatorApi, 4, { coordinatorKeys: ['another', 'g'] })
    expect(coordinators.map(({ key, errorCode, nodeId }) => [key, errorCode, nodeId])).toEqual([
      ['another', NONE, 1],
      ['g', COORDINATOR_LOAD_IN_PROGRESS, -1],
    ])
    expect((await raw.call(findCoordinatorApi, 3, { key: 'g' })).errorCode).toBe(COORDINATOR_LOAD_IN_PROGRESS)
    // A transactional id is not a group id.
    expect((await raw.call(findCoordinatorApi, 3, { key: 'g', keyType: 1 })).errorCode).toBe(NONE)
    expect((await raw.call(findCoordinatorApi, 4, { coordinatorKeys: ['g'], keyType: 1 })).coordinators[0]!.errorCode).toBe(NONE)
    const { groups } = await raw.call(offsetFetchApi, 8, { groups: [{ groupId: 'g' }, { groupId: 'another' }] })
    expect(new Map(groups.map(({ groupId, errorCode }) => [groupId, errorCode]))).toEqual(
      new Map([
        ['another', NONE],
        ['g', COORDINATOR_LOAD_IN_PROGRESS],
      ]),
    )
  })

  it('for a topic is inside its group', async () => {
    kafka.faults.failRequests({ api: 'OffsetFetch', error: 'UNSTABLE_OFFSET_COMMIT', times: 2 })
    const topics = [{ name: 't', partitionIndexes: [0, 1] }]
    const { groups } = await raw.call(offsetFetchApi, 8, { groups: [{ groupId: 'g', topics }] })
    const { UNSTABLE_OFFSET_COMMIT: errorCode } = errorCodes
    const partitions = [0, 1].map((partitionIndex) => ({ partitionIndex, errorCode }))
    expect(groups).toMatchObject([{ groupId: 'g', errorCode: NONE, topics: [{ name: 't', partitions }] }])
    expect(await raw.call(offsetFetchApi, 7, { groupId: 'g', topics })).toMatchObject({
      errorCode: NONE,
      topics: [{ partitions }],
    })
  })

  it('prevents a part of a commit', async () => {
    kafka.faults.failRequests({ api: 'OffsetCommit', groupId: 'g', topic: 't', partition: 0, error: 'NOT_COORDINATOR' })
    const partitions = [0, 1].map((partitionIndex) => ({ partitionIndex, committedOffset: 5 }))
    const { topics } = await raw.call(offsetCommitApi, 8, {
      groupId: 'g',
      generationIdOrMemberEpoch: -1,
      topics: [{ name: 't', partitions }],
    })
    expect(new Map(topics[0]!.partitions.map(({ partitionIndex, errorCode }) => [partitionIndex, errorCode]))).toEqual(
      new Map([
        [0, NOT_COORDINATOR],
        [1, NONE],
      ]),
    )
    expect([kafka.committed('g', 't', 0), kafka.committed('g', 't', 1)]).toEqual([undefined, 5])
  })

  it('prevents the creation of topics', async () => {
    kafka.faults.failRequests({ api: 'CreateTopics', topic: 'new', error: 'POLICY_VIOLATION' })
    const topics = ['new', 'newer'].map((name) => ({ name, numPartitions: 1, replicationFactor: 1 }))
    const answer = await raw.call(createTopicsApi, 7, { topics })
    expect(Object.fromEntries(answer.topics.map(({ name, errorCode }) => [name, errorCode]))).toEqual({
      new: errorCodes.POLICY_VIOLATION,
      newer: NONE,
    })
    expect(() => kafka.partitions('new')).toThrow('does not exist')
    expect(kafka.partitions('newer')).toEqual([0])
  })
})

it('applies to authentication too, and a rejected client can try again', async () => {
  await using closed = await EmbeddedKafka.listen({ sasl: { users: { alice: 'secret' } } })
  const logIn = async (): Promise<number> => {
    await using client = await RawClient.connect(closed.brokers[0]!)
    await client.call(apiVersionsApi, 3, { clientSoftwareName: 'raw', clientSoftwareVersion: '1' })
    const { errorCode } = await client.call(saslHandshakeApi, 1, { mechanism: 'PLAIN' })
    if (errorCode !== NONE) return errorCode
    const authBytes = new TextEncoder().encode('\0alice\0secret')
    const answer = await client.call(saslAuthenticateApi, 2, { authBytes })
    if (answer.errorCode === NONE) await client.call(metadataApi, 12, { topics: null })
    else await expect(client.call(metadataApi, 12, { topics: null })).rejects.toThrow('closed')
    return answer.errorCode
  }
  closed.faults.failRequests({ api: 'SaslAuthenticate', error: 'SASL_AUTHENTICATION_FAILED', after: 1 })
  expect([await logIn(), await logIn(), await logIn()]).toEqual([NONE, errorCodes.SASL_AUTHENTICATION_FAILED, NONE])
  closed.faults.failRequests({ api: 'SaslHandshake', error: 'UNSUPPORTED_SASL_MECHANISM' })
  expect([await logIn(), await logIn()]).toEqual([errorCodes.UNSUPPORTED_SASL_MECHANISM, NONE])
  closed.faults.loseResponses({ api: 'ApiVersions' })
  await expect(logIn()).rejects.toThrow('closed')
  expect(await logIn()).toBe(NONE)
})

describe('connections', () => {
  it('break before a request is executed', async () => {
    const fault = kafka.faults.loseRequests({ api: 'Produce', topic: 'u' })
    await expect(produce()).rejects.toThrow('closed')
    expect([written(), fault.struck]).toEqual([[0, 0, 0], 1])
    raw = await connect()
    await produce()
    expect(written()).toEqual([1, 1, 1])
  })

  it('break before a request is answered', async () => {
    kafka.faults.loseResponses({ api: 'Produce', topic: 'u', after: 1 })
    await produce()
    await expect(produce()).rejects.toThrow('closed')
    expect(written()).toEqual([2, 2, 2])
  })

  it('break for a client that is cut off, each time it connects, and for no other client', async () => {
    const metadata = (client: RawClient): Promise<unknown> => client.call(metadataApi, 12, { topics: null })
    await metadata(raw)
    const kept = kafka.faults.cutOff('another')
    await metadata(raw)
    const cut = kafka.faults.cutOff('raw')
    await expect(metadata(raw)).rejects.toThrow('closed')
    await using again = await connect()
    await expect(metadata(again)).rejects.toThrow('closed')
    cut.release()
    await using back = await connect()
    await metadata(back)
    kept.release()
  })
})

describe('answers wait', () => {
  it('for the delay, as do later answers on the same connection', async () => {
    kafka.faults.delayResponses({ api: 'Produce', topic: 't', delayMs: 500, times: 1 })
    const answer = produce()
    const next = raw.call(metadataApi, 12, { topics: null })
    expect([await isSettled(answer), await isSettled(next), written()]).toEqual([false, false, [1, 1, 1]])
    await clock.advance(499)
    expect(await isSettled(answer)).toBe(false)
    await clock.advance(1)
    expect((await answer)[0]).toBe('t/0: 0')
    await next
    await produce()
  })

  it('until the release', async () => {
    const hold = kafka.faults.delayResponses({ clientId: 'raw', api: 'Metadata' })
    const later = raw.call(metadataApi, 12, { topics: null })
    expect(await isSettled(later)).toBe(false)
    hold.release()
    await later
    await raw.call(metadataApi, 12, { topics: null })
  })

  it('no longer when all faults are cleared', async () => {
    kafka.faults.delayResponses({ api: 'Metadata', delayMs: 1e9, times: 1 })
    const later = raw.call(metadataApi, 12, { topics: null })
    expect(await isSettled(later)).toBe(false)
    kafka.faults.clear()
    await later
  })
})

describe('an invalid fault', () => {
  const { faults } = new EmbeddedKafka()
  const wrong =
    (fault: object): (() => unknown) =>
    () =>
      faults.failRequests(fault as Parameters<typeof faults.failRequests>[0])
  it.each([
    [
      'has no API',
      wrong({ api: 'Produc', error: 'NOT_COORDINATOR' }),
      /api must be one of Produce, Fetch, .*EndTxn.*, but is "Produc"/,
    ],
    ['names no error', wrong({ error: 'NOT_LEADER' }), /error must be one of .*NOT_LEADER_OR_FOLLOWER.*, but is "NOT_LEADER"/],
    ['has no error', wrong({ api: 'Produce' }), /failRequests needs error: one of UNKNOWN_SERVER_ERROR/],
    ['fails with success', wrong({ error: 'NONE' }), /error must be one of .*, but is "NONE"/],
    [
      'has a property that its API does not have',
      wrong({ api: 'Heartbeat', topic: 't', error: 'NOT_COORDINATOR' }),
      /Heartbeat has no topic; APIs with topic: Produce/,
    ],
    [
      'has a partition for an API with topics only',
      wrong({ api: 'Metadata', partition: 0, error: 'NOT_COORDINATOR' }),
      /Metadata has no partition; APIs with partition: Produce, Fetch/,
    ],
    [
      'has an unknown property',
      wrong({ toppic: 't', error: 'NOT_COORDINATOR' }),
      /has no toppic; it has error, api, topic, partition/,
    ],
    [
      'has an invalid partition',
      () => faults.failProduce({ partition: -1 }),
      /failProduce: partition must be a whole number of 0 or more, but is -1/,
    ],
    [
      'hits a negative number of operations',
      () => faults.loseAcks({ times: -1 }),
      /loseAcks: times must be a whole number of 0 or more, or Infinity, but is -1/,
    ],
    [
      'has an invalid delay',
      () => faults.delayResponses({ delayMs: Number.NaN }),
      /delayMs must be a number of milliseconds, but is NaN/,
    ],
    ['has a topic for commits', () => faults.holdCommits({ topic: 't' } as object), /holdCommits has no topic; it has groupId/],
  ])('%s', (_, script, message) => {
    expect(script).toThrow(TypeError)
    expect(script).toThrow(message)
  })
})
