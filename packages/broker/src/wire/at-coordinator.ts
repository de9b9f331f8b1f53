// Where there are several brokers, each group and each transactional id has one that it has to ask; the others send it away.
import { type Api, errorCodes } from '@kasper/protocol'
import * as messages from '@kasper/protocol/messages'
import type { RequestContext, ServedApi } from './served-api.ts'
import { findLog } from './apis/topic-lookup.ts'

/** A request, a response, or a part of one. */
type Struct = Readonly<Record<string, unknown>>
type Handle = (request: Struct) => unknown
/** Answers a request, as far as this broker is the one to ask. */
type Rule = (request: Struct, context: RequestContext, handle: Handle) => unknown

interface Topics {
  readonly name: string
  readonly partitions: readonly { readonly partitionIndex: number }[]
}

const refusal = { errorCode: errorCodes.NOT_COORDINATOR }

/** The same API, for clusters of several brokers as well. */
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

/** All of the request is for one group or one transactional id; what is empty is refused for that, by whomever. */
function whole(idField: string, refuse: (request: Struct, context: RequestContext) => object = () => refusal): Rule {
  return (request, context, handle) => {
    const id = request[idField] ?? ''
    return id === '' || isHere(id, context) ? handle(request) : refuse(request, context)
  }
}

/** The request has a list of groups, and the response one of answers in the same order. */
function each(asked: string, answered: string, idOf: (element: unknown) => unknown, refuse: (element: unknown) => object): Rule {
  return (request, context, handle) => {
    const elements = (request[asked] ?? []) as readonly unknown[]
    const here = elements.filter((element) => isHere(idOf(element), context))
    if (here.length === elements.length) return handle(request)
    const answer = here.length === 0 ? { [answered]: [] } : handle({ ...request, [asked]: here })
    return whenThere(answer, (response) => {
      const own = [...(response[answered] as readonly object[])]
      const all = elements.map((element) => (isHere(idOf(element), context) ? own.shift()! : refuse(element)))
      return { ...response, [answered]: all }
    })
  }
}

/** The response has a list of everything that there is; each broker tells of its own. */
function own(answered: string, idField: string): Rule {
  return (request, context, handle) =>
    whenThere(handle(request), (response) => {
      const list = (response[answered] ?? []) as readonly Struct[]
      return { ...response, [answered]: list.filter((element) => isHere(element[idField], context)) }
    })
}

function whenThere(answer: unknown, then: (response: Struct) => object): unknown {
  return answer instanceof Promise ? answer.then((response) => then(response as Struct)) : then(answer as Struct)
}

/** Each partition is answered by itself; that one does not exist is the same everywhere. */
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

/** Of version 1, which has no error code but those of partitions. */
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

const fetchOffsets = whole('groupId', (request, { version }) => (version < 2 ? refuseOffsetsFetched(request) : refusal))
const fetchOffsetsOfGroups = each('groups', 'groups', groupIdOf, refuseGroup)
const addPartitions = whole('v3AndBelowTransactionalId', refusePartitions)

const rules: ReadonlyMap<Api, Rule> = new Map<unknown, Rule>([
  [
    messages.joinGroupApi,
    whole('groupId', (_, { version }) => ({
      ...refusal,
      generationId: -1,
      protocolName: version >= 7 ? null : '',
      leader: '',
      memberId: '',
    })),
  ],
  [messages.syncGroupApi, whole('groupId')],
  [messages.heartbeatApi, whole('groupId')],
  [messages.leaveGroupApi, whole('groupId')],
  [messages.offsetCommitApi, whole('groupId', refuseOffsets)],
  [
    messages.offsetFetchApi,
    (request, context, handle) => (context.version < 8 ? fetchOffsets : fetchOffsetsOfGroups)(request, context, handle),
  ],
  [messages.offsetDeleteApi, whole('groupId')],
  [messages.describeGroupsApi, each('groups', 'groups', groupIdOf, refuseDescription)],
  [messages.deleteGroupsApi, each('groupsNames', 'results', groupIdOf, refuseGroup)],
  [messages.listGroupsApi, own('groups', 'groupId')],
  [messages.consumerGroupHeartbeatApi, whole('groupId', () => ({ ...refusal, errorMessage: null, memberId: null }))],
  [messages.consumerGroupDescribeApi, each('groupIds', 'groups', groupIdOf, refuseDescription)],
  [messages.initProducerIdApi, whole('transactionalId', () => ({ ...refusal, producerId: -1, producerEpoch: -1 }))],
  [
    messages.addPartitionsToTxnApi,
    (request, context, handle) => {
      const { topics } = context.broker
      const asked = request['v3AndBelowTopics'] as readonly { readonly name: string; readonly partitions: readonly number[] }[]
      const known = asked.every(({ name, partitions }) =>
        partitions.every((partition) => typeof findLog(topics.get(name), partition) !== 'number'),
      )
      // That a partition does not exist is the same everywhere, and then nothing is done.
      return known ? addPartitions(request, context, handle) : handle(request)
    },
  ],
  [messages.addOffsetsToTxnApi, whole('transactionalId')],
  [messages.txnOffsetCommitApi, whole('groupId', refuseOffsets)],
  [messages.endTxnApi, whole('transactionalId', () => ({ ...refusal, producerId: -1, producerEpoch: -1 }))],
]) as ReadonlyMap<Api, Rule>
