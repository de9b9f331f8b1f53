import { VirtualClock } from '@kasper/testing'
import { expect, test } from 'vitest'
import type { Batch } from '../batches/batch.ts'
import type { OutgoingMessage } from '../kafka/message.ts'
import type { ProduceAck } from '../kafka/producer.ts'
import type { TopicPartitionOffset } from '../kafka/topic-partition.ts'
import { engineMetrics } from '../observability/engine-metrics.ts'
import { noopMetricsProvider } from '../observability/metrics.ts'
import type { Stage } from '../observability/stages.ts'
import { KasperError } from '../runtime/errors.ts'
import { AtLeastOnceDelivery } from './at-least-once.ts'
import type { DeliveryUnit } from './delivery.ts'

interface Request {
  readonly answer: () => void
  readonly fail: (error: unknown) => void
}

const output = { topic: 'out', value: 'v' }

/** The unit of a batch with one message, at this offset. */
function unit(offset: number): DeliveryUnit {
  const batch: Batch = {
    messages: [],
    ranges: [{ topic: 'in', partition: 0, firstOffset: offset, offset: offset + 1, count: 1 }],
  }
  return { batch, span: undefined }
}

/** A delivery whose sends and commits are recorded, and answered when the test says so. */
function scripted() {
  const requests: string[] = []
  const open: Request[] = []
  const request = <T>(name: string, answer: T): Promise<T> => {
    requests.push(name)
    return new Promise((resolve, reject) => open.push({ answer: () => resolve(answer), fail: reject }))
  }
  const progress = {
    stage: 'process' as Stage,
    events: [] as string[],
    committing: ({ ranges }: Batch): void => void progress.events.push(`committing ${ranges[0]!.offset}`),
    commitEnded: (): void => void progress.events.push('commit ended'),
  }
  const delivery = new AtLeastOnceDelivery({
    partition: 0,
    producer: {
      send: (messages: readonly OutgoingMessage[]) => request<readonly ProduceAck[]>(`send ${messages.length}`, []),
      close: async () => {},
    },
    consumer: () => ({
      commit: (offsets: readonly TopicPartitionOffset[]) => request<void>(`commit ${offsets[0]!.offset}`, undefined),
    }),
    progress,
    metrics: engineMetrics(noopMetricsProvider, 'p'),
    clock: new VirtualClock(),
  })
  return { delivery, requests, open, progress }
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

test('the offsets are committed when the outputs are acknowledged, and not before', async () => {
  const { delivery, requests, open, progress } = scripted()
  const committing = delivery.commit(unit(0), [output, output])
  await settle()
  expect(requests).toEqual(['send 2'])
  expect(progress).toMatchObject({ stage: 'produce', events: [] })
  open[0]!.answer()
  await committing
  expect(requests).toEqual(['send 2', 'commit 1'])
  expect(progress).toMatchObject({ stage: 'commit', events: ['committing 1'] })
  open[1]!.answer()
  await delivery.committed()
  expect(progress.events).toEqual(['committing 1', 'commit ended'])
})

test('a unit whose outputs cannot be sent is not committed', async () => {
  const { delivery, requests, open } = scripted()
  const committing = delivery.commit(unit(7), [output])
  const fails = expect(committing).rejects.toMatchObject({ code: 'PRODUCE_FAILED', topic: 'in', partition: 0, offset: 7 })
  await settle()
  open[0]!.fail(new Error('no broker'))
  await fails
  expect(requests).toEqual(['send 1'])
})

test('nothing of a unit is sent or committed before the commit of the unit before has arrived', async () => {
  const { delivery, requests, open } = scripted()
  await delivery.commit(unit(0), [])
  const sending = delivery.send(unit(1), [output])
  await settle()
  expect(requests).toEqual(['commit 1'])
  open[0]!.answer()
  await settle()
  expect(requests).toEqual(['commit 1', 'send 1'])
  open[1]!.answer()
  await sending
  await delivery.commit(unit(1), [])
  const third = delivery.commit(unit(2), [])
  await settle()
  expect(requests).toEqual(['commit 1', 'send 1', 'commit 2'])
  open[2]!.answer()
  await third
  expect(requests).toEqual(['commit 1', 'send 1', 'commit 2', 'commit 3'])
})

test('after a commit that failed nothing more is sent or committed', async () => {
  const { delivery, requests, open } = scripted()
  await delivery.commit(unit(0), [])
  open[0]!.fail(new Error('no coordinator'))
  const failed = { code: 'COMMIT_FAILED', topic: 'in', partition: 0, offset: 0 }
  await expect(delivery.committed()).rejects.toMatchObject(failed)
  await expect(delivery.send(unit(1), [output])).rejects.toMatchObject(failed)
  await expect(delivery.commit(unit(1), [output])).rejects.toMatchObject(failed)
  expect(requests).toEqual(['commit 1'])
})

test('an abandoned partition sends nothing and commits nothing, not even what was waiting', async () => {
  const { delivery, requests, open } = scripted()
  await delivery.commit(unit(0), [])
  const waiting = [delivery.send(unit(1), [output]), delivery.commit(unit(1), [output])]
  const fenced = waiting.map((call) => expect(call).rejects.toMatchObject({ code: 'FENCED' }))
  delivery.abandon()
  expect(delivery.signal.aborted).toBe(true)
  open[0]!.answer()
  const later = [delivery.send(unit(2), [output]), delivery.commit(unit(2), [])]
  fenced.push(...later.map((call) => expect(call).rejects.toMatchObject({ code: 'FENCED' })))
  await settle()
  expect(requests).toEqual(['commit 1']) // Before awaiting the calls: one that sends would never be answered.
  await Promise.all(fenced)
})

test('a commit that the group refuses is FENCED, so that the partition counts as lost', async () => {
  const { delivery, open } = scripted()
  await delivery.commit(unit(0), [])
  const fenced = new KasperError('FENCED', 'owned by another member')
  open[0]!.fail(fenced)
  await expect(delivery.committed()).rejects.toBe(fenced)
})
