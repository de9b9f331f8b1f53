// The model of a message that the emitters use: names in our form, parsed versions, and the structures in the message.
import type { FieldDefinition, MessageDefinition } from './snapshot.ts'
import { covers, hull, intersect, isEmpty, parseVersions, type Versions } from './versions.ts'

/** Kafka's types, except structures. */
export type Primitive =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'int64'
  | 'bigint64'
  | 'float64'
  | 'uuid'
  | 'string'
  | 'bytes'
  | 'records'

/** A field of a structure. */
export interface Field {
  readonly name: string
  readonly about: string
  readonly versions: Versions
  readonly nullable: Versions
  readonly tag: number | undefined
  readonly ignorable: boolean
  readonly array: boolean
  readonly type: Primitive | Struct
  /** The default in the definition; `undefined` for the default of the type. */
  readonly default: string | undefined
  /** Whether its length has the old format even in flexible versions. */
  readonly plain: boolean
}

/** A structure, or a whole message. */
export interface Struct {
  /** Its name in the generated file. */
  name: string
  versions: Versions
  readonly fields: Field[]
}

/** A message and the structures in it. */
export interface Message {
  readonly name: string
  readonly definition: MessageDefinition
  readonly versions: Versions
  readonly flexible: Versions
  readonly root: Struct
  /** All structures except the root. Each comes after the first one that contains it. */
  readonly structs: readonly Struct[]
}

/** Makes the model of one definition. */
export function modelOf(definition: MessageDefinition): Message {
  const versions = parseVersions(definition.validVersions)
  const flexible = intersect(parseVersions(definition.flexibleVersions), versions)
  const structs = new Map<string, Struct>()
  const open = new Set<string>()
  const commons = new Map(definition.commonStructs?.map((common) => [common.name, common.fields]))

  function struct(name: string, fields: readonly FieldDefinition[], context: Versions): Struct {
    const known = structs.get(name)
    if (known !== undefined && !open.has(name)) {
      // The structure appears in several places. Its versions are those of all places.
      known.versions = hull(known.versions, context)
      return known
    }
    if (open.has(name))
      throw new Error(`${definition.name}: ${name} contains itself, so a hostile message could nest it endlessly`)
    const made: Struct = { name, versions: context, fields: [] }
    structs.set(name, made)
    open.add(name)
    for (const field of fields) {
      const model = fieldOf(field, context)
      if (model !== undefined) made.fields.push(model)
    }
    open.delete(name)
    return made
  }

  function fieldOf(field: FieldDefinition, context: Versions): Field | undefined {
    const versions = intersect(parseVersions(field.versions), context)
    if (isEmpty(versions)) return undefined
    const array = field.type.startsWith('[]')
    const typeName = array ? field.type.slice(2) : field.type
    const fields = field.fields ?? commons.get(typeName)
    const model: Field = {
      name: field.name[0]!.toLowerCase() + field.name.slice(1),
      about: field.about ?? '',
      versions: parseVersions(field.versions),
      nullable: parseVersions(field.nullableVersions),
      tag: field.tag,
      ignorable: field.ignorable === true,
      array,
      type:
        fields === undefined
          ? primitive(typeName, field)
          : struct(typeName, fields, commons.has(typeName) ? definitionVersions : versions),
      default: field.default === undefined ? undefined : String(field.default),
      plain: field.flexibleVersions === 'none',
    }
    check(definition.name, field, model)
    return model
  }

  const definitionVersions = versions
  const root = struct(definition.name, definition.fields ?? [], versions)
  structs.delete(definition.name)
  return { name: definition.name, definition, versions, flexible, root, structs: [...structs.values()] }
}

/** A number of 64 bits is a bigint only if its default does not fit into 53 bits. */
function primitive(type: string, field: FieldDefinition): Primitive {
  return type === 'int64' && !Number.isSafeInteger(Number(field.default ?? 0)) ? 'bigint64' : (type as Primitive)
}

/** Throws for features of Kafka's definition format that no definition uses so far, and that the emitters do not support. */
function check(message: string, definition: FieldDefinition, field: Field): void {
  const refuse = (what: string): never => {
    throw new Error(`${message}.${definition.name}: ${what} is not supported; extend the generator`)
  }
  if ((field.tag === undefined) !== (definition.taggedVersions === undefined)) refuse('a tag without versions')
  if (field.tag !== undefined) {
    if (definition.taggedVersions !== definition.versions) refuse('a field that is tagged in some versions only')
    if (field.type === 'records') refuse('a tagged field of records')
    if (typeof field.type === 'object' && !field.array && !isEmpty(field.nullable)) refuse('a tagged structure that can be null')
  }
  if (field.default === 'null' && !covers(field.nullable, field.versions)) refuse('a default null where null is not allowed')
  if (field.default !== undefined && field.default !== 'null' && (field.array || !isEmpty(field.nullable)))
    refuse('a default of an array or of a field that can be null')
  if (typeof field.type === 'object' && !field.array && !isEmpty(field.nullable) && field.default !== 'null') {
    refuse('a structure that can be null, but is not null by default')
  }
}
