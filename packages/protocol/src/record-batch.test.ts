import { describe, expect, it } from 'vitest'
import {
  batchLastOffset,
  BATCH_HEADER_BYTES,
  readBatchHeader,
  sealBatch,
  setBatchOffset,
  setLogAppendTime,
  verifyBatch,
  writeBatchHeader,
} from './record-batch.ts'
import { decodeBatch, filterBatch, RecordView } from './record-decoder.ts'
import { RecordEncoder, RecordTooLargeError } from './record-encoder.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array | null): string | null => (bytes === null ? null : new TextDecoder().decode(bytes))

/** All records of all batches. */
function decodeAll(encoder: RecordEncoder, fromOffset = 0): RecordView[] {
  const records: RecordView[] = []
  for (let at = 0; at < encoder.length; at += readBatchHeader(encoder.bytes, at).sizeInBytes) {
    decodeBatch(encoder.bytes, at, { topic: 't', partition: 3 }, fromOffset, records)
  }
  return records
}

// The same three records, written by the encoder of another client (with leader epoch 0).
const goldenRecords = `
  0000000000000000 000000e3 00000000 02 730d9291 0000 00000002 0000018bcfe56800 0000018c82b5c600 ffffffffffffffff ffff ffffffff 00000003
  22 00 00 00 04 6b31 0a 68656c6c6f 02 02 61 02 31
  0c 00 09 02 01 01 00
  ae02 00 80f882ad16 04 00 9802 ${'c3a9'.repeat(70)} 00`

function golden(): Uint8Array {
  return Uint8Array.from(goldenRecords.replace(/\s/g, '').match(/../g)!, (pair) => Number.parseInt(pair, 16))
}

describe('RecordEncoder', () => {
  it('writes what other clients write', () => {
    const encoder = new RecordEncoder(1_000_000, 1_000_000)
    encoder.add(bytesOf('k1'), 'hello', 1_700_000_000_000, [{ key: 'a', value: '1' }])
    encoder.add(null, null, 1_700_000_000_000 - 5)
    encoder.add('', 'é'.repeat(70), 1_703_000_000_000)
    encoder.finish()
    setBatchOffset(encoder.bytes, 0, 0, 0)
    sealBatch(encoder.bytes, 0)
    expect(encoder.bytes.slice(0, encoder.length)).toEqual(golden())
    expect(verifyBatch(encoder.bytes, 0)).toBe(true)
  })

  it('writes fields that decodeBatch reads back', () => {
    const wide = '𝄞ü'.repeat(100)
    const big = new Uint8Array(100_000).map((_, i) => i)
    const encoder = new RecordEncoder(1 << 20, 1 << 20)
    encoder.add('key', wide, 100, [
      { key: 'twice', value: '1' },
      { key: 'ü', value: null },
      { key: 'twice', value: Uint8Array.of(0, 255) },
      { key: '', value: '' },
    ])
    encoder.add(null, big, -5_000_000_000)
    encoder.add(wide, null, 8_000_000_000_000)
    encoder.add(new Uint8Array(0), new Uint8Array(0), 100)
    // Sizes around the limits where the length of a string, or of a record, needs another byte.
    for (let length = 15; length < 70; length++) encoder.add(null, 'é'.repeat(length), 100)
    encoder.finish()
    const records = decodeAll(encoder)
    expect(records).toHaveLength(59)
    expect(records.map((record) => record.offset)).toEqual(records.map((_, i) => i))
    const [first, second, third, fourth, ...rest] = records as [RecordView, RecordView, RecordView, RecordView, ...RecordView[]]
    expect([first.topic, first.partition, first.timestamp, textOf(first.key), textOf(first.value)]).toEqual([
      't',
      3,
      100,
      'key',
      wide,
    ])
    expect(first.headers.map(({ key, value }) => [key, value === null ? null : [...value]])).toEqual([
      ['twice', [49]],
      ['ü', null],
      ['twice', [0, 255]],
      ['', []],
    ])
    expect([second.key, second.timestamp, second.headers]).toEqual([null, -5_000_000_000, []])
    expect(second.value).toEqual(big)
    expect([textOf(third.key), third.value, third.timestamp]).toEqual([wide, null, 8_000_000_000_000])
    expect([fourth.key, fourth.value]).toEqual([new Uint8Array(0), new Uint8Array(0)])
    expect(rest.map((record) => textOf(record.value))).toEqual(rest.map((_, i) => 'é'.repeat(15 + i)))
    const header = readBatchHeader(encoder.bytes, 0)
    expect([header.baseTimestamp, header.maxTimestamp, header.recordCount, header.lastOffset]).toEqual([
      100, 8_000_000_000_000, 59, 58,
    ])
  })

  it('starts a new batch at the batch size, and writes a larger record up to the limit', () => {
    const encoder = new RecordEncoder(1000, 5000)
    for (let i = 0; i < 30; i++) encoder.add(null, new Uint8Array(100), i)
    encoder.add(null, new Uint8Array(4000), 30)
    encoder.add(null, 'last', 31)
    encoder.finish()
    const sizes: number[] = []
    for (let at = 0; at < encoder.length; at += sizes.at(-1)!) sizes.push(readBatchHeader(encoder.bytes, at).sizeInBytes)
    expect(sizes.length).toBe(6)
    expect(sizes.filter((size) => size > 1000)).toHaveLength(1)
    expect(decodeAll(encoder).map((record) => record.timestamp)).toEqual(Array.from({ length: 32 }, (_, i) => i))
  })

  it('refuses a record above the limit, and can go on', () => {
    const encoder = new RecordEncoder(1000, 1000)
    encoder.add(null, 'a', 1)
    expect(() => encoder.add(null, 'x'.repeat(1000), 1)).toThrow(RecordTooLargeError)
    encoder.add(null, 'b', 2)
    encoder.finish()
    expect(decodeAll(encoder).map((record) => textOf(record.value))).toEqual(['a', 'b'])
  })

  it('is empty after a reset, also in the middle of a batch', () => {
    const encoder = new RecordEncoder(1000, 1000)
    encoder.add(null, 'a', 1)
    encoder.reset()
    encoder.finish()
    expect(encoder.length).toBe(0)
    encoder.add(null, 'b', 2)
    encoder.finish()
    expect(decodeAll(encoder).map((record) => textOf(record.value))).toEqual(['b'])
  })
})

describe('a batch in place', () => {
  const encode = (options = {}): Uint8Array => {
    const encoder = new RecordEncoder(10_000, 10_000, options)
    for (let i = 0; i < 5; i++) encoder.add(`k${i}`, `v${i}`, 1000 + i)
    encoder.finish()
    return encoder.bytes.slice(0, encoder.length)
  }
  const source = { topic: 't', partition: 0 }

  it('gets the offsets of a log, which its checksum does not cover', () => {
    const bytes = encode()
    sealBatch(bytes, 0)
    setBatchOffset(bytes, 0, 5_000_000_000, 7)
    expect(verifyBatch(bytes, 0)).toBe(true)
    expect(batchLastOffset(bytes, 0)).toBe(5_000_000_004)
    expect(readBatchHeader(bytes, 0).leaderEpoch).toBe(7)
    const records: RecordView[] = []
    decodeBatch(bytes, 0, source, 5_000_000_003, records)
    expect(records.map((record) => record.offset)).toEqual([5_000_000_003, 5_000_000_004])
  })

  it('has a wrong checksum if a byte changes', () => {
    const bytes = encode()
    sealBatch(bytes, 0)
    bytes[BATCH_HEADER_BYTES + 8]! ^= 1
    expect(verifyBatch(bytes, 0)).toBe(false)
  })

  it('gets the time of appending', () => {
    const bytes = encode()
    setLogAppendTime(bytes, 0, 77)
    const records: RecordView[] = []
    decodeBatch(bytes, 0, source, 0, records)
    expect(records.map((record) => record.timestamp)).toEqual([77, 77, 77, 77, 77])
  })

  it('has the fields of a producer, a transaction and a marker', () => {
    const bytes = encode({ transactional: true, control: true, producerId: 2 ** 40, producerEpoch: 9, baseSequence: 1234 })
    expect(readBatchHeader(bytes, 0)).toMatchObject({
      transactional: true,
      control: true,
      logAppendTime: false,
      producerId: 2 ** 40,
      producerEpoch: 9,
      baseSequence: 1234,
    })
    const records: RecordView[] = []
    decodeBatch(bytes, 0, source, 0, records)
    expect(records).toEqual([])
  })

  it('keeps offsets and bytes of the others if records are removed', () => {
    const filtered = filterBatch(encode(), 0, source, (record) => record.offset % 2 === 1)
    const header = readBatchHeader(filtered, 0)
    expect([header.recordCount, header.lastOffset, header.sizeInBytes]).toEqual([2, 4, filtered.length])
    const records: RecordView[] = []
    decodeBatch(filtered, 0, source, 0, records)
    expect(records.map((r) => [r.offset, textOf(r.key), textOf(r.value), r.timestamp])).toEqual([
      [1, 'k1', 'v1', 1001],
      [3, 'k3', 'v3', 1003],
    ])
  })

  it('is decompressed by the given function', () => {
    const bytes = encode()
    const squeezed = new Uint8Array(BATCH_HEADER_BYTES + 3)
    const { sizeInBytes, compression, lastOffset, ...rest } = readBatchHeader(bytes, 0)
    writeBatchHeader(squeezed, 0, { ...rest, lastOffsetDelta: lastOffset, sizeInBytes: squeezed.length, compression: 'zstd' })
    const records: RecordView[] = []
    expect(() => decodeBatch(squeezed, 0, source, 0, records)).toThrow(/zstd/)
    decodeBatch(squeezed, 0, source, 0, records, (codec, packed) => {
      expect([compression, codec, packed.length]).toEqual(['none', 'zstd', 3])
      return bytes.subarray(BATCH_HEADER_BYTES, sizeInBytes)
    })
    expect(records.map((record) => textOf(record.value))).toEqual(['v0', 'v1', 'v2', 'v3', 'v4'])
  })

  it('is refused if it is invalid', () => {
    const bytes = encode()
    const decode = (broken: Uint8Array): void => decodeBatch(broken, 0, source, 0, [])
    expect(() => decode(bytes.subarray(0, 60))).toThrow(/record batch header at byte 0 is incomplete/)
    expect(() => decode(bytes.subarray(0, bytes.length - 1))).toThrow(/incomplete/)
    expect(() => decode(bytes.with(16, 1))).toThrow(/format 1/)
    expect(() => decode(bytes.with(BATCH_HEADER_BYTES, 0xfe))).toThrow(/ends outside its batch/)
    expect(() => decode(bytes.with(0, 1))).toThrow(/2\^53/)
  })
})

describe('RecordView', () => {
  it('shows its fields to JSON and to inspectors', () => {
    const encoder = new RecordEncoder(10_000, 10_000)
    encoder.add('k', null, 5)
    encoder.finish()
    const [record] = decodeAll(encoder)
    const shown = { topic: 't', partition: 3, offset: 0, timestamp: 5, key: bytesOf('k'), value: null, headers: [] }
    expect(record!.toJSON()).toEqual(shown)
    expect(JSON.parse(JSON.stringify(record))).toMatchObject({ offset: 0, value: null })
  })
})
