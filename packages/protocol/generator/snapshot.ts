// The committed copy of Kafka's message definitions, which the generator reads.
import { readFileSync } from 'node:fs'

/** The version of Kafka that the definitions come from. */
export const KAFKA_VERSION = '4.1.0'

/** A field in Kafka's definition of a message. */
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

/** A structure that several fields of one message share. */
export interface StructDefinition {
  readonly name: string
  readonly fields: readonly FieldDefinition[]
}

/** One file of Kafka's `common/message`. */
export interface MessageDefinition {
  readonly name: string
  readonly type: 'request' | 'response' | 'header' | 'data'
  readonly apiKey?: number
  /** Of a request: the kinds of server that accept it. */
  readonly listeners?: readonly ('broker' | 'controller')[]
  readonly validVersions: string
  readonly flexibleVersions?: string
  readonly latestVersionUnstable?: boolean
  readonly fields?: readonly FieldDefinition[]
  readonly commonStructs?: readonly StructDefinition[]
}

/** One of Kafka's error codes. */
export interface ErrorDefinition {
  readonly name: string
  readonly code: number
  readonly retriable: boolean
  readonly message: string
}

/** The input of the generator. */
export interface Snapshot {
  readonly messages: readonly MessageDefinition[]
  readonly errors: readonly ErrorDefinition[]
}

/** The file of the copy. */
export const snapshotFile: URL = new URL(`../schema/kafka-${KAFKA_VERSION}.json`, import.meta.url)

/** Reads the committed copy. */
export function readSnapshot(): Snapshot {
  return JSON.parse(readFileSync(snapshotFile, 'utf8')) as Snapshot
}

/** The text of the copy: one line for every field, so that differences are easy to read. */
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
