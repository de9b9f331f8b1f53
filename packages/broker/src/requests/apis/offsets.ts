// OffsetCommit, OffsetFetch and OffsetDelete.
import { type Draft, errorCodes } from '@kasper/protocol'
import {
  offsetCommitApi,
  type OffsetCommitRequest,
  type OffsetCommitResponse,
  offsetDeleteApi,
  offsetFetchApi,
  type OffsetFetchResponsePartitions,
} from '@kasper/protocol/messages'
import type { Broker } from '../../broker.ts'
import { subscribedTopics } from '../../groups/consumer-group.ts'
import type { CommittedOffset, Group } from '../../groups/group-coordinator.ts'
import type { TopicsByName } from '../../groups/group-topics.ts'
import { checkCommit, checkEpoch } from '../../groups/member-checks.ts'
import { keyOf } from '../../logs/topic.ts'
import { type RequestContext, serve, type ServedApi } from '../served-api.ts'
import { findLog, findTopic } from './topic-lookup.ts'

const MAX_METADATA_BYTES = 4096

export const offsetApis: readonly ServedApi[] = [
  serve(
    offsetCommitApi,
    (request, context) => {
      const { faults } = context.broker
      const place = { groupId: request.groupId }
      const fails = faults.strikes('commit', place)
      const held = faults.heldUp('commit', place)
      return held === undefined ? commit(request, context, fails) : held.then(() => commit(request, context, fails))
    },
    9,
  ),
  serve(
    offsetFetchApi,
    ({ groupId, topics, groups, requireStable }, { broker, version }) => {
      if (version >= 8) {
        return {
          groups: groups.map((group) => {
            const claims = version >= 9 ? checkEpoch(broker.groups.get(group.groupId), group.memberId, group.memberEpoch) : 0
            if (claims !== errorCodes.NONE) return { groupId: group.groupId, errorCode: claims }
            const names = group.topics?.map(({ name, partitionIndexes }) => ({ name, partitionIndexes })) ?? null
            return { groupId: group.groupId, topics: committedOf(group.groupId, names, requireStable, broker) }
          }),
        }
      }
      return {
        topics: committedOf(groupId, topics, requireStable, broker).map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ committedLeaderEpoch, ...rest }) => ({
            ...rest,
            ...(version >= 5 ? { committedLeaderEpoch } : {}),
          })),
        })),
      }
    },
    9,
  ),
  serve(offsetDeleteApi, ({ groupId, topics }, { broker }) => {
    const group = broker.groups.get(groupId)
    if (group === undefined) return { errorCode: errorCodes.GROUP_ID_NOT_FOUND }
    const subscribed = allSubscribedTopics(group, broker.topics)
    return {
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => {
          const log = findLog(broker.topics.get(name), partitionIndex)
          if (typeof log === 'number') return { partitionIndex, errorCode: log }
          if (subscribed === 'all' || subscribed.has(name))
            return { partitionIndex, errorCode: errorCodes.GROUP_SUBSCRIBED_TO_TOPIC }
          broker.groups.deleteOffset(groupId, log)
          return { partitionIndex }
        }),
      })),
    }
  }),
]

function commit(request: OffsetCommitRequest, { broker, version }: RequestContext, fails: boolean): Draft<OffsetCommitResponse> {
  const { groupId, memberId, groupInstanceId: instanceId, generationIdOrMemberEpoch: generation, topics } = request
  const refusal = fails
    ? errorCodes.UNKNOWN_SERVER_ERROR
    : checkCommit(broker.groups.get(groupId), { memberId, instanceId, generation }, version)
  const commits: CommittedOffset[] = []
  const answers = topics.map((wanted) => {
    const topic = findTopic(broker, wanted, version, 10)
    return {
      name: wanted.name,
      topicId: wanted.topicId,
      partitions: wanted.partitions.map(({ partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata }) => {
        const log = findLog(topic, partitionIndex)
        if (typeof log === 'number') return { partitionIndex, errorCode: log }
        if ((committedMetadata?.length ?? 0) > MAX_METADATA_BYTES)
          return { partitionIndex, errorCode: errorCodes.OFFSET_METADATA_TOO_LARGE }
        commits.push({
          topic: log.topic,
          partition: partitionIndex,
          offset: committedOffset,
          leaderEpoch: committedLeaderEpoch,
          metadata: committedMetadata ?? '',
        })
        return { partitionIndex, errorCode: refusal }
      }),
    }
  })
  if (refusal === errorCodes.NONE && commits.length > 0) {
    broker.groups.storeOffsets(groupId, commits)
    broker.groups.heartbeat(groupId, memberId, generation)
  }
  return { topics: answers }
}

interface Answer {
  readonly name: string
  readonly partitions: Draft<OffsetFetchResponsePartitions>[]
}

function committedOf(
  groupId: string,
  wanted: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null,
  requireStable: boolean,
  { groups, transactions }: Broker,
): Answer[] {
  const committed = groups.get(groupId)?.committed ?? new Map<string, CommittedOffset>()
  const topics =
    wanted ??
    [...Map.groupBy(committed.values(), ({ topic }) => topic)].map(([name, offsets]) => ({
      name,
      partitionIndexes: offsets.map(({ partition }) => partition),
    }))
  return topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => {
      const noOffset = { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '' }
      if (requireStable && transactions.hasPendingOffset(groupId, name, partitionIndex))
        return { ...noOffset, errorCode: errorCodes.UNSTABLE_OFFSET_COMMIT }
      const found = committed.get(keyOf({ topic: name, partition: partitionIndex }))
      if (found === undefined) return noOffset
      const { offset, leaderEpoch = -1, metadata = '' } = found
      return { partitionIndex, committedOffset: offset, committedLeaderEpoch: leaderEpoch, metadata }
    }),
  }))
}

/** The topics that members of the group subscribe to. Returns `all` if the broker cannot know them. */
function allSubscribedTopics(group: Group, all: TopicsByName): ReadonlySet<string> | 'all' {
  if (group.classic.members.size > 0) return 'all'
  const topics = new Set<string>()
  for (const member of group.consumer?.members.values() ?? [])
    for (const { name } of subscribedTopics(member, all)) topics.add(name)
  return topics
}
