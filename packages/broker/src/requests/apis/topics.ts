// CreateTopics, DeleteTopics, CreatePartitions and DeleteRecords.
import { hasCode, type NewTopic } from '@kasper/core'
import { type Draft, errorCodes, ZERO_UUID } from '@kasper/protocol'
import {
  type CreatableTopic,
  type CreatableTopicResult,
  createPartitionsApi,
  type CreatePartitionsTopic,
  createTopicsApi,
  deleteRecordsApi,
  deleteTopicsApi,
} from '@kasper/protocol/messages'
import type { BrokerLayout } from '../../broker-layout.ts'
import type { Broker } from '../../broker.ts'
import { configEntries, configError } from '../../logs/topic-configs.ts'
import { isTopicName, newTopic } from '../../logs/topic.ts'
import { type RequestContext, serve, type ServedApi } from '../served-api.ts'
import { checkLeader } from './leaders.ts'
import { findLog } from './topic-lookup.ts'

/** A limit that only a mistake exceeds. */
const MAX_PARTITIONS = 10_000

interface Failure {
  readonly errorCode: number
  readonly errorMessage: string
}

export const topicApis: readonly ServedApi[] = [
  serve(createTopicsApi, ({ topics, validateOnly }, context) => {
    const names = topics.map(({ name }) => name)
    const twice = new Set(names.filter((name, i) => names.indexOf(name) < i))
    const once = topics.filter(({ name }) => !twice.has(name))
    const refused = [...twice].map((name) => ({
      name,
      errorCode: errorCodes.INVALID_REQUEST,
      errorMessage: 'Duplicate topic name.',
      numPartitions: -1,
      replicationFactor: -1,
    }))
    return { topics: [...refused, ...once.map((topic) => create(topic, validateOnly, context))] }
  }),
  serve(deleteTopicsApi, ({ topics, topicNames }, { broker, version }) => {
    const wanted = version >= 6 ? topics : topicNames.map((name) => ({ name, topicId: ZERO_UUID }))
    return {
      responses: wanted.map(({ name, topicId }) => {
        if (name !== null && topicId !== ZERO_UUID) return { name, topicId, errorCode: errorCodes.INVALID_REQUEST }
        const topic = name === null ? broker.topicsById.get(topicId) : broker.topics.get(name)
        if (topic === undefined) {
          const errorCode = name === null ? errorCodes.UNKNOWN_TOPIC_ID : errorCodes.UNKNOWN_TOPIC_OR_PARTITION
          return { name, topicId, errorCode, errorMessage: version >= 5 ? 'This server does not host this topic.' : null }
        }
        broker.deleteTopic(topic)
        return { name: topic.name, topicId: topic.id, errorMessage: null }
      }),
    }
  }),
  serve(createPartitionsApi, ({ topics, validateOnly }, { broker }) => ({
    results: topics.map((topic) => ({ name: topic.name, errorMessage: null, ...addPartitions(topic, validateOnly, broker) })),
  })),
  serve(deleteRecordsApi, ({ topics }, context) => ({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, offset }) => {
        const { broker } = context
        const topic = broker.topics.get(name)
        const log = findLog(topic, partitionIndex)
        if (typeof log === 'number') return { partitionIndex, errorCode: log, lowWatermark: -1 }
        const leaderError = checkLeader(context, log)
        if (leaderError !== errorCodes.NONE) return { partitionIndex, errorCode: leaderError, lowWatermark: -1 }
        if (topic!.compacted && !topic!.deletes)
          return { partitionIndex, errorCode: errorCodes.POLICY_VIOLATION, lowWatermark: -1 }
        const before = offset === -1 ? log.highWatermark : offset
        if (before < 0 || before > log.highWatermark)
          return { partitionIndex, errorCode: errorCodes.OFFSET_OUT_OF_RANGE, lowWatermark: -1 }
        log.deleteBefore(before)
        return { partitionIndex, lowWatermark: log.startOffset }
      }),
    })),
  })),
]

function create(topic: CreatableTopic, validateOnly: boolean, { broker, version }: RequestContext): Draft<CreatableTopicResult> {
  const { name } = topic
  const failed = ({ errorCode, errorMessage }: Failure): Draft<CreatableTopicResult> => ({
    name,
    errorCode,
    errorMessage,
    numPartitions: -1,
    replicationFactor: -1,
  })
  if (!isTopicName(name)) {
    const errorMessage = `Topic name '${name}' is illegal: up to 249 of a-z A-Z 0-9 . _ - are allowed`
    return failed({ errorCode: errorCodes.INVALID_TOPIC_EXCEPTION, errorMessage })
  }
  if (broker.topics.has(name))
    return failed({ errorCode: errorCodes.TOPIC_ALREADY_EXISTS, errorMessage: `Topic '${name}' already exists.` })
  const colliding = [...broker.topics.keys()].find((other) => other.replaceAll('.', '_') === name.replaceAll('.', '_'))
  if (colliding !== undefined) {
    const errorMessage = `Topic '${name}' collides with existing topic: ${colliding}`
    return failed({ errorCode: errorCodes.INVALID_TOPIC_EXCEPTION, errorMessage })
  }
  const { layout } = broker
  const wanted = settingsOf(topic, layout)
  if ('errorCode' in wanted) return failed(wanted)
  try {
    if (validateOnly) newTopic(wanted, undefined, layout.nodes.length)
    else broker.createTopics([wanted])
  } catch (error) {
    if (!hasCode(error, 'CONFIG_INVALID')) throw error
    return failed({ errorCode: errorCodes.INVALID_CONFIG, errorMessage: error.message })
  }
  const created = broker.topics.get(name)
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    const log = created?.logs[partitionIndex]
    if (log !== undefined) layout.assignReplicas(log, brokerIds)
  }
  return {
    name,
    topicId: created?.id ?? ZERO_UUID,
    errorMessage: null,
    numPartitions: wanted.partitions ?? 1,
    replicationFactor: wanted.replicationFactor ?? layout.defaultReplication,
    configs: version < 5 ? [] : configEntries(new Map(Object.entries(wanted.config ?? {}))),
  }
}

/** The topic to create, or why it cannot be created. */
function settingsOf(
  { name, numPartitions, replicationFactor, assignments, configs }: CreatableTopic,
  layout: BrokerLayout,
): NewTopic | Failure {
  for (const { name: key, value } of configs) {
    const problem = configError(key, value)
    if (problem !== undefined) return { errorCode: errorCodes.INVALID_CONFIG, errorMessage: problem }
  }
  const config = Object.fromEntries(configs.map(({ name: key, value }) => [key, value!]))
  if (assignments.length > 0) {
    if (numPartitions !== -1 || replicationFactor !== -1) {
      const errorMessage = 'Both partitions or replicas and an assignment were given.'
      return { errorCode: errorCodes.INVALID_REQUEST, errorMessage }
    }
    const problem = assignmentError(
      assignments.map(({ brokerIds }) => brokerIds),
      layout,
    )
    const numbers = assignments.map(({ partitionIndex }) => partitionIndex).sort((a, b) => a - b)
    if (problem !== undefined || numbers.some((number, i) => number !== i)) {
      const errorMessage = problem ?? 'partitions should be a consecutive 0-based integer sequence'
      return { errorCode: errorCodes.INVALID_REPLICA_ASSIGNMENT, errorMessage }
    }
    return { name, partitions: assignments.length, replicationFactor: assignments[0]!.brokerIds.length, config }
  }
  if (replicationFactor < -1 || replicationFactor === 0) return replicationError(replicationFactor, layout)
  if (numPartitions !== -1 && (numPartitions < 1 || numPartitions > MAX_PARTITIONS)) {
    const errorMessage = `Number of partitions was set to an invalid value: ${numPartitions}, where 1 to ${MAX_PARTITIONS} are possible.`
    return { errorCode: errorCodes.INVALID_PARTITIONS, errorMessage }
  }
  if (replicationFactor > layout.nodes.length) return replicationError(replicationFactor, layout)
  const partitions = numPartitions === -1 ? 1 : numPartitions
  return { name, partitions, replicationFactor: replicationFactor === -1 ? undefined : replicationFactor, config }
}

function replicationError(wanted: number, { nodes }: BrokerLayout): Failure {
  const errorMessage =
    wanted < 1
      ? 'Replication factor must be larger than 0.'
      : `Unable to replicate the partition ${wanted} time(s): The target replication factor of ${wanted} cannot be reached because only ${nodes.length} broker(s) are registered.`
  return { errorCode: errorCodes.INVALID_REPLICATION_FACTOR, errorMessage }
}

/** The error in a replica assignment; `undefined` if it is valid. */
function assignmentError(
  replicas: readonly (readonly number[])[],
  { nodes }: BrokerLayout,
  replicationFactor: number = replicas[0]?.length ?? 0,
): string | undefined {
  for (const ids of replicas) {
    if (ids.length === 0) return 'The manual partition assignment includes an empty replica list.'
    if (new Set(ids).size < ids.length)
      return `The manual partition assignment includes the broker ${ids.find((id, i) => ids.indexOf(id) < i)} more than once.`
    const unknown = ids.find((id) => !nodes.some((node) => node.id === id))
    if (unknown !== undefined)
      return `The manual partition assignment includes broker ${unknown}, but no such broker is registered.`
    if (ids.length !== replicationFactor) {
      return (
        `The manual partition assignment includes a partition with ${ids.length} replica(s), but this is not consistent with ` +
        `previous partitions, which have ${replicationFactor} replica(s).`
      )
    }
  }
  return undefined
}

function addPartitions(
  { name, count, assignments }: CreatePartitionsTopic,
  validateOnly: boolean,
  broker: Broker,
): Failure | undefined {
  const topic = broker.topics.get(name)
  if (topic === undefined)
    return { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: `This server does not host topic ${name}.` }
  const { length } = topic.logs
  if (count <= length || count > MAX_PARTITIONS) {
    const errorMessage = `The topic ${name} has ${length} partition(s). ${count} is not an increase, or exceeds ${MAX_PARTITIONS}.`
    return { errorCode: errorCodes.INVALID_PARTITIONS, errorMessage }
  }
  const problem =
    assignments === null
      ? undefined
      : assignments.length === count - length
        ? assignmentError(
            assignments.map(({ brokerIds }) => brokerIds),
            broker.layout,
            broker.layout.replicationFactor(name),
          )
        : `Attempted to add ${count - length} additional partition(s), but ${assignments.length} assignment(s) were specified.`
  if (problem !== undefined) return { errorCode: errorCodes.INVALID_REPLICA_ASSIGNMENT, errorMessage: problem }
  if (!validateOnly) {
    broker.addPartitions(topic, count)
    for (const [i, { brokerIds }] of (assignments ?? []).entries())
      broker.layout.assignReplicas(topic.logs[length + i]!, brokerIds)
  }
  return undefined
}
