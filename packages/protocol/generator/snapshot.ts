// The committed copy of Kafka's message definitions: all that the generator reads.
import { readFileSync } from 'node:fs'

/** The Kafka whose definitions these are. */
export const KAFKA_VERSION = '4.1.0'

/** A field of a message, as Kafka's definition has it. */
export interface FieldDefinition {
  readonly name: string
  readonly type: string
  readonly versions: string
  readonly nullableVersions?: string
  readonly taggedVersions?: string
  readonly flexibleVersions?: string
  readonly tag?: number
  readonly default?: string | number | boolean
  readonly ignorable?: boolean
  readonly about?: string
  readonly fields?: readonly FieldDefinition[]
}

/** A structure that several fields of one message have in common. */
export interface StructDefinition {
  readonly name: string
  readonly fields: readonly FieldDefinition[]
}

/** One file of Kafka's `common/message`. */
export interface MessageDefinition {
  readonly name: string
  readonly type: 'request' | 'response' | 'header' | 'data'
  readonly apiKey?: number
  /** Of a request: which kinds of server accept it. */
  readonly listeners?: readonly ('broker' | 'controller')[]
  readonly validVersions: string
  readonly flexibleVersions?: string
  readonly latestVersionUnstable?: boolean
  readonly fields?: readonly FieldDefinition[]
  readonly commonStructs?: readonly StructDefinition[]
}

/** One of the errors that a broker answers with. */
export interface ErrorDefinition {
  readonly name: string
  readonly code: number
  readonly retriable: boolean
  readonly message: string
}

/** Everything that the generator needs to know. */
export interface Snapshot {
  readonly messages: readonly MessageDefinition[]
  readonly errors: readonly ErrorDefinition[]
}

/** Where the copy lies. */
export const snapshotFile: URL = new URL(`../schema/kafka-${KAFKA_VERSION}.json`, import.meta.url)

/** Reads the committed copy. */
export function readSnapshot(): Snapshot {
  return JSON.parse(readFileSync(snapshotFile, 'utf8')) as Snapshot
}

/** The text of the copy: a line for every field, so that it can be read and compared. */
export function formatSnapshot(snapshot: Snapshot): string {
  return `${format(snapshot, '')}\n`
}

function format(value: unknown, indent: string): string {
  if (Array.isArray(value) && value.some(isObject)) {
    return `[\n${value.map((element) => `${indent}  ${format(element, `${indent}  `)}`).join(',\n')}\n${indent}]`
  }
  if (!isObject(value) || Array.isArray(value)) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${format(inner, indent)}`)
  return `{ ${entries.join(', ')} }`
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
