import { errorCodes, RecordEncoder } from '@kasper/protocol'
import { expect, it } from 'vitest'
import { Broker } from '../broker.ts'
import { BrokerStore } from '../storage/broker-store.ts'
import { FakeDisk } from '../../test/fake-disk.ts'
import { VirtualClock } from '@kasper/testing'
import type { ProducerIdAndEpoch } from './transaction-coordinator.ts'

const TIMEOUT_MS = 1000
const LAST_EPOCH = 32_766

it.each(['assigns another producer id when the epochs are used up (after each %s)', 'start'])(
  'gives a producer another id when its epochs are used up (by each %s)',
  (by) => {
    const { transactions: coordinator } = new Broker(new VirtualClock())
    const start = (): ProducerIdAndEpoch =>
      coordinator.init({ transactionalId: 'x', producerId: -1, producerEpoch: -1 }, TIMEOUT_MS) as ProducerIdAndEpoch
    const first = start()
    let last = first
    for (let i = 0; i <= LAST_EPOCH && last.producerId === first.producerId; i++) {
      expect(last.producerEpoch).toBeLessThanOrEqual(LAST_EPOCH)
      last = by === 'start' ? start() : (coordinator.endWithEpoch({ transactionalId: 'x', ...last }, false) as ProducerIdAndEpoch)
    }
    expect(last).toEqual({ producerId: first.producerId + 1, producerEpoch: 0 })
    expect(coordinator.end({ transactionalId: 'x', ...first }, false)).toBe(errorCodes.INVALID_PRODUCER_ID_MAPPING)
    coordinator.close()
  },
)

it('writes a marker that was lost in a crash, even if the producer has started again, and the producer may repeat its request', async () => {
  const disk = new FakeDisk()
  const clock = new VirtualClock()
  const open = async (from: FakeDisk): Promise<Broker> => {
    const broker = new Broker(clock)
    await BrokerStore.open(broker, '/data', from.files)
    return broker
  }
  const before = await open(disk)
  before.createTopics([{ name: 't' }])
  const encoder = new RecordEncoder(1000, 1000, { producerId: 7, producerEpoch: 1, baseSequence: 0, transactional: true })
  encoder.add('key', 'value', 0)
  encoder.finish()
  before.topic('t').logs[0]!.append(encoder.bytes, 0, encoder.length)
  const ended = { state: 'empty', lastEnd: 'committed', partitions: [], offsets: [], begunMs: 0, timeoutMs: TIMEOUT_MS } as const
  before.transactions.onChange!('x', { ...ended, producerId: 7, epoch: 3, lastEpoch: 2 })
  await before.stored()

  const after = await open(disk.with())
  const { transactions: coordinator } = after
  expect(after.log({ topic: 't', partition: 0 }).messages()).toHaveLength(1)
  const asksAgain = { transactionalId: 'x', producerId: 7, producerEpoch: 2 }
  expect(coordinator.init(asksAgain, TIMEOUT_MS)).toEqual({ producerId: 7, producerEpoch: 3 })
  await after.stored()
  coordinator.close()
})
