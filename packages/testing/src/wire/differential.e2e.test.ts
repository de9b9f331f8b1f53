// The same requests to MemoryKafka and to a real Kafka, valid and invalid ones by chance: the answers have to agree.
// SEED=n repeats a run, STEPS=n makes it longer. What is known to differ is not asked: a session of a group shorter than Kafka's least; whose
// share it is where an assignor has the choice; when a pattern of topics is matched, which Kafka does behind a heartbeat and we within it.
import { type Api, type Draft, RecordEncoder, sealBatch, ZERO_UUID } from '@kasper/protocol'
import * as messages from '@kasper/protocol/messages'
import { expect, it } from 'vitest'
import { randomOf } from '../../test/random.ts'
import { required } from '../../../../scripts/required.ts'
import { MemoryKafka } from '../memory-kafka.ts'
import { RawClient } from './raw-client.ts'

const seed = Number(process.env['SEED'] ?? 5)
const steps = Number(process.env['STEPS'] ?? 2000)
const real = required('KAFKA_BROKERS')

const chance = randomOf(seed)
const random = (below: number): number => Math.floor(chance() * below)
const one = <T>(...choices: readonly T[]): T => choices[random(choices.length)]!

/** The time of messages: not so long ago that Kafka deletes them. */
const now = Date.now() - 3_600_000

// Names that nobody else uses on the real Kafka.
const run = `diff-${Date.now().toString(36)}`
const names = [`${run}-a`, `${run}-b`, `${run}-c`]
const topic = (): string => one(...names, ...names, ...names, `${run}-never`, 'not a name')
const partition = (): number => one(0, 0, 0, 1, 2, 7)
/** The last one is for the newer protocol. */
const group = (): string => one(`${run}-g`, `${run}-h`, `${run}-nobody`, `${run}-n`)
const member = (): string => one('a', 'b', 'c', '')
const offset = (): number => one(0, 0, 1, 2, 3, 5, 10, 1000)

const groupConfigs = ['consumer.session.timeout.ms', 'consumer.heartbeat.interval.ms']

interface Step {
  readonly api: Api
  readonly version: number
  request(idOf: (name: string) => string): object
}

function step<Request>(
  api: Api<Request>,
  from: number,
  to: number,
  make: (version: number, idOf: (name: string) => string) => Draft<Request>,
): Step {
  const version = from + random(to - from + 1)
  const before = chance.state
  // Made twice, for the topic ids of either Kafka, by the same chance.
  const request = (idOf: (name: string) => string): object => {
    chance.state = before
    return make(version, idOf) as object
  }
  return { api, version, request }
}

function batch(): Uint8Array {
  const idempotent = one(true, false, false)
  const options = idempotent ? { producerId: 1_000_000 + random(2), producerEpoch: one(0, 0, 0, 1), baseSequence: random(5) } : {}
  const encoder = new RecordEncoder(100_000, 100_000, options)
  const count = one(1, 1, 2, 5)
  for (let i = 0; i < count; i++) encoder.add(one('key', 'key', null), `value ${random(100)}`, one(now, now + 1000))
  encoder.finish()
  const bytes = encoder.bytes.slice(0, encoder.length)
  sealBatch(bytes, 0)
  if (one(false, false, false, false, true)) bytes[random(bytes.length)]! ^= 1 << random(8)
  return bytes
}

const byName = (version: number, byIdFrom: number, name: string, key: 'name' | 'topic', idOf: (name: string) => string): object =>
  version >= byIdFrom ? { topicId: idOf(name) } : { [key]: name }

const makers: readonly (() => Step)[] = [
  () =>
    step(messages.createTopicsApi, 2, 7, () => ({
      topics: [
        {
          name: topic(),
          numPartitions: one(1, 2, 3, -1, 0, -5),
          replicationFactor: one(1, 1, 1, -1, 2, 0),
          configs: one<{ name: string; value: string | null }[]>(
            [],
            [],
            [{ name: 'cleanup.policy', value: one('compact', 'delete', 'compact,delete', 'nonsense') }],
            [{ name: 'max.message.bytes', value: one('100', '-1', 'x') }],
            [{ name: 'no.such.config', value: '1' }],
            [{ name: 'retention.ms', value: null }],
          ),
        },
      ],
      timeoutMs: 10_000,
      validateOnly: one(true, false, false),
    })),
  () => step(messages.deleteTopicsApi, 1, 5, () => ({ topicNames: [topic()], timeoutMs: 10_000 })),
  () =>
    step(messages.createPartitionsApi, 0, 3, () => ({
      topics: [{ name: topic(), count: one(1, 2, 3, 4, 0), assignments: null }],
      timeoutMs: 10_000,
      validateOnly: one(true, false),
    })),
  ...Array.from(
    { length: 8 },
    () => () =>
      step(messages.produceApi, 3, 13, (version, idOf) => ({
        acks: one(-1, -1, 1, 5),
        timeoutMs: 10_000,
        topicData: [
          {
            ...byName(version, 13, topic(), 'name', idOf),
            partitionData: [{ index: partition(), records: one(batch(), batch(), batch(), new Uint8Array(0)) }],
          },
        ],
      })),
  ),
  ...Array.from(
    { length: 4 },
    () => () =>
      step(messages.fetchApi, 4, 18, (version, idOf) => ({
        maxWaitMs: 0,
        minBytes: 0,
        maxBytes: 1 << 20,
        isolationLevel: random(2),
        topics: [
          {
            ...byName(version, 13, topic(), 'topic', idOf),
            partitions: [
              {
                partition: partition(),
                fetchOffset: offset(),
                partitionMaxBytes: 1 << 20,
                ...(version >= 9 ? { currentLeaderEpoch: one(-1, 0, 5) } : {}),
              },
            ],
          },
        ],
      })),
  ),
  () =>
    step(messages.listOffsetsApi, 1, 10, () => ({
      topics: [
        {
          name: topic(),
          partitions: [{ partitionIndex: partition(), timestamp: one(-1, -2, -3, -4, -5, 0, now + 500, 2e12, -99) }],
        },
      ],
    })),
  () =>
    step(messages.offsetForLeaderEpochApi, 2, 4, () => ({
      topics: [
        {
          topic: topic(),
          partitions: [{ partition: partition(), leaderEpoch: one(0, 1, -1), currentLeaderEpoch: one(-1, 0, 3) }],
        },
      ],
    })),
  () =>
    step(messages.deleteRecordsApi, 0, 2, () => ({
      topics: [{ name: topic(), partitions: [{ partitionIndex: partition(), offset: one(-1, 0, 1, 2, 1000, -7) }] }],
      timeoutMs: 10_000,
    })),
  () => step(messages.metadataApi, 4, 13, () => ({ topics: [{ name: topic() }], allowAutoTopicCreation: false })),
  () => step(messages.findCoordinatorApi, 4, 5, () => ({ keyType: one(0, 1, 9), coordinatorKeys: [group()] })),
  () =>
    step(messages.offsetCommitApi, 2, 9, () => ({
      groupId: group(),
      generationIdOrMemberEpoch: one(-1, -1, 3),
      memberId: one('', '', 'stranger'),
      topics: [
        {
          name: topic(),
          partitions: [{ partitionIndex: partition(), committedOffset: offset(), committedMetadata: one('', 'note', null) }],
        },
      ],
    })),
  () =>
    step(messages.offsetFetchApi, 1, 7, () => ({
      groupId: group(),
      topics: [{ name: topic(), partitionIndexes: [partition()] }],
    })),
  () =>
    step(messages.offsetFetchApi, 8, 9, () => ({
      groups: [{ groupId: group(), topics: [{ name: topic(), partitionIndexes: [partition()] }] }],
    })),
  () => step(messages.heartbeatApi, 0, 4, () => ({ groupId: group(), memberId: 'stranger', generationId: one(0, 1) })),
  () => step(messages.syncGroupApi, 0, 5, () => ({ groupId: group(), memberId: 'stranger', generationId: 1 })),
  () => step(messages.leaveGroupApi, 0, 2, () => ({ groupId: group(), memberId: 'stranger' })),
  () =>
    step(messages.leaveGroupApi, 3, 5, () => ({
      groupId: group(),
      members: [{ memberId: 'stranger' }, { memberId: '', groupInstanceId: 'nobody' }],
    })),
  () =>
    step(messages.joinGroupApi, 2, 9, () => ({
      groupId: one(group(), ''),
      memberId: 'stranger',
      sessionTimeoutMs: one(10_000, 10, 2_000_000_000),
      rebalanceTimeoutMs: 1000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: new Uint8Array(4) }],
    })),
  () => step(messages.describeGroupsApi, 0, 6, () => ({ groups: [group()] })),
  () =>
    step(messages.offsetDeleteApi, 0, 0, () => ({
      groupId: group(),
      topics: [{ name: topic(), partitions: [{ partitionIndex: partition() }] }],
    })),
  () => step(messages.deleteGroupsApi, 0, 2, () => ({ groupsNames: [group()] })),
  () =>
    step(messages.describeConfigsApi, 1, 4, () => ({
      resources: [
        {
          resourceType: 2,
          resourceName: topic(),
          configurationKeys: one<string[] | null>(null, ['cleanup.policy', 'no.such.config']),
        },
      ],
    })),
  () =>
    step(messages.incrementalAlterConfigsApi, 0, 1, () => ({
      resources: [
        {
          resourceType: 2,
          resourceName: topic(),
          configs: [
            one<object>(
              { name: 'cleanup.policy', configOperation: one(0, 1, 2, 3, 9), value: one('compact', 'delete') },
              { name: 'max.message.bytes', configOperation: one(0, 1, 2), value: one('90', '1000', 'x', null) },
              { name: 'no.such.config', configOperation: 0, value: '1' },
            ),
          ],
        },
      ],
      validateOnly: one(true, false),
    })),
  ...Array.from(
    { length: 6 },
    () => () =>
      step(messages.consumerGroupHeartbeatApi, 0, 1, (version, idOf) => {
        const joins = one(true, true, false)
        const instance = one(null, null, null, 'i', ' ')
        return {
          groupId: one(`${run}-n`, `${run}-n`, `${run}-n`, `${run}-n`, group(), ''),
          // An id that the broker makes up sorts wherever it likes, and with it the member's share.
          memberId: instance !== null ? one('s', 's', 't') : version === 0 ? one('a', 'b', 'c') : member(),
          memberEpoch: joins ? 0 : one(1, 2, 3, 4, 5, 6, 7, -1, -1, -2, -3),
          instanceId: instance,
          rackId: one(null, null, null, ''),
          rebalanceTimeoutMs: joins ? one(600_000, 600_000, 600_000, -1) : one(-1, 600_000),
          subscribedTopicNames: one(null, [topic()], [topic(), topic()], []),
          // With others the two might choose different members.
          serverAssignor: joins ? one('range', 'range', 'range', 'nonsense') : null,
          topicPartitions: joins
            ? one([], [], [], null)
            : (one<null | []>(null, []) ?? [{ topicId: idOf(topic()), partitions: one([0], [0, 1], []) }]),
          ...(version >= 1 ? { subscribedTopicRegex: one(null, null, null, '(') } : {}),
        }
      }),
  ),
  () => step(messages.consumerGroupDescribeApi, 0, 1, () => ({ groupIds: [group()] })),
  () =>
    step(messages.offsetCommitApi, 2, 9, () => ({
      groupId: `${run}-n`,
      generationIdOrMemberEpoch: one(-1, 1, 2, 3, 4, 5),
      memberId: member(),
      topics: [{ name: topic(), partitions: [{ partitionIndex: partition(), committedOffset: offset() }] }],
    })),
  () =>
    step(messages.offsetFetchApi, 9, 9, () => ({
      groups: [
        {
          groupId: group(),
          ...one<object>({}, {}, { memberId: one('a', 'b', ''), memberEpoch: one(-1, 1, 2, 3, 4) }),
          topics: [{ name: topic(), partitionIndexes: [partition()] }],
        },
      ],
    })),
  () =>
    step(messages.leaveGroupApi, 3, 5, () => ({
      groupId: `${run}-n`,
      members: [one({ memberId: member() }, { memberId: one('', 's', 't'), groupInstanceId: 'i' })],
    })),
  () => step(messages.heartbeatApi, 0, 4, () => ({ groupId: `${run}-n`, memberId: member(), generationId: one(0, 1, 2, 3) })),
  () => step(messages.syncGroupApi, 0, 5, () => ({ groupId: `${run}-n`, memberId: member(), generationId: one(0, 1, 2, 3) })),
  () =>
    step(messages.describeTopicPartitionsApi, 0, 0, () => ({
      topics: [{ name: topic() }, { name: topic() }],
      responsePartitionLimit: one(2000, 1, 2, 3, 0, -1),
      cursor: one(null, null, { topicName: topic(), partitionIndex: one(0, 1, 2, 7, -1) }),
    })),
  () =>
    step(messages.describeConfigsApi, 1, 4, () => ({
      resources: [
        { resourceType: 32, resourceName: one(group(), group(), ''), configurationKeys: [...groupConfigs, 'no.such.config'] },
      ],
    })),
  () =>
    step(messages.incrementalAlterConfigsApi, 0, 1, () => ({
      resources: [
        {
          resourceType: 32,
          resourceName: one(group(), group(), ''),
          configs: [
            {
              name: one(...groupConfigs, 'no.such.config'),
              configOperation: one(0, 0, 1),
              value: one('50000', '60000', '0', 'x', null),
            },
          ],
        },
      ],
      validateOnly: one(true, false),
    })),
  () => step(messages.listConfigResourcesApi, 1, 1, () => ({ resourceTypes: one([4], [8], [16], [99], [4, 1]) })),
  () => step(messages.initProducerIdApi, 0, 5, () => ({ transactionalId: '', transactionTimeoutMs: 1000 })),
  () => step(messages.endTxnApi, 0, 4, () => ({ transactionalId: `${run}-t`, producerId: 1, producerEpoch: 0 })),
]

/** What differs from one cluster to the next, or is for people to read. */
const ignored = new Set(
  'errorMessage topicId throttleTimeMs clusterId host port nodeId brokers nodeEndpoints controllerId leaderId replicaNodes isrNodes recordErrors documentation synonyms memberId unknownTags authorizedOperations topicAuthorizedOperations clusterAuthorizedOperations'.split(
    ' ',
  ),
)

function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  // The real one's servers here are configured with it.
  if (Array.isArray(value) && value.some((it) => (it as { name?: string }).name === 'min.insync.replicas'))
    return comparable(value.filter((it) => (it as { name?: string }).name !== 'min.insync.replicas'))
  if (Array.isArray(value)) return value.map(comparable).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, field]) => (ignored.has(key) ? [] : [[key, comparable(field)]])))
}

/** A real Kafka has to make its coordinators first, when somebody asks for one. */
async function ready(client: RawClient): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const [groups, transactions] = await Promise.all(
      [0, 1].map((keyType) => client.call(messages.findCoordinatorApi, 4, { keyType, coordinatorKeys: [`${run}-g`] })),
    )
    const found = [groups!, transactions!].every(({ coordinators }) => coordinators[0]!.errorCode === 0)
    if (found && (await areThere(client))) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('The coordinators of the real Kafka do not come')
}

async function areThere(client: RawClient): Promise<boolean> {
  const loading = [14, 15, 16]
  for (const groupId of ['g', 'h', 'nobody', 'n', 'probe'].map((name) => `${run}-${name}`)) {
    const { errorCode } = await client.call(messages.heartbeatApi, 4, { groupId, memberId: 'stranger', generationId: 1 })
    if (loading.includes(errorCode)) return false
  }
  const { errorCode } = await client.call(messages.endTxnApi, 4, { transactionalId: `${run}-t`, producerId: 1 })
  return !loading.includes(errorCode)
}

/** The coordinator of groups learns of topics by itself, later than the brokers: a group of its own tells how far it is. */
async function coordinatorKnows(client: RawClient, ids: ReadonlyMap<string, string>): Promise<boolean> {
  const probe = { groupId: `${run}-probe`, memberId: crypto.randomUUID() }
  const joining = { memberEpoch: 0, rebalanceTimeoutMs: 1000, subscribedTopicNames: names, topicPartitions: [] }
  const { assignment } = await client.call(messages.consumerGroupHeartbeatApi, 1, { ...probe, ...joining })
  await client.call(messages.consumerGroupHeartbeatApi, 1, { ...probe, memberEpoch: -1 })
  const known = assignment?.topicPartitions.map(({ topicId, partitions }) => `${topicId}${partitions.length}`)
  return JSON.stringify(known?.sort()) === JSON.stringify([...ids.values()].sort())
}

it(`answers as Kafka does (SEED=${seed})`, { timeout: 600_000 }, async () => {
  await using kafka = await MemoryKafka.listen()
  await using ours = await RawClient.connect(kafka.brokers[0]!)
  await using theirs = await RawClient.connect(real)
  await ready(theirs)
  const ids = async (client: RawClient): Promise<Map<string, string>> => {
    const { topics } = await client.call(messages.metadataApi, 12, {
      topics: names.map((name) => ({ name })),
      allowAutoTopicCreation: false,
    })
    return new Map(
      topics
        .filter(({ errorCode }) => errorCode === 0)
        .map(({ name, topicId, partitions }) => [name!, `${topicId}${partitions.length}`]),
    )
  }
  let ourIds = await ids(ours)
  let theirIds = await ids(theirs)
  /** One of each kind. */
  const different = new Map<string, string>()
  for (let i = 0; i < steps; i++) {
    const { api, version, request } = one(...makers)()
    const idOf = (known: Map<string, string>) => (name: string) =>
      known.get(name)?.slice(0, ZERO_UUID.length) ?? 'AAAAAAAAAAAAAAAAAAAAEQ'
    const [mine, real] = [request(idOf(ourIds)), request(idOf(theirIds))]
    const after = chance.state
    const [answer, expected] = await Promise.all(
      [ours.call(api, version, mine), theirs.call(api, version, real)].map((call) =>
        call.then(comparable, (error: unknown) => String(error)),
      ),
    )
    chance.state = after
    if (JSON.stringify(answer) !== JSON.stringify(expected)) {
      const shown = [comparable(mine), answer, expected].map((it) => JSON.stringify(it))
      const kind = [api.name, ...shown.slice(1).map((it) => [...(it ?? '').matchAll(/rrorCode":-?\d+/g)].join())].join(' ')
      different.set(kind, `step ${i}, ${api.name} ${version} ${shown[0]}\n   ours: ${shown[1]}\n  Kafka: ${shown[2]}`)
      if (different.size >= 20) break
    }
    if (
      /Topics|Partitions|Configs|DeleteRecords/.test(api.name) && 'validateOnly' in mine
        ? mine.validateOnly !== true
        : api.name === 'DeleteTopics'
    ) {
      // The real one's brokers learn of it a moment later.
      ourIds = await ids(ours)
      for (let tries = 0; tries < 200; tries++) {
        theirIds = await ids(theirs)
        const sizes = (known: Map<string, string>): string =>
          JSON.stringify([...known].map(([name, id]) => `${name} ${id.slice(ZERO_UUID.length)}`).sort())
        if (sizes(theirIds) === sizes(ourIds) && (await coordinatorKnows(theirs, theirIds))) break
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }
  await theirs.call(messages.incrementalAlterConfigsApi, 1, {
    resources: ['g', 'h', 'nobody', 'n'].map((name) => ({
      resourceType: 32,
      resourceName: `${run}-${name}`,
      configs: groupConfigs.map((config) => ({ name: config, configOperation: 1, value: null })),
    })),
  })
  await theirs.call(messages.deleteTopicsApi, 5, { topicNames: names, timeoutMs: 10_000 })
  expect([...different.values()].join('\n'), `${different.size} kinds of answers differ`).toBe('')
})
