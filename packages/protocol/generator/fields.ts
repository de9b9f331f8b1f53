// The TypeScript of one field: its type, its default, and the expressions that read and write it.
import type { Field, Primitive, Struct } from './model.ts'
import { condition, covers, intersect, isEmpty, type Versions } from './versions.ts'

const types: Record<Primitive, string> = {
  bool: 'boolean',
  int8: 'number',
  int16: 'number',
  uint16: 'number',
  int32: 'number',
  int64: 'number',
  bigint64: 'bigint',
  float64: 'number',
  uuid: 'string',
  string: 'string',
  bytes: 'Uint8Array',
  records: 'Uint8Array',
}

/** The method of `Reader` and `Writer`, without the `nullable` form. */
const methods: Record<Primitive, string> = {
  bool: 'boolean',
  int8: 'int8',
  int16: 'int16',
  uint16: 'uint16',
  int32: 'int32',
  int64: 'int64',
  bigint64: 'bigint64',
  float64: 'float64',
  uuid: 'uuid',
  string: 'string',
  bytes: 'bytesField',
  records: 'bytesField',
}
const nullableMethods: Partial<Record<Primitive, string>> = {
  string: 'nullableString',
  bytes: 'nullableBytes',
  records: 'nullableBytes',
}

const zeros: Record<Primitive, string> = {
  bool: 'false',
  int8: '0',
  int16: '0',
  uint16: '0',
  int32: '0',
  int64: '0',
  bigint64: '0n',
  float64: '0',
  uuid: 'ZERO_UUID',
  string: "''",
  bytes: 'new Uint8Array(0)',
  records: 'null',
}

/** The names of the functions that read and write elements of arrays of plain values. */
const elements: Partial<Record<Primitive, string>> = {
  int8: 'Int8',
  int16: 'Int16',
  int32: 'Int32',
  int64: 'Int64',
  string: 'String',
}

function isStruct(type: Primitive | Struct): type is Struct {
  return typeof type === 'object'
}

function elementName({ type }: Field): string {
  if (isStruct(type)) return type.name
  const name = elements[type]
  if (name === undefined) throw new Error(`Arrays of ${type} are not supported; extend the generator`)
  return name
}

/** The TypeScript type of a field. */
export function typeOf(field: Field, context: Versions): string {
  const name = isStruct(field.type) ? field.type.name : types[field.type]
  const type = field.array ? `readonly ${name}[]` : name
  const nullable = !isEmpty(intersect(field.nullable, context)) || defaultOf(field) === 'null'
  return nullable ? `${type} | null` : type
}

/** The value of a field in a version that does not have it. */
export function defaultOf(field: Field): string {
  if (field.default === 'null') return 'null'
  if (field.array) return '[]'
  if (isStruct(field.type)) return `no${field.type.name}`
  if (field.default === undefined) return zeros[field.type]
  if (field.type === 'string') return `'${field.default}'`
  if (field.type === 'bigint64') return `${BigInt(field.default)}n`
  if (field.type === 'bool') return String(field.default === 'true')
  return String(Number(field.default))
}

/** Whether the default is what `Writer` writes for `undefined`. Then the generated code need not name the default. */
function isZero(field: Field): boolean {
  if (isStruct(field.type) && !field.array) return false
  return field.array
    ? field.default === undefined
    : defaultOf(field) === zeros[field.type as Primitive] && field.type !== 'records'
}

/** A method call on reader or writer: the nullable method in versions that allow null. */
function call(field: Field, context: Versions, expression: (nullable: boolean) => string): string {
  const nullable = intersect(field.nullable, context)
  if (isEmpty(nullable)) return expression(false)
  const present = intersect(field.versions, context)
  if (covers(nullable, present)) return expression(true)
  return `${condition(nullable, present)} ? ${expression(true)} : ${expression(false)}`
}

/** The name of the method of `Reader` and `Writer` for this field. */
function method(field: Field, nullable: boolean): string {
  if (field.array) return nullable ? 'nullableArray' : 'array'
  if (isStruct(field.type)) return 'nullableStruct'
  if (field.plain) return 'plainNullableString'
  const name = nullable ? nullableMethods[field.type] : methods[field.type]
  if (name === undefined) throw new Error(`${field.name}: null of ${field.type} is not supported; extend the generator`)
  return name
}

/** The expression that reads the field in a version that has it. */
export function readOf(field: Field, context: Versions): string {
  return call(field, context, (nullable) => {
    if (isStruct(field.type) && !field.array && !nullable) return `read${field.type.name}(reader, version)`
    const more = field.array || isStruct(field.type) ? `read${elementName(field)}, version` : ''
    return `reader.${method(field, nullable)}(${more})`
  })
}

/** The expression that writes the field in a version that has it. */
export function writeOf(field: Field, context: Versions): string {
  const given = `value.${field.name}`
  const value = isZero(field)
    ? given
    : `${given} ?? ${isStruct(field.type) && defaultOf(field) !== 'null' ? '{}' : defaultOf(field)}`
  return call(field, context, (nullable) => {
    if (isStruct(field.type) && !field.array && !nullable) return `write${field.type.name}(writer, ${value}, version)`
    const more = field.array || isStruct(field.type) ? `, write${elementName(field)}, version` : ''
    return `writer.${method(field, nullable)}(${value}${more})`
  })
}

/** The expression that tests whether a field of a draft differs from its default. */
export function isSetOf(field: Field, context: Versions): string {
  const given = `value.${field.name}`
  const none = defaultOf(field)
  const nullable = !isEmpty(intersect(field.nullable, context))
  if (none === 'null') return `(${given} ?? null) !== null`
  if (field.array || none === zeros.bytes)
    return nullable ? `${given} === null || (${given}?.length ?? 0) > 0` : `(${given}?.length ?? 0) > 0`
  if (isStruct(field.type)) return `isSet${field.type.name}(${given})`
  return nullable ? `${given} !== undefined && ${given} !== ${none}` : `(${given} ?? ${none}) !== ${none}`
}
