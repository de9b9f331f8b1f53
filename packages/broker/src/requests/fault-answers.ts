// Applies faults to requests. The failing parts of a request are refused without execution. The other parts are executed.
import { errorCodes, ZERO_UUID } from '@kasper/protocol'
import { metadataApi, produceApi } from '@kasper/protocol/messages'
import type { Broker } from '../broker.ts'
import { type ErrorList, type ApiErrors, apiErrorsOf } from '../faults/api-errors.ts'
import type { FaultScope } from '../faults/fault-state.ts'
import { canApplyToGroup, RequestFaults } from './request-faults.ts'
import type { RequestContext, ServedApi } from './served-api.ts'
import { UnansweredError } from './unanswered-error.ts'

/** A request, a response, or a structure inside one. */
type Struct = Readonly<Record<string, unknown>>
/** An element of a request's list. */
type Element = string | number | Struct

const TRANSACTION = 1
const TOPIC_RESOURCE = 2

/**
 * Answers a request, under the active faults if there are any. Throws or rejects with {@link UnansweredError} if the client has to lose
 * the connection.
 */
export function answer(served: ServedApi, asked: unknown, context: RequestContext): unknown {
  const areFaults = context.broker.faults.forRequests.size > 0
  return areFaults ? answerUnderFaults(served, asked, context) : served.handle(asked, context)
}

async function answerUnderFaults(served: ServedApi, asked: unknown, context: RequestContext): Promise<unknown> {
  const { broker } = context
  const request = asked as Struct
  const errors = apiErrorsOf(served.api.name) ?? {}
  const faults = new RequestFaults(broker, scopeOf(served.api.name, errors, request, context))
  const whole = faults.at({}, (errorCode) => isForWhole(errorCode, errors, context.version))
  let response: unknown
  if (whole !== undefined) response = { ...copy(request, errors.copiedFields ?? []), ...errors.failedFields, errorCode: whole }
  else if (errors.handledByApi === true) response = await answerInHandler(served, request, context, faults)
  else response = await answerParts(served, errors, withAllTopics(served, request, context), context, faults)
  await faults.delay()
  if (faults.loses('lost-response')) throw new UnansweredError()
  return response
}

/** For handlers that ask for faults themselves. If the request is lost, the handler may have run, but its effects can be repeated. */
async function answerInHandler(
  served: ServedApi,
  request: Struct,
  context: RequestContext,
  faults: RequestFaults,
): Promise<unknown> {
  const answered = served.handle(request, { ...context, faults })
  if (faults.loses('lost-request')) throw new UnansweredError()
  return await answered
}

async function answerParts(
  served: ServedApi,
  { lists = [] }: ApiErrors,
  request: Struct,
  context: RequestContext,
  faults: RequestFaults,
): Promise<unknown> {
  const rest: Record<string, unknown> = { ...request }
  const refusals: [ErrorList, readonly Struct[]][] = []
  let kept = 0
  for (const list of lists) {
    const divided = separate(listFor(list, request), elementsOf(request, list.requestList), {}, context.broker, faults)
    kept += divided.kept.length
    if (divided.refused.length === 0) continue
    rest[list.requestList] = divided.kept
    refusals.push([list, divided.refused])
  }
  if (faults.loses('lost-request')) throw new UnansweredError()
  if (refusals.length === 0) return await served.handle(request, context)
  // A client that expects no answer learns of an error when it loses the connection.
  const expectsNoAnswer = served.api === produceApi && request['acks'] === 0
  const answered = kept === 0 ? {} : await served.handle(rest, context)
  if (expectsNoAnswer) throw new UnansweredError()
  const response: Record<string, unknown> = { ...(answered as Struct) }
  for (const [list, refused] of refusals)
    response[list.responseList] = merge(list, elementsOf(response, list.responseList), refused)
  return response
}

/** Separates the elements that fail, as answers, from those that do not. */
function separate(
  list: ErrorList,
  elements: readonly Element[],
  at: FaultScope,
  broker: Broker,
  faults: RequestFaults,
): { readonly kept: Element[]; readonly refused: Struct[] } {
  const { nested, canFail, failedFields, errorField } = list
  const kept: Element[] = []
  const refused: Struct[] = []
  for (const element of elements) {
    const place = { ...at, ...elementScope(list, element, broker) }
    const errorCode = faults.at(place, (code) => canFail && (nested === undefined || canApplyToGroup(code)))
    if (errorCode !== undefined) {
      refused.push({ ...nameOf(list, element), ...failedFields, [errorField]: errorCode })
      continue
    }
    const inner = nested && separate(nested, elementsOf(element as Struct, nested.requestList), place, broker, faults)
    if (inner === undefined || inner.refused.length === 0) {
      kept.push(element)
      continue
    }
    refused.push({ ...nameOf(list, element), [nested!.responseList]: inner.refused })
    if (inner.kept.length > 0) kept.push({ ...(element as Struct), [nested!.requestList]: inner.kept })
  }
  return { kept, refused }
}

/** Adds the failed elements to the answers of the others. */
function merge(list: ErrorList, answered: readonly Element[], refused: readonly Struct[]): Struct[] {
  const { nested, key } = list
  const merged = [...answered] as Struct[]
  for (const one of refused) {
    const at = merged.findIndex((other) => other[key] === one[key] && other['topicId'] === one['topicId'])
    if (nested === undefined || at < 0) merged.push(one)
    else {
      const inner = merge(nested, elementsOf(merged[at]!, nested.responseList), elementsOf(one, nested.responseList) as Struct[])
      merged[at] = { ...merged[at], [nested.responseList]: inner }
    }
  }
  return merged
}

/** The scope of the whole request. */
function scopeOf(
  api: string,
  { groupId, transactionalId }: ApiErrors,
  request: Struct,
  { clientId, version }: RequestContext,
): FaultScope {
  return {
    api,
    clientId,
    ...(groupId === undefined ? {} : { groupId: request[groupId] as string }),
    ...(transactionalId === undefined ? {} : { transactionalId: request[transactionalId] as string }),
    // Versions before 4 ask for one coordinator.
    ...('keyType' in request && version < 4 ? { [coordinatorOf(request)]: request['key'] as string } : {}),
  }
}

/** Whether this version reports this error once for the whole request. */
function isForWhole(errorCode: number, { whole, wholeCodes, lists }: ApiErrors, version: number): boolean {
  if (whole === undefined || version < whole[0] || version > whole[1]) return false
  if (wholeCodes !== undefined) return wholeCodes.some((name) => errorCodes[name] === errorCode)
  return lists === undefined || canApplyToGroup(errorCode)
}

/** The scope of one element. */
function elementScope({ of, key }: ErrorList, element: Element, broker: Broker): FaultScope {
  const value = typeof element === 'object' ? element[key] : element
  if (of === 'topic') return { topic: (value as string | null) || topicOfId(element, broker) }
  if (of === 'resource') return (element as Struct)['resourceType'] === TOPIC_RESOURCE ? { topic: value as string } : {}
  return { [of]: value }
}

function coordinatorOf(request: Struct): 'groupId' | 'transactionalId' {
  return request['keyType'] === TRANSACTION ? 'transactionalId' : 'groupId'
}

/** The list with its kind of elements, which for FindCoordinator depends on the request. */
function listFor(list: ErrorList, request: Struct): ErrorList {
  return list.of === 'coordinator' ? { ...list, of: coordinatorOf(request) } : list
}

function topicOfId(element: Element, broker: Broker): string | undefined {
  return broker.topicsById.get((element as Struct)['topicId'] as string)?.name
}

/** The fields that identify an element in the answer. */
function nameOf({ key }: ErrorList, element: Element): Struct {
  return typeof element === 'object' ? copy(element, [key, 'topicId', 'resourceType']) : { [key]: element }
}

function copy(from: Struct, fields: readonly string[]): Struct {
  return Object.fromEntries(fields.filter((field) => field in from).map((field) => [field, from[field]]))
}

function elementsOf(holder: Struct, name: string): readonly Element[] {
  return (holder[name] ?? []) as readonly Element[]
}

/** Replaces a request for all topics by one that names each topic, so that each of them can fail. */
function withAllTopics({ api }: ServedApi, request: Struct, { version, broker }: RequestContext): Struct {
  const { topics } = request as { readonly topics?: readonly unknown[] | null }
  if (api !== metadataApi || !(topics === null || (version === 0 && topics?.length === 0))) return request
  return { ...request, topics: [...broker.topics.keys()].map((name) => ({ name, topicId: ZERO_UUID })) }
}
