import { VirtualClock } from '@kasper/testing'
import { expect, test } from 'vitest'
import type { Cluster, Produced } from '../cluster/cluster.ts'
import { ClusterError } from '../cluster/errors.ts'
import { MetadataCache } from '../cluster/metadata-cache.ts'
import { type Chunk, ProduceQueue } from './produce-queue.ts'

interface Request {
  readonly leader: number
  /** The values, by partition: `0: a b`. */
  readonly batches: readonly string[]
  readonly answer: (...produced: Produced[]) => void
}

const notLeader = new ClusterError('broker', 'moved', { type: 'NOT_LEADER_OR_FOLLOWER' })
const refused = (partition: number): Produced => ({ topic: 't', partition, error: notLeader })
const written = (partition: number, baseOffset: number): Produced => ({ topic: 't', partition, baseOffset })
const chunk = (partition: number, value: string): Chunk => ({
  topic: 't',
  partition,
  messages: [{ topic: 't', value }],
  bytes: 1,
})

/** A queue whose requests are answered when the test says so. `leaders` are those of topic `t`. */
async function scripted(leaders: number[]) {
  const requests: Request[] = []
  const cluster: Partial<Cluster> = {
    metadata: () =>
      Promise.resolve({ brokers: [1, 2], controller: 1, topics: new Map([['t', { internal: false, leaders: [...leaders] }]]) }),
    produce: (leader, batches) =>
      new Promise((resolve) => {
        const described = batches.map(({ partition, messages }) => `${partition}: ${messages.map((it) => it.value).join(' ')}`)
        requests.push({ leader, batches: described, answer: (...produced) => resolve(produced) })
      }),
  }
  const clock = new VirtualClock()
  const metadata = new MetadataCache(cluster as Cluster, clock)
  await metadata.read(['t'])
  const queue = new ProduceQueue({ cluster: cluster as Cluster, metadata, clock, onRetry() {} })
  return { queue, requests, leaders, clock }
}

test('a partition has one request under way, also if its leader moves meanwhile', async () => {
  const { queue, requests, leaders, clock } = await scripted([1, 2])
  const sends = [queue.send([chunk(0, 'a')], undefined), queue.send([chunk(1, 'x')], undefined)]
  sends.push(queue.send([chunk(0, 'b')], undefined))
  expect(requests.map(({ leader, batches }) => [leader, batches])).toEqual([
    [1, ['0: a']],
    [2, ['1: x']],
  ])
  leaders[0] = 2
  requests[1]!.answer(refused(1)) // so that the metadata is read again
  await clock.advance(200)
  expect(requests.slice(2).map(({ leader, batches }) => [leader, batches])).toEqual([[2, ['1: x']]])
  requests[0]!.answer(refused(0))
  requests[2]!.answer(written(1, 0))
  await clock.advance(200)
  expect(requests.slice(3).map(({ leader, batches }) => [leader, batches])).toEqual([[2, ['0: a b']]])
  requests[3]!.answer(written(0, 7))
  expect((await Promise.all(sends)).map(([ack]) => [ack!.partition, ack!.baseOffset])).toEqual([
    [0, 7],
    [1, 0],
    [0, 8],
  ])
})
