// Makes values of messages from Kafka's definitions. Does not use the generator's model, so that tests find mistakes in it.
import { randomOf } from '../../../scripts/random.ts'
import type { UnknownTag } from '../src/draft.ts'
import { ZERO_UUID } from '../src/uuid.ts'
import type { FieldDefinition, MessageDefinition } from '../generator/snapshot.ts'

type Value = Record<string, unknown>

/** A random whole number from 0 up to, but without, `below`. */
export type Random = (below: number) => number

/** Random numbers from a seed. */
export function randomFrom(seed: number): Random {
  const random = randomOf(seed)
  return (below) => Math.floor(random() * below)
}

/** Whether a range of versions, such as `3+`, contains this version. */
export function inRange(range: string | undefined, version: number): boolean {
  if (range === undefined || range === 'none') return false
  const [from, to] = range.split(/[-+]/) as [string, string | undefined]
  return version >= Number(from) && (to === '' || version <= Number(to ?? from))
}

/** All versions of a message. */
export function versionsOf(message: MessageDefinition): number[] {
  return Array.from({ length: 100 }, (_, version) => version).filter((version) => inRange(message.validVersions, version))
}

/** A message with every field at its default. */
export function defaultValue(message: MessageDefinition): Value {
  return structOf(message, message.fields ?? [], (field) => defaultOf(message, field))
}

/** Every field of a message in one version, from the JSON of Java's converter. */
export function valueFromJson(message: MessageDefinition, version: number, json: Value): Value {
  return structFromJson(message, message.fields ?? [], version, json)
}

function structFromJson(message: MessageDefinition, fields: readonly FieldDefinition[], version: number, json: Value): Value {
  return structOf(message, fields, (field, name) => {
    return name in json ? fromJson(message, field, version, json[name]) : defaultOf(message, field)
  })
}

function fromJson(message: MessageDefinition, field: FieldDefinition, version: number, json: unknown): unknown {
  if (json === null) return null
  if (Array.isArray(json)) return json.map((element) => singleFromJson(message, field, version, element))
  return singleFromJson(message, field, version, json)
}

function singleFromJson(message: MessageDefinition, field: FieldDefinition, version: number, json: unknown): unknown {
  const type = elementType(field)
  if (type === 'bytes' || type === 'records') return Uint8Array.from(atob(json as string), (character) => character.charCodeAt(0))
  if (type === 'int64' && isWide(field)) return BigInt(json as number | bigint | string)
  const fields = fieldsOf(message, field)
  return fields === undefined ? json : structFromJson(message, fields, version, json as Value)
}

/** The JSON for Java's converter: only the fields of this version. */
export function jsonFromValue(message: MessageDefinition, version: number, value: Value): object {
  return structToJson(message, message.fields ?? [], version, value)
}

function structToJson(message: MessageDefinition, fields: readonly FieldDefinition[], version: number, value: Value): object {
  const present = fields.filter((field) => inRange(field.versions, version))
  return Object.fromEntries(present.map((field) => [nameOf(field), toJson(message, field, version, value[nameOf(field)])]))
}

function toJson(message: MessageDefinition, field: FieldDefinition, version: number, value: unknown): unknown {
  if (value === null) return null
  if (Array.isArray(value)) return value.map((element) => toJson(message, field, version, element))
  if (value instanceof Uint8Array) return btoa(String.fromCharCode(...value))
  if (typeof value === 'bigint') return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value))
  const fields = fieldsOf(message, field)
  return fields === undefined ? value : structToJson(message, fields, version, value as Value)
}

/** A message with random fields of one version, other fields at their defaults, and unknown tagged fields. */
export function randomValue(message: MessageDefinition, version: number, random: Random): Value {
  return randomStruct(message, message.fields ?? [], version, random)
}

function randomStruct(message: MessageDefinition, fields: readonly FieldDefinition[], version: number, random: Random): Value {
  const value = structOf(message, fields, (field) => {
    const absent = !inRange(field.versions, version) || (field.tag !== undefined && random(3) === 0)
    return absent ? defaultOf(message, field) : randomField(message, field, version, random)
  })
  if (inRange(message.flexibleVersions, version) && message.type !== 'header' && random(4) === 0)
    value['unknownTags'] = unknownTags(random)
  return value
}

function unknownTags(random: Random): UnknownTag[] {
  return Array.from({ length: 1 + random(2) }, (_, i) => ({ tag: 1000 * (i + 1) + random(500), bytes: randomBytes(random) }))
}

/** A random value for one field. */
export function randomField(message: MessageDefinition, field: FieldDefinition, version: number, random: Random): unknown {
  if (inRange(field.nullableVersions, version) && random(4) === 0) return null
  if (!field.type.startsWith('[]')) return randomSingle(message, field, version, random)
  return Array.from({ length: random(4) }, () => randomSingle(message, field, version, random))
}

function randomSingle(message: MessageDefinition, field: FieldDefinition, version: number, random: Random): unknown {
  const type = elementType(field)
  switch (type) {
    case 'bool':
      return random(2) === 1
    case 'int8':
      return randomInteger(8, random)
    case 'int16':
      return randomInteger(16, random)
    case 'uint16':
      return random(0x10000)
    case 'int32':
      return randomInteger(32, random)
    case 'int64':
      return isWide(field) ? BigInt.asIntN(64, BigInt(randomInteger(53, random)) * 4096n) : randomInteger(54, random)
    case 'float64':
      // Never a whole number: JSON has no point in it, so Java reads an integer and refuses it.
      return randomInteger(44, random) + 0.5
    case 'uuid':
      return Array.from({ length: 21 }, () => 'abcXYZ019-_'[random(11)]).join('') + 'AQgw'[random(4)]
    case 'string':
      return randomText(random)
    case 'bytes':
    case 'records':
      return randomBytes(random)
    default:
      return randomStruct(message, fieldsOf(message, field)!, version, random)
  }
}

function randomInteger(bits: number, random: Random): number {
  const greatest = 2 ** (bits - 1) - 1
  const least = bits === 54 ? -greatest : -greatest - 1
  return [
    greatest,
    least,
    random(200) - 100,
    Math.floor((random(2 ** 32) / 2 ** 32) * greatest),
    0 - random(Math.min(greatest, 2 ** 31)),
  ][random(5)]!
}

function randomText(random: Random): string {
  const pieces = random(2) === 0 ? 'aZ0.-' : 'aZ0é中\u{1d11e}\ufeff\0'
  return Array.from({ length: random(20) === 0 ? 300 : random(30) }, () => [...pieces][random([...pieces].length)]).join('')
}

function randomBytes(random: Random): Uint8Array {
  return Uint8Array.from({ length: random(20) === 0 ? 5000 : random(40) }, () => random(256))
}

/** The value of each field that exists in some version, by its name in our form. */
function structOf(
  message: MessageDefinition,
  fields: readonly FieldDefinition[],
  make: (field: FieldDefinition, name: string) => unknown,
): Value {
  const value: Value = {}
  for (const field of fields) {
    if (versionsOf(message).some((version) => inRange(field.versions, version))) value[nameOf(field)] = make(field, nameOf(field))
  }
  return value
}

function defaultOf(message: MessageDefinition, field: FieldDefinition): unknown {
  const { default: given, type } = field
  if (given === 'null') return null
  if (type.startsWith('[]')) return []
  switch (type) {
    case 'bool':
      return String(given) === 'true'
    case 'int64':
      return isWide(field) ? BigInt(given as string) : Number(given ?? 0)
    case 'int8':
    case 'int16':
    case 'uint16':
    case 'int32':
    case 'float64':
      return Number(given ?? 0)
    case 'uuid':
      return ZERO_UUID
    case 'string':
      return given ?? ''
    case 'bytes':
      return new Uint8Array(0)
    case 'records':
      return null
    default:
      return structOf(message, fieldsOf(message, field)!, (inner) => defaultOf(message, inner))
  }
}

/** Whether a field is a bigint. */
function isWide(field: FieldDefinition): boolean {
  return field.default !== undefined && !Number.isSafeInteger(Number(field.default))
}

function nameOf(field: FieldDefinition): string {
  return field.name[0]!.toLowerCase() + field.name.slice(1)
}

function elementType(field: FieldDefinition): string {
  return field.type.replace(/^\[\]/, '')
}

/** The fields of a field's structure, if it is one. */
export function fieldsOf(message: MessageDefinition, field: FieldDefinition): readonly FieldDefinition[] | undefined {
  return field.fields ?? message.commonStructs?.find((common) => common.name === elementType(field))?.fields
}
