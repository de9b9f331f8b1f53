import { BATCH_HEADER_BYTES, encodeTransactionMarker, errorCodes as code, readBatchHeader, RecordEncoder } from '@kasper/protocol'
import { createTopicsApi, fetchApi, incrementalAlterConfigsApi } from '@kasper/protocol/messages'
import { describe, expect, it } from 'vitest'
import { Broker } from '../broker.ts'
import { LogCleaner } from './log-cleaner.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import type { PartitionLog } from './partition-log.ts'
import { addPartitions, endTransaction, initProducer, produce } from '../../test/test-producer.ts'
import { VirtualClock } from '@kasper/testing'
import { RawClient } from '../../test/raw-client.ts'

const CHECK_MS = 5000
const text = new TextDecoder()

/** A broker with a log cleaner, and a topic `t` with this configuration. */
function cleaning(
  config: Readonly<Record<string, string>>,
): { clock: VirtualClock; broker: Broker; log: PartitionLog } & Disposable {
  const clock = new VirtualClock()
  const broker = new Broker(clock)
  broker.createTopics([{ name: 't', config }])
  const cleaner = new LogCleaner(broker)
  const log = broker.log({ topic: 't', partition: 0 })
  return { clock, broker, log, [Symbol.dispose]: () => cleaner.close() }
}

const show = (log: PartitionLog): string[] =>
  log.messages().map(({ offset, key, value }) => `${offset}:${text.decode(key!)}=${value === null ? '' : text.decode(value)}`)

/** Appends `key=value` pairs as one batch. A pair without a value is a tombstone. */
function append(log: PartitionLog, timestamp: number, ...pairs: string[]): void {
  const encoder = new RecordEncoder(1 << 20, 1 << 20)
  for (const pair of pairs) {
    const [key, value] = pair.split('=')
    encoder.add(key!, value === '' ? null : value!, timestamp)
  }
  encoder.finish()
  log.append(encoder.bytes, 0, encoder.length)
}

describe('compaction', () => {
  const compact = { 'cleanup.policy': 'compact' }

  it('starts by itself in closed segments, and does not change the active one', async () => {
    using it = cleaning({ ...compact, 'segment.ms': '60000' })
    append(it.log, it.clock.now(), 'a=1', 'a=2')
    await it.clock.advance(30_000)
    expect(show(it.log)).toHaveLength(2)
    await it.clock.advance(31_000)
    append(it.log, it.clock.now(), 'a=3', 'b=1', 'b=2')
    await it.clock.advance(CHECK_MS)
    // As in Kafka, compaction ignores the content of the active segment.
    expect(show(it.log)).toEqual(['1:a=2', '2:a=3', '3:b=1', '4:b=2'])
    // Unlike in Kafka, the segment is closed without another message.
    await it.clock.advance(65_000)
    expect(show(it.log)).toEqual(['2:a=3', '4:b=2'])
    expect([it.log.startOffset, it.log.highWatermark]).toEqual([0, 5])
  })

  it('closes segments by their size too', async () => {
    using it = cleaning({ ...compact, 'segment.bytes': '1000' })
    for (let i = 0; i < 10; i++) append(it.log, it.clock.now(), `a=${'x'.repeat(300)}${i}`)
    await it.clock.advance(CHECK_MS)
    expect(it.log.messages().map(({ offset }) => offset)).toEqual([7, 8, 9])
    expect(it.log.sizeInBytes).toBeLessThan(2000)
  })

  it('waits until enough of the log is new, or for max.compaction.lag.ms', async () => {
    using it = cleaning({
      ...compact,
      'segment.ms': '1000',
      'min.cleanable.dirty.ratio': '0.5',
      'max.compaction.lag.ms': '3600000',
    })
    append(it.log, it.clock.now(), ...Array.from({ length: 100 }, (_, i) => `key-${i}=${i}`))
    await it.clock.advance(2 * CHECK_MS)
    append(it.log, it.clock.now(), 'key-0=new')
    await it.clock.advance(10 * CHECK_MS)
    expect(it.log.messages()).toHaveLength(101)
    await it.clock.advance(3_600_000)
    expect(it.log.messages()).toHaveLength(100)
    append(
      it.log,
      it.clock.now(),
      ...Array.from({ length: 100 }, (_, i) => `key-${i}=${i}`),
      ...Array.from({ length: 20 }, () => 'x=y'),
    )
    await it.clock.advance(2 * CHECK_MS)
    expect(it.log.messages()).toHaveLength(101)
  })

  it('does not change records that are too new', async () => {
    using it = cleaning({ ...compact, 'segment.ms': '1000', 'min.compaction.lag.ms': '60000' })
    append(it.log, it.clock.now(), 'a=1', 'a=2')
    await it.clock.advance(10 * CHECK_MS)
    expect(show(it.log)).toHaveLength(2)
    await it.clock.advance(3 * CHECK_MS)
    expect(show(it.log)).toEqual(['1:a=2'])
  })

  it('deletes a tombstone after delete.retention.ms', async () => {
    using it = cleaning({ ...compact, 'segment.ms': '1000', 'delete.retention.ms': '60000' })
    append(it.log, it.clock.now(), 'a=1', 'b=1')
    append(it.log, it.clock.now(), 'a=')
    append(it.log, it.clock.now(), 'c=1')
    await it.clock.advance(2 * CHECK_MS)
    expect(show(it.log)).toEqual(['1:b=1', '2:a=', '3:c=1'])
    await it.clock.advance(50_000)
    expect(show(it.log)).toHaveLength(3)
    await it.clock.advance(20_000)
    expect(show(it.log)).toEqual(['1:b=1', '3:c=1'])
  })

  it('needs the policy, and starts when the policy is added', async () => {
    using it = cleaning({ 'segment.ms': '1000' })
    append(it.log, it.clock.now(), 'a=1', 'a=2')
    await it.clock.advance(4 * CHECK_MS)
    expect(show(it.log)).toHaveLength(2)
    it.broker.configure(
      it.broker.topic('t'),
      new Map([
        ['cleanup.policy', 'compact'],
        ['segment.ms', '1000'],
      ]),
    )
    await it.clock.advance(CHECK_MS)
    expect(show(it.log)).toEqual(['1:a=2'])
  })

  it('of a large log yields to other work', async () => {
    const broker = new Broker({
      now: () => Date.now(),
      monotonic: () => performance.now(),
      setTimer: (callback) => (setTimeout(callback, 0), { cancel() {} }),
    })
    broker.createTopics([{ name: 't', config: { ...compact, 'segment.bytes': '1000000' } }])
    const log = broker.log({ topic: 't', partition: 0 })
    for (let i = 0; i < 300; i++) append(log, Date.now(), ...Array.from({ length: 1000 }, (_, n) => `key-${n}=${i}`))
    const cleaner = new LogCleaner(broker)
    let turns = 0
    while (log.replacements === 0) {
      await new Promise<void>((resolve) => setImmediate(resolve))
      turns++
      if (turns === 3) append(log, Date.now(), 'late=1')
    }
    cleaner.close()
    expect(turns).toBeGreaterThan(3)
    expect(show(log).at(-1)).toBe('300000:late=1')
    expect(log.sizeInBytes).toBeLessThan(2_000_000)
  })
})

describe('compaction of transactions', () => {
  interface Producer {
    readonly id: number
    sequence: number
  }

  function write(log: PartitionLog, producer: Producer, ...pairs: string[]): void {
    const options = { producerId: producer.id, producerEpoch: 0, baseSequence: producer.sequence, transactional: true }
    const encoder = new RecordEncoder(1 << 20, 1 << 20, options)
    for (const pair of pairs) encoder.add(pair.split('=')[0]!, pair.split('=')[1]!, 0)
    encoder.finish()
    producer.sequence += pairs.length
    log.producers.add(readBatchHeader(encoder.bytes, 0), log.append(encoder.bytes, 0, encoder.length))
  }

  function end(log: PartitionLog, { id }: Producer, committed: boolean): void {
    const marker = { committed, producerId: id, producerEpoch: 0, coordinatorEpoch: 0 }
    const bytes = encodeTransactionMarker(marker, 0)
    log.producers.end(marker, log.logEndOffset)
    log.append(bytes, 0, bytes.length)
  }

  const headers = (log: PartitionLog): string[] =>
    [...log.batches()].map(({ bytes, at }) => {
      const { control, baseOffset, recordCount } = readBatchHeader(bytes, at)
      return `${baseOffset}${control ? ' marker' : ` ${recordCount}`}`
    })

  it('does not bring back aborted records, and keeps markers while they are needed', async () => {
    using it = cleaning({ 'cleanup.policy': 'compact', 'segment.ms': '1000', 'delete.retention.ms': '60000' })
    const [x, y] = [
      { id: 1, sequence: 0 },
      { id: 2, sequence: 0 },
    ]
    append(it.log, 0, 'a=before')
    write(it.log, x, 'a=aborted', 'b=aborted')
    write(it.log, y, 'c=committed')
    end(it.log, x, false)
    end(it.log, y, true)
    write(it.log, x, 'd=committed')
    end(it.log, x, true)
    write(it.log, y, 'c=again')
    end(it.log, y, true)
    const wanted = ['0:a=before', '6:d=committed', '8:c=again']
    expect(show(it.log)).toEqual(['0:a=before', '3:c=committed', ...wanted.slice(1)])
    await it.clock.advance(2 * CHECK_MS)
    expect(show(it.log)).toEqual(wanted)
    expect(headers(it.log)).toEqual(['0 1', '4 marker', '5 marker', '6 1', '7 marker', '8 1', '9 marker'])
    expect(it.log.producers.abortedWithin(0, 10)).toHaveLength(1)
    // Markers without messages are deleted like tombstones.
    await it.clock.advance(70_000)
    expect(headers(it.log)).toEqual(['0 1', '6 1', '7 marker', '8 1', '9 marker'])
    expect([show(it.log), it.log.producers.abortedWithin(0, 10)]).toEqual([wanted, []])
  })

  it('does not change records of an open transaction, or later ones', async () => {
    using it = cleaning({ 'cleanup.policy': 'compact', 'segment.ms': '1000' })
    const x = { id: 1, sequence: 0 }
    append(it.log, 0, 'a=1', 'a=2')
    write(it.log, x, 'a=open')
    append(it.log, 0, 'a=3')
    await it.clock.advance(10 * CHECK_MS)
    expect(headers(it.log)).toEqual(['0 1', '2 1', '3 1'])
    end(it.log, x, true)
    await it.clock.advance(10 * CHECK_MS)
    expect(show(it.log)).toEqual(['3:a=3'])
  })

  it('keeps the sequence number of a producer whose records are all deleted', async () => {
    using it = cleaning({ 'cleanup.policy': 'compact', 'segment.ms': '1000' })
    const x = { id: 1, sequence: 0 }
    write(it.log, x, 'a=1')
    write(it.log, x, 'a=2')
    end(it.log, x, true)
    append(it.log, 0, 'a=3')
    await it.clock.advance(2 * CHECK_MS)
    expect(headers(it.log)).toEqual(['1 0', '2 marker', '3 1'])
  })
})

describe('retention', () => {
  it('deletes segments that are too old, including the active one', async () => {
    using it = cleaning({ 'retention.ms': '60000', 'segment.ms': '20000' })
    for (let i = 0; i < 4; i++) {
      append(it.log, it.clock.now(), `a=${i}`)
      await it.clock.advance(20_000)
    }
    expect(show(it.log)).toEqual(['1:a=1', '2:a=2', '3:a=3'])
    await it.clock.advance(60_000)
    expect([show(it.log), it.log.startOffset, it.log.highWatermark, it.log.sizeInBytes]).toEqual([[], 4, 4, 0])
    append(it.log, it.clock.now(), 'a=4')
    expect(show(it.log)).toEqual(['4:a=4'])
  })

  it('keeps enough whole segments for retention.bytes', async () => {
    using it = cleaning({ 'retention.bytes': '2500', 'segment.bytes': '1000', 'retention.ms': '-1' })
    for (let i = 0; i < 30; i++) append(it.log, it.clock.now(), `a=${'x'.repeat(300)}`)
    await it.clock.advance(CHECK_MS)
    expect(it.log.sizeInBytes).toBeGreaterThanOrEqual(2500)
    expect(it.log.sizeInBytes).toBeLessThan(3600)
    expect(it.log.startOffset).toBeGreaterThan(15)
  })

  it('counts only what compaction has left', async () => {
    const policy = { 'cleanup.policy': 'compact,delete', 'retention.ms': '-1', 'retention.bytes': '2000' }
    using it = cleaning({ ...policy, 'segment.bytes': '1000', 'segment.ms': '1000' })
    append(it.log, it.clock.now(), 'first=1')
    for (let i = 0; i < 4; i++) append(it.log, it.clock.now(), `a=${'x'.repeat(300)}`)
    await it.clock.advance(CHECK_MS)
    for (let i = 0; i < 4; i++) append(it.log, it.clock.now(), `a=${'x'.repeat(300)}`)
    await it.clock.advance(4 * CHECK_MS)
    expect(it.log.messages().map(({ offset }) => offset)).toEqual([0, 8])
  })

  it('applies to compacted topics only if their policy says so', async () => {
    using compacted = cleaning({ 'cleanup.policy': 'compact', 'retention.ms': '1000' })
    append(compacted.log, compacted.clock.now(), 'a=1')
    await compacted.clock.advance(3 * CHECK_MS)
    expect(show(compacted.log)).toHaveLength(1)
    using both = cleaning({ 'cleanup.policy': 'compact, delete', 'retention.ms': '20000', 'segment.ms': '1000' })
    append(both.log, both.clock.now(), 'a=1', 'a=2')
    await both.clock.advance(2 * CHECK_MS)
    expect(show(both.log)).toEqual(['1:a=2'])
    await both.clock.advance(3 * CHECK_MS)
    expect(show(both.log)).toEqual([])
  })
})

it("works over TCP with the topic's configuration, and survives a restart", async () => {
  const { mkdtempSync, rmSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const directory = mkdtempSync(`${tmpdir()}/kasper-clean-`)
  const clock = new VirtualClock(Date.now())
  try {
    {
      await using kafka = await EmbeddedKafka.listen({ clock, data: directory })
      await using raw = await RawClient.connect(kafka.brokers[0]!)
      const configs = [
        { name: 'cleanup.policy', value: 'compact' },
        { name: 'retention.ms', value: '9223372036854775807' },
      ]
      const created = await raw.call(createTopicsApi, 7, {
        topics: [{ name: 't', numPartitions: 1, replicationFactor: 1, configs }],
      })
      expect(created.topics[0]!.errorCode).toBe(code.NONE)
      const producer = await initProducer(raw, 'x')
      for (let i = 0; i < 6; i++) {
        await addPartitions(raw, 'x', producer, 't')
        await produce(raw, { topic: 't' }, `${i}`, { ...producer, sequence: i, transactionalId: 'x' })
        await endTransaction(raw, 'x', producer, i % 2 === 0)
      }
      await clock.advance(60_000)
      expect(kafka.read('t')).toHaveLength(3)
      const alter = (value: string) =>
        raw.call(incrementalAlterConfigsApi, 1, {
          resources: [{ resourceType: 2, resourceName: 't', configs: [{ name: 'segment.ms', configOperation: 0, value }] }],
        })
      expect((await alter('x')).responses[0]!.errorCode).toBe(code.INVALID_CONFIG)
      expect((await alter('1000')).responses[0]!.errorCode).toBe(code.NONE)
      await clock.advance(CHECK_MS)
      expect(kafka.read('t').map(({ offset }) => offset)).toEqual([8])
    }
    await using kafka = await EmbeddedKafka.listen({ clock, data: directory })
    await using raw = await RawClient.connect(kafka.brokers[0]!)
    expect(kafka.read('t').map(({ offset }) => offset)).toEqual([8])
    const topics = [{ topic: 't', partitions: [{ partition: 0, partitionMaxBytes: 1 << 20 }] }]
    const { records, highWatermark } = (await raw.call(fetchApi, 12, { topics, maxBytes: 1 << 20, isolationLevel: 1 }))
      .responses[0]!.partitions[0]!
    expect(highWatermark).toBe(12)
    expect(records!.length).toBeGreaterThan(BATCH_HEADER_BYTES)
  } finally {
    rmSync(directory, { recursive: true })
  }
})
