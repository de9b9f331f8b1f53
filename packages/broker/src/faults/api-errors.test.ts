// Compares the error fields with Kafka's own message definitions, so that a new API cannot be forgotten.
import { readFileSync } from 'node:fs'
import { type Api, errorCodes, Reader, Writer } from '@kasper/protocol'
import { expect, it } from 'vitest'
import { Broker } from '../broker.ts'
import { VirtualClock } from '@kasper/testing'
import type { RequestContext, ServedApi } from '../requests/served-api.ts'
import { servedApis } from '../requests/served-apis.ts'
import { answer } from '../requests/fault-answers.ts'
import { type FaultApi, type ErrorList, apiErrors, scopesOf } from './api-errors.ts'

interface Field {
  readonly name: string
  readonly type: string
  readonly versions: string
  readonly nullableVersions?: string
  readonly entityType?: string
  readonly tag?: number
  readonly fields?: readonly Field[]
}

interface Message {
  readonly apiKey?: number
  readonly type: string
  readonly fields: readonly Field[]
  readonly commonStructs?: readonly { readonly name: string; readonly fields: readonly Field[] }[]
}

type Struct = Record<string, unknown>

const schema = new URL('../../../protocol/schema/kafka-4.1.0.json', import.meta.url)
const { messages } = JSON.parse(readFileSync(schema, 'utf8')) as { messages: readonly Message[] }
const definitionOf = (key: number, type: string): Message => messages.find((one) => one.apiKey === key && one.type === type)!

const broker = new Broker(new VirtualClock())
const contextOf = (version: number): RequestContext => ({
  broker,
  nodeId: 1,
  version,
  clientId: '',
  clientHost: '',
  requestNumber: 0,
})

const nameOf = ({ name }: Field): string => name[0]!.toLowerCase() + name.slice(1)
const has = ({ versions }: Field, version: number): boolean => inRange(versions, version)

function inRange(range: string, version: number): boolean {
  const [from, to] = range.split(/[-+]/) as [string, string | undefined]
  return version >= Number(from) && (to === '' || version <= Number(to ?? from))
}

function fieldsOf(message: Message, field: Field): readonly Field[] | undefined {
  const type = field.type.replace('[]', '')
  return field.fields ?? message.commonStructs?.find(({ name }) => name === type)?.fields
}

/** A request with two elements in every list. All elements have different names. */
function sample(message: Message, fields: readonly Field[], version: number, path: string): Struct {
  const value: Struct = {}
  for (const field of fields) {
    if (!has(field, version) || field.tag !== undefined) continue
    const at = `${path}${field.name}`
    if (field.type.startsWith('[]')) value[nameOf(field)] = [0, 1].map((i) => single(message, field, version, `${at}${i}`))
    else value[nameOf(field)] = single(message, field, version, at)
  }
  return value
}

function single(message: Message, field: Field, version: number, path: string): unknown {
  const fields = fieldsOf(message, field)
  if (fields !== undefined) return sample(message, fields, version, path)
  const type = field.type.replace('[]', '')
  if (type === 'string') return path
  if (type === 'uuid') return `${btoa(path).replaceAll(/[^a-z]/gi, '')}aaaaaaaaaaaaaaaaaaaaaaaa`.slice(0, 21) + 'A'
  if (type === 'bool') return false
  if (type === 'bytes' || type === 'records') return new Uint8Array(0)
  // A producer that expects an answer.
  if (field.name === 'Acks') return -1
  return path.endsWith('1') ? 1 : 0
}

/** All error codes of a decoded message, with their paths. */
function codesOf(value: unknown, path: string = ''): [path: string, code: number][] {
  if (Array.isArray(value)) return value.flatMap((element) => codesOf(element, `${path}[]`))
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return Object.entries(value).flatMap(([name, inner]): [string, number][] =>
    /errorCode$/i.test(name) ? [[`${path}.${name}`, inner as number]] : codesOf(inner, `${path}.${name}`),
  )
}

/** The names in a request's list, and the number of elements that can fail. */
function askedOf({ requestList, key, nested, canFail }: ErrorList, holder: Struct): { names: unknown[]; count: number } {
  const elements = (holder[requestList] ?? []) as readonly (string | number | Struct)[]
  const names = elements.map((element) => (typeof element === 'object' ? element[key] || element['topicId'] : element))
  const inner = nested === undefined || canFail ? undefined : elements.map((element) => askedOf(nested, element as Struct).count)
  return { names, count: inner?.reduce((sum, count) => sum + count, 0) ?? elements.length }
}

const notToBeCalled = (api: Api): ServedApi => ({
  api,
  maxVersion: api.maxVersion,
  handle: () => {
    throw new Error(`${api.name} was carried out`)
  },
})

it('has an entry for every served API, and no other', () => {
  expect(new Set(Object.keys(apiErrors))).toEqual(new Set([...servedApis.values()].map(({ api }) => api.name)))
})

const served = [...servedApis.values()].map(({ api, maxVersion }) => ({ name: api.name as FaultApi, api, maxVersion }))

it.each(served.filter(({ name }) => apiErrors[name].handledByApi !== true))(
  'refuses $name in every version, as a whole and without executing it',
  async ({ name, api, maxVersion }) => {
    const definition = definitionOf(api.key, 'request')
    for (let version = api.minVersion; version <= maxVersion; version++) {
      broker.faults.clear()
      broker.faults.add({ kind: 'error', scope: {}, after: 0, times: 1, errorCode: errorCodes.NOT_COORDINATOR })
      const writer = new Writer()
      api.writeRequest(writer, sample(definition, definition.fields, version, ''), version)
      const request = api.readRequest(new Reader(writer.take()), version) as Struct
      const refused = await answer(notToBeCalled(api), request, contextOf(version))
      api.writeResponse(writer, refused, version)
      const response = api.readResponse(new Reader(writer.take()), version) as Struct

      const failed = codesOf(response).filter(([, code]) => code === errorCodes.NOT_COORDINATOR)
      if (failed.length === 1 && failed[0]![0] === '.errorCode') continue
      const asked = (apiErrors[name].lists ?? []).map((list) => ({ list, ...askedOf(list, request) }))
      const count = asked.reduce((sum, one) => sum + one.count, 0)
      expect([count > 1, failed.length], `${name} ${version}`).toEqual([true, count])
      for (const { list, names } of asked.filter((one) => one.count > 0)) {
        const answered = response[list.responseList] as readonly Struct[]
        expect(answered.map((one) => one[list.key] || one['topicId'])).toEqual(names)
      }
    }
  },
)

it.each(served)('limits faults for $name by the topics, groups and transactions in its requests', ({ name, api }) => {
  const definition = definitionOf(api.key, 'request')
  const found = new Set<string>()
  const look = (fields: readonly Field[]): void => {
    for (const field of fields) {
      const scope = { topicName: 'topic', groupId: 'groupId', transactionalId: 'transactionalId' }[field.entityType ?? '']
      if (scope !== undefined) found.add(scope)
      look(fieldsOf(definition, field) ?? [])
    }
  }
  look(definition.fields)
  // The definitions do not say what these fields name.
  if (name === 'FindCoordinator') found.add('groupId').add('transactionalId')
  if (name.endsWith('Configs')) found.add('topic')
  // A member of a consumer group sends its subscription and its partitions; the answer has one error for all of them.
  if (name === 'ConsumerGroupHeartbeat') found.delete('topic')
  if (name === 'CreateTopics') found.add('topic')
  const scopes = new Set(scopesOf(apiErrors[name]))
  scopes.delete('partition')
  expect(scopes).toEqual(found)
})
