// Reads messages and batches that Java wrote, and writes them again. Runs on Node, Bun and Deno. The file has one line of JSON for
// each message and batch.
import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import * as zlib from 'node:zlib'
import { readSnapshot } from '../generator/snapshot.ts'
import { lz4, snappy, zlibCodecs } from '../src/compression/index.ts'
import {
  checkBatch,
  compressBatch,
  decodeBatch,
  decompressWith,
  Reader,
  type RecordView,
  sealBatch,
  Writer,
} from '../src/index.ts'
import { codecs } from './codecs.ts'
import { valueFromJson } from './fields.ts'

/** A message, or a record batch. */
interface Line {
  readonly bytes: string
  readonly message?: string
  readonly version?: number
  readonly json?: Record<string, unknown>
}

const definitions = new Map(readSnapshot().messages.map((message) => [message.name, message]))
const compressions = { ...zlibCodecs(zlib), lz4, snappy }
const decompress = decompressWith(compressions)
let messages = 0
let records = 0

for (const text of readFileSync(process.argv[2]!, 'utf8').split('\n')) {
  const line = JSON.parse(text) as Line
  if (line.message === undefined) checkRecords(fromBase64(line.bytes))
  else if (codecs.has(line.message)) checkMessage(line as Required<Line>)
}
console.log(JSON.stringify({ messages, records }))

function checkMessage({ message, version, json, bytes }: Required<Line>): void {
  const codec = codecs.get(message)!
  const value = codec.read(new Reader(fromBase64(bytes)), version)
  const expected = valueFromJson(definitions.get(message)!, version, json)
  if (!isDeepStrictEqual(withoutUndefined(value), expected))
    throw new Error(`${message} ${version} was read with other fields than Java wrote`)
  const writer = new Writer()
  codec.write(writer, value, version)
  if (!isDeepStrictEqual(writer.take(), fromBase64(bytes)))
    throw new Error(`${message} ${version} was written with other bytes than Java wrote`)
  messages++
}

function checkRecords(bytes: Uint8Array): void {
  const { compression, control } = checkBatch(bytes, 0, decompress)
  const views: RecordView[] = []
  decodeBatch(bytes, 0, { topic: 't', partition: 0 }, 0, views, decompress)
  records += views.length
  if (compression !== 'none' || control) return
  for (const target of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
    const compressed = compressBatch(bytes, 0, target, compressions)
    sealBatch(compressed, 0)
    const again: RecordView[] = []
    checkBatch(compressed, 0, decompress)
    decodeBatch(compressed, 0, { topic: 't', partition: 0 }, 0, again, decompress)
    const same = again.every((record, i) => isDeepStrictEqual(record.toJSON(), views[i]!.toJSON()))
    if (!same || again.length !== views.length) throw new Error(`The records have changed after compression with ${target}`)
  }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

/** Removes the property for unknown tags if it is undefined. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutUndefined(inner)]))
}
