import { VirtualClock } from '@kasper/testing'
import { expect, test } from 'vitest'
import type { FetchedBatch, TopicPartitionOffset } from '@kasper/core'
import type { Cluster, Fetched, FetchRequest } from '../cluster/cluster.ts'
import { ClusterError } from '../cluster/errors.ts'
import { MetadataCache } from '../cluster/metadata-cache.ts'
import { Fetcher } from './fetcher.ts'

interface Request {
  readonly leader: number
  readonly positions: readonly TopicPartitionOffset[]
  readonly answer: (...fetched: Fetched[]) => void
}

const at = (partition: number, offset: number): TopicPartitionOffset => ({ topic: 't', partition, offset })
const notLeader = new ClusterError('broker', 'moved', { type: 'NOT_LEADER_OR_FOLLOWER' })

/** A batch that was fetched at this offset. */
function batch(
  partition: number,
  offset: number,
  nextOffset: number,
  endOffset = 100,
): Fetched & { readonly batch: FetchedBatch } {
  const place = { topic: 't', partition }
  return { ...place, batch: { ...place, messages: [], nextOffset, endOffset, bytes: 0 } }
}

/** A fetcher whose requests are answered when the test says so. `leaders` are those of topic `t`. */
function scripted(leaders: number[]) {
  const requests: Request[] = []
  const cluster: Partial<Cluster> = {
    metadata: () =>
      Promise.resolve({ brokers: [1, 2], controller: 1, topics: new Map([['t', { internal: false, leaders: [...leaders] }]]) }),
    fetch: (leader: number, { positions }: FetchRequest) =>
      new Promise((resolve) => {
        const plain = positions.map(({ partition, offset }) => at(partition, offset))
        requests.push({ leader, positions: plain, answer: (...fetched) => resolve(fetched) })
      }),
  }
  const clock = new VirtualClock()
  const fetcher = new Fetcher({
    cluster: cluster as Cluster,
    metadata: new MetadataCache(cluster as Cluster, clock),
    clock,
    maxPartitionBytes: 1000,
    retryLimitMs: 1000,
    onRetry() {},
    onReady() {},
    onFailure: (error) => expect.unreachable(error.message),
  })
  /** The last request to this broker. */
  const last = (leader: number): Request => requests.findLast((request) => request.leader === leader)!
  return { fetcher, leaders, clock, last }
}

/** Partition 0 moves from broker 1 to broker 2, while broker 1 has not answered a fetch of it. Returns the two fetches of it. */
async function moveDuringFetch() {
  const { fetcher, leaders, clock, last } = scripted([1, 2])
  fetcher.assign([at(0, 5), at(1, 0)])
  await clock.advance(1)
  const old = last(1)
  expect(old.positions).toEqual([at(0, 5)])
  leaders[0] = 2
  last(2).answer({ topic: 't', partition: 1, error: notLeader }) // so that the metadata is read again
  await clock.advance(200)
  const newer = last(2)
  expect(newer.positions).toEqual([at(0, 5), at(1, 0)])
  return { fetcher, clock, last, old, newer }
}

test('a late answer of a former leader is dropped if the new leader has answered', async () => {
  const { fetcher, clock, last, old, newer } = await moveDuringFetch()
  newer.answer(batch(0, 5, 9))
  await clock.advance(1)
  expect(fetcher.take().map(({ nextOffset }) => nextOffset)).toEqual([9])
  old.answer(batch(0, 5, 7))
  await clock.advance(1)
  expect(fetcher.take()).toEqual([])
  last(2).answer()
  await clock.advance(1)
  expect(last(2).positions).toEqual([at(0, 9), at(1, 0)])
})

test('a batch that waits to be taken is not replaced by a late answer', async () => {
  const { fetcher, clock, old, newer } = await moveDuringFetch()
  newer.answer(batch(0, 5, 5, 100)) // Nothing but the end of the log is new.
  old.answer(batch(0, 5, 5, 99))
  await clock.advance(1)
  expect(fetcher.take().map(({ endOffset }) => endOffset)).toEqual([100])
})

test('the answer of a former leader counts if it comes first', async () => {
  const { fetcher, clock, old, newer } = await moveDuringFetch()
  old.answer(batch(0, 5, 7))
  newer.answer(batch(0, 5, 9))
  await clock.advance(1)
  expect(fetcher.take().map(({ nextOffset }) => nextOffset)).toEqual([7])
})
