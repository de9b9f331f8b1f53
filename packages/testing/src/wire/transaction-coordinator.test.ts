import { errorCodes } from '@kasper/protocol'
import { expect, it } from 'vitest'
import { Broker } from '../broker.ts'
import { VirtualClock } from '../virtual-clock.ts'
import { type EpochedProducer, TransactionCoordinator } from './transaction-coordinator.ts'

const TIMEOUT_MS = 1000
const LAST_EPOCH = 32_766

it.each(['end', 'start'])('gives a producer another id when its epochs are used up (by each %s)', (by) => {
  const coordinator = new TransactionCoordinator(new Broker(new VirtualClock()))
  const start = (): EpochedProducer =>
    coordinator.init({ transactionalId: 'x', producerId: -1, producerEpoch: -1 }, TIMEOUT_MS) as EpochedProducer
  const first = start()
  let last = first
  for (let i = 0; i <= LAST_EPOCH && last.producerId === first.producerId; i++) {
    expect(last.producerEpoch).toBeLessThanOrEqual(LAST_EPOCH)
    last = by === 'start' ? start() : (coordinator.endWithEpoch({ transactionalId: 'x', ...last }, false) as EpochedProducer)
  }
  expect(last).toEqual({ producerId: first.producerId + 1, producerEpoch: 0 })
  expect(coordinator.end({ transactionalId: 'x', ...first }, false)).toBe(errorCodes.INVALID_PRODUCER_ID_MAPPING)
  coordinator.close()
})
