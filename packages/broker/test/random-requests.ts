// Random requests of all kinds, valid and invalid. The same seed gives the same requests.
import { type Api, type Draft, readBatchHeader, RecordEncoder, sealBatch, verifyBatch, ZERO_UUID } from '@kasper/protocol'
import * as messages from '@kasper/protocol/messages'
import { randomOf } from '../../../scripts/random.ts'

/** The seed. */
export const seed: number = Number(process.env['SEED'] ?? 5)

/** The only source of randomness. */
export const chance: ReturnType<typeof randomOf> = randomOf(seed)
const random = (below: number): number => Math.floor(chance() * below)
const one = <T>(...choices: readonly T[]): T => choices[random(choices.length)]!

/** The time of messages: recent enough that Kafka does not delete them. */
export const now: number = Date.now() - 3_600_000

// Names that no other test uses on the real Kafka.
export const run: string = `diff-${Date.now().toString(36)}`
export const names: readonly string[] = [`${run}-a`, `${run}-b`, `${run}-c`]
const topic = (): string => one(...names, ...names, ...names, `${run}-never`, 'not a name')
const partition = (): number => one(0, 0, 0, 1, 2, 7)
const transactionalId = (): string => one(`${run}-t`, `${run}-t`, `${run}-u`)
/** A group for transactions only, because real groups with offsets in one partition are added together. */
const groupOf = (id: string): string => (id.endsWith('t') ? `${run}-g` : `${run}-n`)
/** The last group uses the consumer protocol. */
const group = (): string => one(`${run}-g`, `${run}-h`, `${run}-nobody`, `${run}-n`)
const member = (): string => one('a', 'b', 'c', '')
const offset = (): number => one(0, 0, 1, 2, 3, 5, 10, 1000)

/** The configuration of groups. */
export const groupConfigs: readonly string[] = ['consumer.session.timeout.ms', 'consumer.heartbeat.interval.ms']

/** Values that each Kafka has assigned: its own ids. */
export interface Known {
  readonly topics: ReadonlyMap<string, string>
  readonly producers: Map<string, Producer>
}

/** The next sequence numbers of transactional producers. Kafka may remember others before it rejects them. */
const sequences = new Map<string, number>()

/** A transactional producer. */
export interface Producer {
  readonly producerId: number
  readonly producerEpoch: number
}

/** A request, for either Kafka. */
export interface Step {
  readonly api: Api
  readonly version: number
  request(known: Known): object
}

function step<Request>(
  api: Api<Request>,
  from: number,
  to: number,
  make: (version: number, idOf: (name: string) => string, producerOf: (id: string) => Producer) => Draft<Request>,
): Step {
  const version = from + random(to - from + 1)
  const before = chance.state
  // Created twice, with the topic ids of either Kafka, from the same random numbers.
  const request = ({ topics, producers }: Known): object => {
    chance.state = before
    const idOf = (name: string): string => topics.get(name)?.slice(0, ZERO_UUID.length) ?? 'AAAAAAAAAAAAAAAAAAAAEQ'
    const producerOf = (id: string): Producer => producers.get(id) ?? { producerId: 77, producerEpoch: 0 }
    return make(version, idOf, producerOf) as object
  }
  return { api, version, request }
}

function batch(): Uint8Array {
  const idempotent = one(true, false, false)
  return batchOf(idempotent ? { producerId: 1_000_000 + random(2), producerEpoch: one(0, 0, 0, 1), baseSequence: random(5) } : {})
}

function batchOf(options: ConstructorParameters<typeof RecordEncoder>[2]): Uint8Array {
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
  ...Array.from(
    { length: 2 },
    () => () =>
      step(messages.listOffsetsApi, 1, 10, (version) => ({
        replicaId: -1,
        isolationLevel: version >= 2 ? random(2) : 0,
        topics: [
          {
            name: topic(),
            partitions: [{ partitionIndex: partition(), timestamp: one(-1, -2, -3, -4, -5, 0, now + 500, 2e12, -99) }],
          },
        ],
      })),
  ),
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
  () =>
    step(messages.metadataApi, 4, 13, (version) => ({
      topics: [{ name: topic() }],
      allowAutoTopicCreation: false,
      ...(version >= 8 ? { includeTopicAuthorizedOperations: one(true, false) } : {}),
      ...(version >= 8 && version <= 10 ? { includeClusterAuthorizedOperations: one(true, false) } : {}),
    })),
  () => step(messages.describeClusterApi, 0, 2, () => ({ includeClusterAuthorizedOperations: one(true, false) })),
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
    step(messages.offsetFetchApi, 1, 7, (version) => ({
      groupId: group(),
      requireStable: version >= 7 && one(true, false),
      topics: [{ name: topic(), partitionIndexes: [partition()] }],
    })),
  () =>
    step(messages.offsetFetchApi, 8, 9, () => ({
      requireStable: one(true, false),
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
      // Not for a consumer group. Kafka ends an empty one, but not at the same time for all APIs.
      groupId: one(`${run}-g`, `${run}-h`, `${run}-nobody`, ''),
      memberId: 'stranger',
      sessionTimeoutMs: one(10_000, 10, 2_000_000_000),
      rebalanceTimeoutMs: 1000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: new Uint8Array(4) }],
    })),
  () =>
    step(messages.describeGroupsApi, 0, 6, (version) => ({
      groups: [group()],
      includeAuthorizedOperations: version >= 3 && one(true, false),
    })),
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
          // A member id from the broker sorts differently in each Kafka, and changes the member's assignment.
          memberId: instance !== null ? one('s', 's', 't') : version === 0 ? one('a', 'b', 'c') : member(),
          memberEpoch: joins ? 0 : one(1, 2, 3, 4, 5, 6, 7, -1, -1, -2, -3),
          instanceId: instance,
          rackId: one(null, null, null, ''),
          rebalanceTimeoutMs: joins ? one(600_000, 600_000, 600_000, -1) : one(-1, 600_000),
          subscribedTopicNames: one(null, [topic()], [topic(), topic()]),
          // With others, the two might choose different members.
          serverAssignor: joins ? one('range', 'range', 'range', 'nonsense') : null,
          topicPartitions: joins
            ? one([], [], [], null)
            : (one<null | []>(null, []) ?? [{ topicId: idOf(topic()), partitions: one([0], [0, 1], []) }]),
          ...(version >= 1 ? { subscribedTopicRegex: one(null, null, null, '(') } : {}),
        }
      }),
  ),
  () =>
    step(messages.consumerGroupDescribeApi, 0, 1, () => ({ groupIds: [group()], includeAuthorizedOperations: one(true, false) })),
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
  ...Array.from(
    { length: 3 },
    () => () =>
      step(messages.initProducerIdApi, 0, 5, (version, _, producerOf) => {
        const id = transactionalId()
        return {
          transactionalId: id,
          transactionTimeoutMs: one(600_000, 600_000, 600_000, 600_000, 0, 2_000_000_000),
          ...(version >= 3 ? one<Partial<Producer>>({}, {}, producerOf(id), other(producerOf(id)), { producerId: 5 }) : {}),
        }
      }),
  ),
  ...Array.from(
    { length: 3 },
    () => () =>
      step(messages.addPartitionsToTxnApi, 0, 3, (_, __, producerOf) => {
        const id = transactionalId()
        const { producerId, producerEpoch } = maybeOther(producerOf(id))
        return {
          v3AndBelowTransactionalId: id,
          v3AndBelowProducerId: producerId,
          v3AndBelowProducerEpoch: producerEpoch,
          v3AndBelowTopics: [{ name: topic(), partitions: one([0], [0], [0, 1], [7]) }],
        }
      }),
  ),
  () =>
    step(messages.addOffsetsToTxnApi, 0, 4, (_, __, producerOf) => {
      const id = transactionalId()
      return { transactionalId: id, ...maybeOther(producerOf(id)), groupId: groupOf(id) }
    }),
  () =>
    step(messages.txnOffsetCommitApi, 0, 5, (version, __, producerOf) => {
      const id = transactionalId()
      return {
        transactionalId: id,
        groupId: groupOf(id),
        ...maybeOther(producerOf(id)),
        ...(version >= 3 ? one({}, {}, { generationId: one(0, 1, 2), memberId: member() }) : {}),
        topics: [
          { name: topic(), partitions: [{ partitionIndex: partition(), committedOffset: offset(), committedMetadata: '' }] },
        ],
      }
    }),
  ...Array.from(
    { length: 4 },
    () => () =>
      step(messages.produceApi, 3, 13, (version, idOf, producerOf) => {
        const id = transactionalId()
        const name = topic()
        const index = partition()
        const place = `${id} ${name} ${index}`
        const records = batchOf({ ...maybeOther(producerOf(id)), baseSequence: sequences.get(place) ?? 0, transactional: true })
        return {
          transactionalId: one(id, id, id, id, null),
          acks: -1,
          timeoutMs: 10_000,
          topicData: [{ ...byName(version, 13, name, 'name', idOf), partitionData: [{ index, records }] }],
          place,
        }
      }),
  ),
  ...Array.from(
    { length: 3 },
    () => () =>
      step(messages.endTxnApi, 0, 5, (_, __, producerOf) => {
        const id = transactionalId()
        return { transactionalId: id, ...maybeOther(producerOf(id)), committed: one(true, false) }
      }),
  ),
]

const other = ({ producerId, producerEpoch }: Producer): Producer =>
  one({ producerId, producerEpoch: producerEpoch + one(1, -1) }, { producerId: producerId + 1000, producerEpoch })

const maybeOther = (producer: Producer): Producer => one(producer, producer, producer, producer, other(producer))

/** A write of a transactional producer. */
export interface Written {
  readonly place: string
  readonly topicData: readonly { readonly partitionData: readonly { readonly records: Uint8Array }[] }[]
}

/** Records a write of the producer. */
export function goOn({ place, topicData }: Written): void {
  const { records } = topicData[0]!.partitionData[0]!
  if (!verifyBatch(records, 0)) return
  const { baseSequence, recordCount } = readBatchHeader(records, 0)
  sequences.set(place, baseSequence + recordCount)
}

/** Records a new epoch of the producer. */
export function startAnew(transactionalId: string): void {
  for (const place of sequences.keys()) if (place.startsWith(transactionalId)) sequences.delete(place)
}

/** The next request. */
export function nextStep(): Step {
  return one(...makers)()
}
