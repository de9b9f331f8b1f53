// The disk loses power at any step. Afterwards, acknowledged records are there, and nothing else is wrong.
import { readBatchHeader, RecordEncoder } from '@kasper/protocol'
import { expect, it } from 'vitest'
import { Broker } from '../broker.ts'
import { VirtualClock } from '@kasper/testing'
import type { TransactionCoordinator } from '../transactions/transaction-coordinator.ts'
import { BrokerStore } from './broker-store.ts'
import { randomOf } from '../../../../scripts/random.ts'
import { FakeDisk } from '../../test/fake-disk.ts'

const RUNS = 150
const STEPS = 60
const text = new TextDecoder()

async function start(disk: FakeDisk): Promise<{ broker: Broker; transactions: TransactionCoordinator }> {
  const broker = new Broker(new VirtualClock())
  await BrokerStore.open(broker, '/data', disk.files)
  const { transactions } = broker
  await broker.stored()
  return { broker, transactions }
}

interface Acked {
  /** Offsets and values of all messages. */
  values: ReadonlyMap<string, readonly string[]>
  starts: ReadonlyMap<string, number>
  committedOffset: number
}

it.each(Array.from({ length: RUNS }, (_, seed) => seed))(
  'keeps acknowledged records, whenever the power fails: seed %i',
  async (seed) => {
    const random = randomOf(seed)
    let disk = new FakeDisk()
    const acked: Acked = { values: new Map(), starts: new Map(), committedOffset: -1 }
    let next = 0
    const producerIds = new Set<number>()
    for (let life = 0; life < 3; life++) {
      const { broker, transactions } = await start(disk)
      check(broker, acked)
      checkTransactions(broker, transactions)
      disk.stepsLeft = random() < 0.5 ? Infinity : Math.floor(random() * 80)
      for (const topic of ['a', 'b']) if (!broker.topics.has(topic)) broker.createTopics([{ name: topic, partitions: 2 }])
      let lost = false
      for (let step = Math.floor(random() * STEPS); step < STEPS && !lost; step++) {
        const topic = random() < 0.5 ? 'a' : 'b'
        const log = broker.log({ topic, partition: random() < 0.5 ? 0 : 1 })
        const choice = random()
        const value = `${next++}`
        if (choice < 0.5) {
          const batch = batchOf([value, `${value}+`])
          log.append(batch, 0, batch.length)
        } else if (choice < 0.6) {
          broker.groups.storeOffsets('g', [{ topic: 'a', partition: 0, offset: next }])
        } else if (choice < 0.65) {
          log.deleteBefore(log.startOffset + Math.floor(random() * (log.highWatermark - log.startOffset + 1)))
        } else if (choice < 0.7) {
          log.replace(
            [...log.batches()].map(({ bytes, at }) => bytes.slice(at, at + readBatchHeader(bytes, at).sizeInBytes)),
            log.logEndOffset,
          )
        } else if (choice < 0.9) {
          const id = `x${Math.floor(random() * 3)}`
          const started = transactions.init({ transactionalId: id, producerId: -1, producerEpoch: -1 }, 60_000)
          if (typeof started === 'number') throw new Error('refused')
          const producer = { transactionalId: id, ...started }
          const other = broker.log({ topic: topic === 'a' ? 'b' : 'a', partition: log.partition })
          expect(transactions.addPartitions(producer, [log, other])).toBe(0)
          for (const one of [log, other]) {
            const batch = batchOf([`both ${value}`], { ...started, baseSequence: 0, transactional: true })
            one.producers.add(readBatchHeader(batch, 0), one.append(batch, 0, batch.length))
          }
          // A producer ends its transaction when all records are acknowledged.
          lost = await isLost(broker.stored())
          if (lost) break
          if (random() < 0.7) expect(transactions.end(producer, random() < 0.5)).toBe(0)
        } else {
          const id = broker.producerIds.next()
          lost = await isLost(broker.stored())
          if (lost) break
          expect(producerIds.has(id)).toBe(false)
          producerIds.add(id)
        }
        if (random() < 0.4) {
          const model = modelOf(broker)
          lost = await isLost(broker.stored())
          if (!lost) Object.assign(acked, model)
        }
      }
      disk.stepsLeft = 0
      disk = disk.afterPowerLoss(random)
    }
    check((await start(disk)).broker, acked)
  },
)

/** Whether the power fails before the promise settles. */
async function isLost(stored: Promise<void> | undefined): Promise<boolean> {
  let done = stored === undefined
  void stored?.then(() => (done = true))
  // Each step needs only a few turns of the event loop.
  for (let i = 0; i < 500 && !done; i++) await new Promise<void>((resolve) => setImmediate(resolve))
  return !done
}

function modelOf(broker: Broker): Acked {
  const values = new Map<string, string[]>()
  const starts = new Map<string, number>()
  for (const { logs } of broker.topics.values()) {
    for (const log of logs) {
      values.set(
        `${log.topic}/${log.partition}`,
        log.messages().map(({ offset, value }) => `${offset} ${text.decode(value!)}`),
      )
      starts.set(`${log.topic}/${log.partition}`, log.startOffset)
    }
  }
  return { values, starts, committedOffset: broker.groups.committed('g', { topic: 'a', partition: 0 }) ?? -1 }
}

function check(broker: Broker, acked: Acked): void {
  for (const [name, values] of acked.values) {
    const [topic, partition] = name.split('/')
    const log = broker.log({ topic: topic!, partition: Number(partition) })
    const found = new Set(log.messages().map(({ offset, value }) => `${offset} ${text.decode(value!)}`))
    const missing = values.filter((one) => Number(one.split(' ')[0]) >= log.startOffset && !found.has(one))
    expect([name, missing]).toEqual([name, []])
    expect(log.startOffset).toBeGreaterThanOrEqual(acked.starts.get(name)!)
    expect(log.highWatermark).toBe(log.logEndOffset)
    expect(log.lastStableOffset).toBe(log.stableOffset)
  }
  expect(broker.groups.committed('g', { topic: 'a', partition: 0 }) ?? -1).toBeGreaterThanOrEqual(acked.committedOffset)
}

/** Every transaction has written to two topics. It must take effect in both, or in none. */
function checkTransactions(broker: Broker, transactions: TransactionCoordinator): void {
  for (let i = 0; i < 3; i++) transactions.init({ transactionalId: `x${i}`, producerId: -1, producerEpoch: -1 }, 60_000)
  const [inA, inB] = ['a', 'b'].map((topic) => {
    const logs = broker.topics.get(topic)?.logs ?? []
    return logs
      .flatMap((log) => log.messages().map(({ value }) => text.decode(value!)))
      .filter((value) => value.startsWith('both'))
  })
  const starts = [...broker.topics.values()].flatMap(({ logs }) => logs.map(({ startOffset }) => startOffset))
  if (starts.every((offset) => offset === 0)) expect(inA!.sort()).toEqual(inB!.sort())
}

function batchOf(values: readonly string[], options: ConstructorParameters<typeof RecordEncoder>[2] = {}): Uint8Array {
  const encoder = new RecordEncoder(1 << 16, 1 << 16, options)
  for (const value of values) encoder.add('key', value, 0)
  encoder.finish()
  return encoder.bytes.slice(0, encoder.length)
}
