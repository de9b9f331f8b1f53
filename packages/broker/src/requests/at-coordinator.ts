// In a cluster of several brokers, requests for a group or a transactional id must go to its coordinator. The other brokers answer with
// NOT_COORDINATOR.
import { type Api, errorCodes } from '@kasper/protocol'
import * as messages from '@kasper/protocol/messages'
import { findLog } from './apis/topic-lookup.ts'
import type { RequestContext, ServedApi } from './served-api.ts'

/** A request, a response, or a structure inside one. */
type Struct = Readonly<Record<string, unknown>>
type Handle = (request: Struct) => unknown
/** Handles the parts of a request that this broker coordinates, and refuses the others. */
type Rule = (request: Struct, context: RequestContext, handle: Handle) => unknown

interface Topics {
  readonly name: string
  readonly partitions: readonly { readonly partitionIndex: number }[]
}

const refusal = { errorCode: errorCodes.NOT_COORDINATOR }

/** Adds the check of the coordinator to an API. */
export function atCoordinator(served: ServedApi): ServedApi {
  const rule = rules.get(served.api)
  if (rule === undefined) return served
  return {
    ...served,
    handle: (request, context) =>
      context.broker.layout.nodes.length === 1
        ? served.handle(request, context)
        : rule(request as Struct, context, (part) => served.handle(part, context)),
  }
}

function isHere(id: unknown, { broker, nodeId }: RequestContext): boolean {
  return broker.layout.coordinator(id as string).id === nodeId
}

/** For requests about one group or one transactional id. An empty id is passed on, because the handler refuses it. */
function forOneId(idField: string, refuse: (request: Struct, context: RequestContext) => object = () => refusal): Rule {
  return (request, context, handle) => {
    const id = request[idField] ?? ''
    return id === '' || isHere(id, context) ? handle(request) : refuse(request, context)
  }
}

/** For requests with a list of groups. The response has a list of answers in the same order. */
function forList(
  asked: string,
  answered: string,
  idOf: (element: unknown) => unknown,
  refuse: (element: unknown) => object,
): Rule {
  return (request, context, handle) => {
    const elements = (request[asked] ?? []) as readonly unknown[]
    const here = elements.filter((element) => isHere(idOf(element), context))
    if (here.length === elements.length) return handle(request)
    const answer = here.length === 0 ? { [answered]: [] } : handle({ ...request, [asked]: here })
    return mapAnswer(answer, (response) => {
      const own = [...(response[answered] as readonly object[])]
      const all = elements.map((element) => (isHere(idOf(element), context) ? own.shift()! : refuse(element)))
      return { ...response, [answered]: all }
    })
  }
}

/** For responses with a list of all groups. Each broker lists only its own. */
function forOwnGroups(answered: string, idField: string): Rule {
  return (request, context, handle) =>
    mapAnswer(handle(request), (response) => {
      const list = (response[answered] ?? []) as readonly Struct[]
      return { ...response, [answered]: list.filter((element) => isHere(element[idField], context)) }
    })
}

function mapAnswer(answer: unknown, then: (response: Struct) => object): unknown {
  return answer instanceof Promise ? answer.then((response) => then(response as Struct)) : then(answer as Struct)
}

/** Refuses each partition of OffsetCommit or TxnOffsetCommit. An unknown partition gets the same error from every broker. */
function refuseOffsets({ topics }: Struct, { broker }: RequestContext): object {
  return {
    topics: (topics as readonly Topics[]).map((topic) => ({
      ...topic,
      partitions: topic.partitions.map(({ partitionIndex }) => {
        const log = findLog(broker.topics.get(topic.name), partitionIndex)
        return { partitionIndex, errorCode: typeof log === 'number' ? log : errorCodes.NOT_COORDINATOR }
      }),
    })),
  }
}

function refusePartitions(request: Struct): object {
  const topics = request['v3AndBelowTopics'] as readonly { readonly name: string; readonly partitions: readonly number[] }[]
  return {
    resultsByTopicV3AndBelow: topics.map(({ name, partitions }) => ({
      name,
      resultsByPartition: partitions.map((partitionIndex) => ({
        partitionIndex,
        partitionErrorCode: errorCodes.NOT_COORDINATOR,
      })),
    })),
  }
}

/** Refuses OffsetFetch 1, which has error codes only for partitions. */
function refuseOffsetsFetched({ topics }: Struct): object {
  const asked = topics as readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[]
  return {
    topics: asked.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        committedOffset: -1,
        metadata: '',
        ...refusal,
      })),
    })),
  }
}

const groupIdOf = (element: unknown): unknown => (typeof element === 'string' ? element : (element as Struct)['groupId'])
const refuseGroup = (element: unknown): object => ({ groupId: groupIdOf(element), ...refusal })
const refuseDescription = (element: unknown): object => ({ groupId: element, errorMessage: null, ...refusal })

const fetchOffsets = forOneId('groupId', (request, { version }) => (version < 2 ? refuseOffsetsFetched(request) : refusal))
const fetchOffsetsOfGroups = forList('groups', 'groups', groupIdOf, refuseGroup)
const addPartitions = forOneId('v3AndBelowTransactionalId', refusePartitions)

const rules: ReadonlyMap<Api, Rule> = new Map<unknown, Rule>([
  [
    messages.joinGroupApi,
    forOneId('groupId', (_, { version }) => ({
      ...refusal,
      generationId: -1,
      protocolName: version >= 7 ? null : '',
      leader: '',
      memberId: '',
    })),
  ],
  [messages.syncGroupApi, forOneId('groupId')],
  [messages.heartbeatApi, forOneId('groupId')],
  [messages.leaveGroupApi, forOneId('groupId')],
  [messages.offsetCommitApi, forOneId('groupId', refuseOffsets)],
  [
    messages.offsetFetchApi,
    (request, context, handle) => (context.version < 8 ? fetchOffsets : fetchOffsetsOfGroups)(request, context, handle),
  ],
  [messages.offsetDeleteApi, forOneId('groupId')],
  [messages.describeGroupsApi, forList('groups', 'groups', groupIdOf, refuseDescription)],
  [messages.deleteGroupsApi, forList('groupsNames', 'results', groupIdOf, refuseGroup)],
  [messages.listGroupsApi, forOwnGroups('groups', 'groupId')],
  [messages.consumerGroupHeartbeatApi, forOneId('groupId', () => ({ ...refusal, errorMessage: null, memberId: null }))],
  [messages.consumerGroupDescribeApi, forList('groupIds', 'groups', groupIdOf, refuseDescription)],
  [messages.initProducerIdApi, forOneId('transactionalId', () => ({ ...refusal, producerId: -1, producerEpoch: -1 }))],
  [
    messages.addPartitionsToTxnApi,
    (request, context, handle) => {
      const { topics } = context.broker
      const asked = request['v3AndBelowTopics'] as readonly { readonly name: string; readonly partitions: readonly number[] }[]
      const allExist = asked.every(({ name, partitions }) =>
        partitions.every((partition) => typeof findLog(topics.get(name), partition) !== 'number'),
      )
      // If a partition is unknown, the handler refuses the whole request, as on every other broker.
      return allExist ? addPartitions(request, context, handle) : handle(request)
    },
  ],
  [messages.addOffsetsToTxnApi, forOneId('transactionalId')],
  [messages.txnOffsetCommitApi, forOneId('groupId', refuseOffsets)],
  [messages.endTxnApi, forOneId('transactionalId', () => ({ ...refusal, producerId: -1, producerEpoch: -1 }))],
]) as ReadonlyMap<Api, Rule>
