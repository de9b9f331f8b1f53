// Damages valid messages and batches. Reading them has to end soon, with a value or with one kind of error.
import * as zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readSnapshot } from '../generator/snapshot.ts'
import { codecs } from '../interop/codecs.ts'
import { type Random, randomFrom, randomValue, versionsOf } from '../interop/fields.ts'
import { lz4, snappy, zlibCodecs } from './compression/index.ts'
import { CorruptMessageError } from './errors.ts'
import { readRequestHeader } from './headers.ts'
import { Reader } from './reader.ts'
import { type Compression, sealBatch } from './record-batch.ts'
import { checkBatch } from './record-check.ts'
import { compressBatch, decompressWith } from './record-compression.ts'
import { decodeBatch, type RecordView } from './record-decoder.ts'
import { RecordEncoder } from './record-encoder.ts'
import { encodeTransactionMarker, readTransactionMarker } from './transaction-marker.ts'
import { Writer } from './writer.ts'

const EVIL = [0, 1, 0x7f, 0x80, 0xff, 0xfe]

/** A copy of the bytes, cut off, or with bytes changed, inserted or removed. Some of the new bytes are large numbers. */
function damage(bytes: Uint8Array, random: Random): Uint8Array {
  let damaged = [...bytes]
  for (let change = random(4); change >= 0 && damaged.length > 0; change--) {
    const at = random(damaged.length)
    const evil = Array.from({ length: 1 + random(5) }, () => EVIL[random(EVIL.length)]!)
    switch (random(5)) {
      case 0:
        damaged = damaged.slice(0, at)
        break
      case 1:
        damaged[at] = random(256)
        break
      case 2:
        damaged.splice(at, evil.length, ...evil)
        break
      case 3:
        damaged.splice(at, 0, ...evil)
        break
      default:
        damaged.splice(at, 1 + random(8))
    }
  }
  return Uint8Array.from(damaged)
}

/** The number of reads that ended with a value, and with the error. */
interface Outcomes {
  values: number
  errors: number
}

function attempt(outcomes: Outcomes, read: () => void): void {
  try {
    read()
    outcomes.values++
  } catch (error) {
    if (!(error instanceof CorruptMessageError)) throw error
    outcomes.errors++
  }
}

describe('damaged', () => {
  it('messages, of every API in every version', () => {
    const random = randomFrom(11)
    const outcomes: Outcomes = { values: 0, errors: 0 }
    for (const message of readSnapshot().messages) {
      const codec = codecs.get(message.name)
      if (codec === undefined) continue
      for (const version of versionsOf(message)) {
        for (let i = 0; i < 12; i++) {
          const writer = new Writer()
          codec.write(writer, randomValue(message, version, random), version)
          const bytes = damage(writer.take(), random)
          attempt(outcomes, () => {
            const reader = new Reader(bytes)
            const value = codec.read(reader, version)
            expect(reader.position).toBeLessThanOrEqual(bytes.length)
            // The value cannot hold more than the bytes did.
            expect(
              JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)).length,
            ).toBeLessThan(bytes.length * 400 + 4000)
          })
        }
      }
    }
    expect(outcomes.values).toBeGreaterThan(1000)
    expect(outcomes.errors).toBeGreaterThan(1000)
  })

  it('messages, cut off at every byte', () => {
    const random = randomFrom(12)
    for (const name of [
      'FetchResponse',
      'MetadataResponse',
      'ProduceRequest',
      'JoinGroupResponse',
      'ApiVersionsResponse',
      'OffsetFetchResponse',
    ]) {
      const message = readSnapshot().messages.find((each) => each.name === name)!
      for (const version of versionsOf(message)) {
        const writer = new Writer()
        codecs.get(name)!.write(writer, randomValue(message, version, random), version)
        const bytes = writer.take()
        for (let size = 0; size < bytes.length; size++) {
          expect(() => codecs.get(name)!.read(new Reader(bytes, 0, size), version), `${name} ${version}, ${size}`).toThrow(
            CorruptMessageError,
          )
        }
      }
    }
  })

  it('request headers', () => {
    const random = randomFrom(13)
    const outcomes: Outcomes = { values: 0, errors: 0 }
    for (let i = 0; i < 20_000; i++) {
      const bytes = Uint8Array.from({ length: random(20) }, (_, at) =>
        at === 0 || at === 2 ? 0 : at === 1 ? random(100) : random(256),
      )
      attempt(outcomes, () => readRequestHeader(new Reader(bytes)))
    }
    expect(outcomes.values).toBeGreaterThan(100)
    expect(outcomes.errors).toBeGreaterThan(1000)
  })

  it('record batches, in every compression', () => {
    const random = randomFrom(14)
    const table = { ...zlibCodecs(zlib), lz4, snappy }
    const decompress = decompressWith(table, 1 << 20)
    const outcomes: Outcomes = { values: 0, errors: 0 }
    for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const satisfies Compression[]) {
      for (let i = 0; i < 2000; i++) {
        const encoder = new RecordEncoder(1 << 16, 1 << 16)
        for (let n = random(5); n >= 0; n--) {
          const headers =
            random(2) === 0
              ? []
              : [
                  { key: 'é', value: 'x' },
                  { key: 'y', value: null },
                ]
          encoder.add(
            random(3) === 0 ? null : `key ${n}`,
            random(3) === 0 ? null : 'value '.repeat(random(9)),
            1_700_000_000_000 + n,
            headers,
          )
        }
        encoder.finish()
        const plain = encoder.bytes.slice(0, encoder.length)
        // Damaged before the checksum was computed, or afterwards.
        const inside = compressBatch(random(2) === 0 ? damageRecords(plain, random) : plain, 0, compression, table)
        sealBatch(inside, 0)
        const bytes = random(3) === 0 ? damage(inside, random) : inside
        attempt(outcomes, () => void checkBatch(bytes, 0, decompress))
        attempt(outcomes, () => {
          const records: RecordView[] = []
          decodeBatch(bytes, 0, { topic: 't', partition: 0 }, 0, records, decompress)
          for (const record of records) JSON.stringify(record)
        })
      }
    }
    expect(outcomes.values).toBeGreaterThan(1000)
    expect(outcomes.errors).toBeGreaterThan(1000)
  })

  it('record batches pass the check only with records that can be read in full', () => {
    const random = randomFrom(15)
    let passed = 0
    for (let i = 0; i < 20_000; i++) {
      const encoder = new RecordEncoder(1 << 16, 1 << 16)
      for (let n = 0; n < 3; n++) encoder.add('key', 'value', 1000, [{ key: 'h', value: 'x' }])
      encoder.finish()
      const bytes = damageRecords(encoder.bytes.slice(0, encoder.length), random)
      sealBatch(bytes, 0)
      try {
        checkBatch(bytes, 0)
      } catch {
        continue
      }
      passed++
      const records: RecordView[] = []
      decodeBatch(bytes, 0, { topic: 't', partition: 0 }, 0, records)
      const copy = new RecordEncoder(1 << 16, 1 << 16)
      for (const { key, value, timestamp, headers } of records) copy.add(key, value, timestamp, headers)
      expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2])
    }
    expect(passed).toBeGreaterThan(100)
  })

  it('transaction markers', () => {
    const random = randomFrom(16)
    const outcomes: Outcomes = { values: 0, errors: 0 }
    const marker = encodeTransactionMarker({ committed: true, producerId: 5, producerEpoch: 1, coordinatorEpoch: 2 }, 1000)
    for (let i = 0; i < 5000; i++) attempt(outcomes, () => void readTransactionMarker(damage(marker, random), 0))
    expect(outcomes.values).toBeGreaterThan(100)
    expect(outcomes.errors).toBeGreaterThan(100)
  })
})

/** Changes bytes after the header of a batch, without changing its size. */
function damageRecords(batch: Uint8Array, random: Random): Uint8Array {
  for (let change = random(3); change >= 0; change--)
    batch[61 + random(batch.length - 61)] = EVIL[random(EVIL.length)]! + random(3)
  return batch
}
