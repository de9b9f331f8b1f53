import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ErrorDefinition, formatSnapshot, type MessageDefinition, readSnapshot } from '../generator/snapshot.ts'
import { codecs } from '../interop/codecs.ts'
import {
  defaultValue,
  fieldsOf,
  inRange,
  jsonFromValue,
  type Random,
  randomField,
  randomFrom,
  randomValue,
  valueFromJson,
  versionsOf,
} from '../interop/fields.ts'
import { Interop } from '../interop/java.ts'
import { requestHeaderVersion, responseHeaderVersion } from './headers.ts'
import { apis } from './messages/index.ts'
import { errorCodes, isRetriable } from './messages/error-codes.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const snapshot = readSnapshot()
const definitions = new Map(snapshot.messages.map((message) => [message.name, message]))
const ours = snapshot.messages.filter((message) => codecs.has(message.name))
// The same seed in every run, so that a new failure comes from a change. SEED=… sets another one.
const seed = Number(process.env['SEED'] ?? 41)
type Value = Record<string, unknown>

interface WrittenByJava {
  readonly message: string
  readonly version: number
  readonly bytes: string
  readonly json: Value
}

interface ReadByJava {
  /** The number of bytes that Java did not read. */
  readonly left: number
  readonly bytes: string
  readonly json: Value
}

let java: Interop

beforeAll(async () => {
  java = await Interop.start()
})
afterAll(() => java[Symbol.asyncDispose]())

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))

function write(message: string, value: object, version: number): Uint8Array {
  const writer = new Writer()
  codecs.get(message)!.write(writer, value, version)
  return writer.take()
}

describe('the committed definitions', () => {
  it("are those in Kafka's jar", async () => {
    const [messages, errors] = [
      await java.ask<MessageDefinition>({ do: 'schemas' }),
      await java.ask<ErrorDefinition>({ do: 'errors' }),
    ]
    expect(formatSnapshot({ messages, errors })).toBe(formatSnapshot(snapshot))
  })

  it('name each error with the code and the kind that it has in Java', async () => {
    const errors = await java.ask<ErrorDefinition>({ do: 'errors' })
    expect(Object.fromEntries(errors.map(({ name, code }) => [name, code]))).toEqual(errorCodes)
    expect(errors.map(({ code }) => isRetriable(code))).toEqual(errors.map(({ retriable }) => retriable))
  })

  it('give each version of each API the headers that Java gives it', async () => {
    const lines = await java.ask<{ key: number }>({ do: 'headers' })
    const found = [...apis.values()].map((api) => ({
      key: api.key,
      latestStable: api.latestStableVersion,
      versions: Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, i) => ({
        version: api.minVersion + i,
        request: requestHeaderVersion(api, api.minVersion + i),
        response: responseHeaderVersion(api, api.minVersion + i),
      })),
    }))
    expect(found).toEqual(lines.toSorted((a, b) => a.key - b.key))
  })
})

describe(`messages, seed ${seed}`, () => {
  it('that Java wrote are read field by field, and written back byte for byte', async () => {
    const lines = await java.ask<WrittenByJava>({ do: 'random', seed, samples: 8 })
    const seen = new Set<string>()
    for (const { message, version, json, bytes } of lines) {
      if (!codecs.has(message)) continue
      const reader = new Reader(fromBase64(bytes))
      const value = codecs.get(message)!.read(reader, version)
      expect(reader.remaining, `${message} ${version}`).toBe(0)
      expect(value, `${message} ${version}`).toEqual(valueFromJson(definitions.get(message)!, version, json))
      expect(base64(write(message, value, version)), `${message} ${version}`).toBe(bytes)
      seen.add(`${message} ${version}`)
    }
    expect(seen.size).toBe(ours.reduce((count, message) => count + versionsOf(message).length, 0))
  })

  it('that we wrote are read by Java field by field, and written back byte for byte', async () => {
    const random = randomFrom(seed)
    const checks = ours.flatMap((message) =>
      versionsOf(message).flatMap((version) =>
        [1, 2, 3, 4].map(async () => {
          const value = randomValue(message, version, random)
          const bytes = base64(write(message.name, value, version))
          const [answer] = await java.ask<ReadByJava>({ do: 'read', message: message.name, version, bytes })
          expect(answer!.left, `${message.name} ${version}`).toBe(0)
          expect(answer!.bytes, `${message.name} ${version}`).toBe(bytes)
          const read = valueFromJson(message, version, withRecords(answer!.json, value) as Value)
          expect(read, `${message.name} ${version}`).toEqual(withoutUnknownTags(value))
        }),
      ),
    )
    await Promise.all(checks)
    expect(checks.length).toBeGreaterThan(1000)
  })

  it('with a field that a version does not have are written if Java writes them, and refused if Java refuses them', async () => {
    const random = randomFrom(seed)
    const results = { written: 0, refused: 0 }
    await Promise.all(
      ours.flatMap((message) =>
        singleFields(message, random).map(async ({ path, version, value }) => {
          const [answer] = await java.ask<Record<number, string | null>>({
            do: 'write',
            message: message.name,
            version,
            json: jsonFromValue(message, version, value),
          })
          for (const target of versionsOf(message)) {
            const bytes = tryToWrite(message.name, value, target)
            expect(bytes, `${message.name} ${target} with ${path} of version ${version}`).toBe(answer![target])
            if (bytes === null) results.refused++
            else results.written++
          }
        }),
      ),
    )
    expect(results.refused).toBeGreaterThan(500)
    expect(results.written).toBeGreaterThan(500)
  })
})

function tryToWrite(message: string, value: object, version: number): string | null {
  try {
    return base64(write(message, value, version))
  } catch (error) {
    expect(error).toHaveProperty('name', 'UnwritableMessageError')
    return null
  }
}

/** For each field of a message: the message with only this field set, and a version that has the field. */
function singleFields(message: MessageDefinition, random: Random): { path: string; version: number; value: Value }[] {
  const versions = versionsOf(message)
  return (message.fields ?? []).flatMap((field) => {
    const having = versions.filter((version) => inRange(field.versions, version))
    if (having.length === 0) return []
    const version = having.at(-1)!
    const name = field.name[0]!.toLowerCase() + field.name.slice(1)
    const cases = Array.from({ length: 3 }, () => ({
      path: name,
      version,
      value: { ...defaultValue(message), [name]: withoutUnknownTags(randomField(message, field, version, random)) },
    }))
    // The same for fields of structures: one element with one field set.
    for (const inner of field.type.startsWith('[]') ? (fieldsOf(message, field) ?? []) : []) {
      if (!inRange(inner.versions, version)) continue
      const innerName = inner.name[0]!.toLowerCase() + inner.name.slice(1)
      const element = valueFromJson({ ...message, fields: fieldsOf(message, field)! }, version, {})
      cases.push({
        path: `${name}.${innerName}`,
        version,
        value: {
          ...defaultValue(message),
          [name]: [{ ...element, [innerName]: withoutUnknownTags(randomField(message, inner, version, random)) }],
        },
      })
    }
    return cases
  })
}

/** Java's converters write only the size of records. Replaces it by the records of the message. */
function withRecords(json: unknown, value: unknown): unknown {
  if (Array.isArray(json)) return json.map((element, i) => withRecords(element, (value as unknown[])[i]))
  if (json === null || typeof json !== 'object') return json
  const fields = value as Value
  return Object.fromEntries(
    Object.entries(json).map(([name, inner]) => {
      const records = name.replace(/SizeInBytes$/, '')
      return name in fields ? [name, withRecords(inner, fields[name])] : [records, base64(fields[records] as Uint8Array)]
    }),
  )
}

function withoutUnknownTags(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnknownTags)
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'unknownTags')
      .map(([name, inner]) => [name, withoutUnknownTags(inner)]),
  )
}
