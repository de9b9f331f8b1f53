import { errorCodes as code, RecordEncoder } from '@kasper/protocol'
import { fetchApi, listOffsetsApi, metadataApi } from '@kasper/protocol/messages'
import { systemClock } from '@kasper/core'
import { afterEach, describe, expect, it } from 'vitest'
import { Broker } from '../broker.ts'
import { Faults } from '../faults/faults.ts'
import { compact } from '../logs/log-cleanup.ts'
import { VirtualClock } from '@kasper/testing'
import { RawClient } from '../../test/raw-client.ts'
import { decompress, KafkaServer } from '../wire/server.ts'
import { BrokerStore } from './broker-store.ts'
import { randomOf } from '../../../../scripts/random.ts'
import { FakeDisk } from '../../test/fake-disk.ts'
import { Journal } from './journal.ts'
import { addPartitions, endTransaction, type Identity, initProducer, produce } from '../../test/test-producer.ts'

const text = new TextDecoder()
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  while (closing.length > 0) await closing.pop()!()
})

async function open(disk: FakeDisk): Promise<Broker> {
  const broker = new Broker(systemClock, decompress)
  await BrokerStore.open(broker, '/data', disk.files)
  return broker
}

/** A listening broker on this disk, and a function that connects to it. */
async function listen(disk: FakeDisk): Promise<{ broker: Broker; connect: () => Promise<RawClient> }> {
  const broker = await open(disk)
  const server = await KafkaServer.listen(broker, { host: '127.0.0.1', port: 0 })
  closing.push(() => server.close())
  const connect = async (): Promise<RawClient> => {
    const raw = await RawClient.connect(server.addresses[0]!)
    closing.push(() => raw[Symbol.asyncDispose]())
    return raw
  }
  return { broker, connect }
}

const valuesOf = (broker: Broker, topic = 't'): string[] =>
  broker
    .log({ topic, partition: 0 })
    .messages()
    .map(({ value }) => text.decode(value!))

/** Holds every operation of this kind until it is released, one after the other. */
function gate(disk: FakeDisk, operation: string): { readonly waiting: (() => void)[]; open(): void } {
  const waiting: (() => void)[] = []
  let isOpen = false
  disk.before = (what) => {
    if (what !== operation || isOpen) return undefined
    return new Promise<void>((resolve) => waiting.push(resolve))
  }
  return {
    waiting,
    open() {
      isOpen = true
      for (const resolve of waiting) resolve()
    },
  }
}

describe('an answer', () => {
  it('is sent when the change is stored, and consumers do not see the records before', async () => {
    const disk = new FakeDisk()
    const { broker, connect } = await listen(disk)
    broker.createTopics([{ name: 't' }])
    const [raw, other, reader] = [await connect(), await connect(), await connect()]
    expect(await produce(raw, { topic: 't' }, 'before')).toEqual([0, 0])
    const { waiting, open: release } = gate(disk, 'sync')
    const acked: string[] = []
    const first = produce(raw, { topic: 't' }, 'one').then(() => acked.push('one'))
    await expect.poll(() => waiting).toHaveLength(1)
    const second = produce(other, { topic: 't' }, 'two').then(() => acked.push('two'))
    const end = async (): Promise<number> => {
      const topics = [{ topic: 't', partitions: [{ partition: 0, partitionMaxBytes: 1 << 20 }] }]
      return (await reader.call(fetchApi, 12, { topics, maxBytes: 1 << 20 })).responses[0]!.partitions[0]!.highWatermark
    }
    await expect.poll(() => broker.log({ topic: 't', partition: 0 }).logEndOffset).toBe(3)
    expect([acked, await end()]).toEqual([[], 1])
    // The second batch waits for another round.
    waiting[0]!()
    await first
    await expect.poll(() => waiting).toHaveLength(2)
    expect([acked, await end()]).toEqual([['one'], 2])
    release()
    await second
    expect(await end()).toBe(3)
  })

  it('to a repeated batch waits for the first one', async () => {
    const disk = new FakeDisk()
    const { broker, connect } = await listen(disk)
    broker.createTopics([{ name: 't' }])
    const [raw, again] = [await connect(), await connect()]
    const producer = await initProducer(raw)
    const { waiting, open: release } = gate(disk, 'sync')
    const lost = produce(raw, { topic: 't' }, 'a', { ...producer, sequence: 0 })
    await expect.poll(() => waiting).toHaveLength(1)
    let answered = false
    const repeated = produce(again, { topic: 't' }, 'a', { ...producer, sequence: 0 }).finally(() => (answered = true))
    await (await connect()).call(fetchApi, 12, { topics: [], maxBytes: 1 })
    expect(answered).toBe(false)
    release()
    expect([await lost, await repeated]).toEqual([
      [0, 0],
      [0, 0],
    ])
    expect(valuesOf(broker)).toEqual(['a'])
  })

  it('waits together with many others', async () => {
    const disk = new FakeDisk()
    const { broker, connect } = await listen(disk)
    broker.createTopics([{ name: 't' }])
    const clients = await Promise.all(Array.from({ length: 40 }, connect))
    await produce(clients[0]!, { topic: 't' }, 'first')
    const { waiting, open: release } = gate(disk, 'sync')
    disk.operations.length = 0
    const all = clients.map((raw, i) => produce(raw, { topic: 't' }, `${i}`))
    await expect.poll(() => waiting).toHaveLength(1)
    await expect.poll(() => broker.log({ topic: 't', partition: 0 }).logEndOffset).toBe(41)
    release()
    await Promise.all(all)
    expect(disk.operations.filter((operation) => operation.startsWith('sync')).length).toBeLessThanOrEqual(2)
  })
})

it('to writes of one client: they wait together, and are answered in order, before later requests', async () => {
  const disk = new FakeDisk()
  const { broker, connect } = await listen(disk)
  broker.createTopics([{ name: 't' }])
  const raw = await connect()
  const producer = await initProducer(raw)
  const { waiting, open: release } = gate(disk, 'sync')
  let answered = 0
  const requests = Array.from({ length: 20 }, async (_, sequence) => {
    // The last batch is out of order. Answers in the wrong order would fail the client.
    const options = { ...producer, sequence: sequence === 19 ? 30 : sequence }
    const answer = await produce(raw, { topic: 't' }, `${sequence}`, options)
    answered++
    return answer
  })
  const last = raw.call(metadataApi, 13, { topics: null }).finally(() => answered++)
  await expect.poll(() => broker.log({ topic: 't', partition: 0 }).logEndOffset).toBe(19)
  expect([waiting.length, answered]).toEqual([1, 0])
  release()
  const wanted = Array.from({ length: 19 }, (_, offset) => [0, offset])
  expect(await Promise.all(requests)).toEqual([...wanted, [code.OUT_OF_ORDER_SEQUENCE_NUMBER, -1]])
  expect((await last).topics).toHaveLength(1)
})

it('to a write that a fault holds delays the answers to later writes', async () => {
  const disk = new FakeDisk()
  const { broker, connect } = await listen(disk)
  broker.createTopics([{ name: 't' }, { name: 'u' }])
  const raw = await connect()
  const hold = new Faults(broker).holdAcks({ topic: 't' })
  const held = produce(raw, { topic: 't' }, 'a')
  const behind = produce(raw, { topic: 'u' }, 'b')
  await expect.poll(() => broker.log({ topic: 'u', partition: 0 }).highWatermark).toBe(1)
  hold.release()
  expect([await held, await behind]).toEqual([
    [0, 0],
    [0, 0],
  ])
})

it('a full disk: nothing is acknowledged any more, and stored records can be read', async () => {
  const disk = new FakeDisk()
  const { broker, connect } = await listen(disk)
  const warnings: string[] = []
  const onWarning = ({ message }: Error): void => void warnings.push(message)
  process.on('warning', onWarning)
  closing.push(async () => void process.off('warning', onWarning))
  broker.createTopics([{ name: 't' }])
  const raw = await connect()
  expect(await produce(raw, { topic: 't' }, 'a')).toEqual([0, 0])
  disk.before = (operation) => {
    if (operation === 'write') throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  }
  expect(await produce(raw, { topic: 't' }, 'b')).toEqual([code.KAFKA_STORAGE_ERROR, -1])
  const said = /^Cannot write to \/data: ENOSPC.*acknowledges nothing any more; check the disk, and restart the broker/
  await expect.poll(() => warnings).toContainEqual(expect.stringMatching(said))
  disk.before = () => {}
  expect(await produce(raw, { topic: 't' }, 'c')).toEqual([code.KAFKA_STORAGE_ERROR, -1])
  const topics = [{ name: 't', partitions: [{ partitionIndex: 0, timestamp: -1 }] }]
  expect((await raw.call(listOffsetsApi, 9, { topics })).topics[0]!.partitions[0]!.offset).toBe(1)
  expect((await raw.call(metadataApi, 13, { topics: null })).topics).toHaveLength(1)
  const producer = await broker.stored()?.catch((error: unknown) => error)
  expect(producer).toMatchObject({ code: 'DATA_UNUSABLE' })
  const again = await open(disk.with())
  expect(valuesOf(again)).toEqual(['a'])
})

/** A disk with three messages in t/0, and the path of their file. */
async function written(): Promise<{ disk: FakeDisk; path: string; bytes: Uint8Array }> {
  const disk = new FakeDisk()
  const { broker, connect } = await listen(disk)
  broker.createTopics([{ name: 't' }])
  const raw = await connect()
  for (const value of ['a', 'b', 'c']) await produce(raw, { topic: 't' }, value)
  const path = [...disk.contents.keys()].find((name) => name.endsWith('.log'))!
  return { disk, path, bytes: disk.contents.get(path)! }
}

describe('a log with a torn end', () => {
  it('drops an incomplete last batch, wherever it is cut', async () => {
    const { disk, path, bytes } = await written()
    const random = randomOf(1)
    const batch = bytes.length / 3
    for (let size = bytes.length - batch; size <= bytes.length; size++) {
      const cut = disk.with([path, bytes.slice(0, size)])
      const broker = await open(cut)
      expect(valuesOf(broker)).toEqual(size === bytes.length ? ['a', 'b', 'c'] : ['a', 'b'])
      // Records that are written later can be read.
      expect(broker.log({ topic: 't', partition: 0 }).append(bytes, 0, batch)).toBe(size === bytes.length ? 3 : 2)
      await broker.stored()
      expect(valuesOf(await open(cut.with())).at(-1)).toBe('a')

      const garbage = bytes.map((byte, i) => (i >= size ? Math.floor(random() * 256) : byte))
      expect(valuesOf(await open(disk.with([path, garbage])))).toEqual(size === bytes.length ? ['a', 'b', 'c'] : ['a', 'b'])
    }
  })

  it('is damaged if valid batches follow, and the error says what to do', async () => {
    const { disk, path, bytes } = await written()
    const broken = bytes.slice()
    broken[bytes.length / 3 + 70]! ^= 1
    await expect(open(disk.with([path, broken]))).rejects.toMatchObject({
      code: 'DATA_UNUSABLE',
      message: expect.stringMatching(
        new RegExp(
          `^${path} is damaged at byte ${bytes.length / 3}: .*valid batches follow.*truncate -s ${bytes.length / 3} '${path}'`,
        ),
      ),
    })
    expect(valuesOf(await open(disk.with([path, broken.slice(0, bytes.length / 3)])))).toEqual(['a'])
  })
})

describe('a journal', () => {
  const journalOf = (disk: FakeDisk): Uint8Array => disk.contents.get('/data/journal')!

  it('drops an incomplete last frame, wherever it is cut', async () => {
    const { disk } = await written()
    const broker = await open(disk)
    broker.groups.storeOffsets('g', [{ topic: 't', partition: 0, offset: 2 }])
    await broker.stored()
    const bytes = journalOf(disk)
    const frame = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) + 8
    for (let size = frame; size <= bytes.length; size++) {
      const again = await open(disk.with(['/data/journal', bytes.slice(0, size)]))
      expect(again.groups.committed('g', { topic: 't', partition: 0 })).toBe(size === bytes.length ? 2 : undefined)
      expect(valuesOf(again)).toEqual(['a', 'b', 'c'])
    }
  })

  it('is read, or reported as damaged, for any change of its bytes', async () => {
    const { disk } = await written()
    const broker = await open(disk)
    for (let offset = 0; offset < 4; offset++) {
      broker.groups.storeOffsets('g', [{ topic: 't', partition: 0, offset }])
      await broker.stored()
    }
    const bytes = journalOf(disk)
    const random = randomOf(7)
    const outcomes = { read: 0, damaged: 0 }
    for (let i = 0; i < 400; i++) {
      const broken = bytes.slice(0, random() < 0.2 ? Math.floor(random() * bytes.length) : bytes.length)
      for (let n = 1 + Math.floor(random() * 3); n > 0 && broken.length > 0; n--)
        broken[Math.floor(random() * broken.length)] = Math.floor(random() * 256)
      try {
        await open(disk.with(['/data/journal', broken]))
        outcomes.read++
      } catch (error) {
        expect(error).toMatchObject({
          code: 'DATA_UNUSABLE',
          message: expect.stringMatching(/^\/data\/journal is damaged at byte \d+/),
        })
        outcomes.damaged++
      }
    }
    expect(outcomes.read).toBeGreaterThan(10)
    expect(outcomes.damaged).toBeGreaterThan(10)
  })

  it('is rewritten when most of it is obsolete', async () => {
    const disk = new FakeDisk()
    const broker = await open(disk)
    broker.createTopics([{ name: 't' }])
    const metadata = 'x'.repeat(4000)
    for (let offset = 0; offset < 600; offset++) {
      broker.groups.storeOffsets('g', [{ topic: 't', partition: 0, offset, metadata }])
      await broker.stored()
    }
    expect(journalOf(disk).length).toBeLessThan(1_500_000)
    const again = await open(disk.with())
    expect(again.groups.committed('g', { topic: 't', partition: 0 })).toBe(599)
    expect(again.topics.get('t')!.id).toBe(broker.topics.get('t')!.id)
  })

  it('of a newer version is rejected', async () => {
    const { disk } = await written()
    const journal = await Journal.open(disk.files, '/data')
    await journal.write([['format', 2]])
    await journal.close()
    await expect(open(disk.with())).rejects.toThrow(
      /has format 2, but this version supports only 1; use the version that wrote it/,
    )
  })
})

it('a transaction ends, even if one of its topics is deleted', async () => {
  const disk = new FakeDisk()
  const { broker, connect } = await listen(disk)
  broker.createTopics([{ name: 't' }, { name: 'gone' }])
  const raw = await connect()
  const producer = await initProducer(raw, 'x')
  await addPartitions(raw, 'x', producer, 't', 'gone')
  for (const topic of ['t', 'gone']) await produce(raw, { topic }, 'a', { ...producer, sequence: 0, transactionalId: 'x' })
  broker.deleteTopic(broker.topic('gone'))
  await broker.stored()
  expect(await endTransaction(raw, 'x', producer, true)).toBe(0)
  expect(await produce(raw, { topic: 't' }, 'b')).toEqual([0, 2])
  expect([...disk.contents.keys()]).toHaveLength(2)
})

it('an open transaction is aborted after its timeout, even with a restart in between', async () => {
  const disk = new FakeDisk()
  const clock = new VirtualClock()
  {
    const broker = new Broker(clock)
    await BrokerStore.open(broker, '/data', disk.files)
    broker.createTopics([{ name: 't' }])
    const { transactions } = broker
    const producer = transactions.init({ transactionalId: 'x', producerId: -1, producerEpoch: -1 }, 60_000) as Identity
    expect(transactions.addPartitions({ transactionalId: 'x', ...producer }, broker.topic('t').logs)).toBe(0)
    const encoder = new RecordEncoder(1000, 1000, { ...producer, baseSequence: 0, transactional: true })
    encoder.add('a', 'a', 0)
    encoder.finish()
    broker.topic('t').logs[0]!.append(encoder.bytes, 0, encoder.length)
    await broker.stored()
    transactions.close()
  }
  await clock.advance(50_000)
  const broker = new Broker(clock)
  await BrokerStore.open(broker, '/data', disk.with().files)
  const { transactions } = broker
  const log = broker.log({ topic: 't', partition: 0 })
  expect([log.stableOffset, log.logEndOffset]).toEqual([0, 1])
  await clock.advance(9000)
  expect(log.stableOffset).toBe(0)
  await clock.advance(1000)
  expect([log.stableOffset, log.logEndOffset, log.messages()]).toEqual([2, 2, []])
  transactions.close()
})

it('a broker that cannot listen leaves no timer behind, not even that of an open transaction', async () => {
  const disk = new FakeDisk()
  const before = new Broker(new VirtualClock())
  await BrokerStore.open(before, '/data', disk.files)
  before.createTopics([{ name: 't' }])
  const producer = before.transactions.init({ transactionalId: 'x', producerId: -1, producerEpoch: -1 }, 60_000) as Identity
  before.transactions.addPartitions({ transactionalId: 'x', ...producer }, before.topic('t').logs)
  await before.stored()
  before.close()

  const clock = new VirtualClock()
  let timers = 0
  const setTimer = clock.setTimer.bind(clock)
  clock.setTimer = (callback, delayMs) => {
    const { cancel } = setTimer(callback, delayMs)
    let isSet = true
    timers++
    return {
      cancel() {
        if (isSet) timers--
        isSet = false
        cancel()
      },
    }
  }
  const broker = new Broker(clock)
  await BrokerStore.open(broker, '/data', disk.with().files)
  expect(timers).toBe(1)
  await expect(KafkaServer.listen(broker, { host: '127.0.0.1', port: 0, brokers: 1000 })).rejects.toThrow('choose 1 to 100')
  expect(timers).toBe(0)
})

describe('files', () => {
  it('without a manifest are deleted', async () => {
    const { disk, path } = await written()
    const leftover = path.replace(/\d+\.log$/, '00000000000000000009.log')
    const gone = '/data/topics/AAAAAAAAAAAAAAAAAAAAAA/0/00000000000000000000.log'
    const again = disk.with([leftover, new Uint8Array(9)], [gone, new Uint8Array(9)])
    await open(again)
    expect([...again.contents.keys()].sort()).toEqual(['/data/journal', path].sort())
  })

  it('of another program are not changed', async () => {
    const topics = new FakeDisk().with(['/data/topics/holiday.jpg', new Uint8Array(1)])
    await expect(open(topics)).rejects.toThrow(
      /^\/data is not a data directory: it contains topics, but no journal; choose an empty/,
    )
    expect([...topics.contents.keys()]).toEqual(['/data/topics/holiday.jpg'])
    for (const text of ['', 'Dear journal, today I']) {
      const journal = new FakeDisk().with(['/data/journal', new TextEncoder().encode(text)])
      await expect(open(journal)).rejects.toThrow(
        /^\/data\/journal is damaged at byte 0: .*delete the directory to start without data$/,
      )
      expect(new TextDecoder().decode(journal.contents.get('/data/journal'))).toBe(text)
    }
  })

  it('of deleted topics, deleted records and compacted records are deleted', async () => {
    const disk = new FakeDisk()
    const broker = await open(disk)
    broker.createTopics([{ name: 't' }, { name: 'u' }])
    const big = new Uint8Array(3 << 20)
    const log = broker.log({ topic: 't', partition: 0 })
    for (let i = 0; i < 15; i++) {
      const encoder = new RecordEncoder(4 << 20, 4 << 20)
      encoder.add('k', big, 0)
      encoder.finish()
      log.append(encoder.bytes, 0, encoder.length)
      broker.log({ topic: 'u', partition: 0 }).append(encoder.bytes, 0, encoder.length)
      await broker.stored()
    }
    const bytes = (): number => [...disk.contents.values()].reduce((sum, { length }) => sum + length, 0)
    expect(bytes()).toBeGreaterThan(90 << 20)
    log.deleteBefore(11)
    await broker.stored()
    expect(bytes()).toBeLessThan(70 << 20)
    broker.deleteTopic(broker.topic('u'))
    await broker.stored()
    expect(bytes()).toBeLessThan(20 << 20)
    compact(log, false)
    await broker.stored()
    expect(bytes()).toBeLessThan(4 << 20)
    log.deleteBefore(15)
    await broker.stored()
    expect(bytes()).toBeLessThan(1 << 20)
    const again = await open(disk.with())
    const { startOffset, highWatermark } = again.log({ topic: 't', partition: 0 })
    expect([startOffset, highWatermark, [...again.topics.keys()]]).toEqual([15, 15, ['t']])
  })
})
