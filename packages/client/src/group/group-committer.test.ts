import { VirtualClock } from '@kasper/testing'
import { expect, test } from 'vitest'
import type { TopicPartition, TopicPartitionOffset } from '@kasper/core'
import type { Cluster } from '../cluster/cluster.ts'
import { ClusterError } from '../cluster/errors.ts'
import { GroupCommitter } from './group-committer.ts'

const at = (partition: number, offset: number): TopicPartitionOffset => ({ topic: 't', partition, offset })
const partitions = (...numbers: number[]): TopicPartition[] => numbers.map((partition) => ({ topic: 't', partition }))
const broker = (type: string): ClusterError => new ClusterError('broker', type, { type })

interface Request {
  readonly offsets: readonly TopicPartitionOffset[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

function scripted({ claimed = false, onRetry = (): void => {} } = {}) {
  const requests: Request[] = []
  const clock = new VirtualClock()
  let retries = 0
  let fencedGeneration: number | undefined
  const commitOffsets: Cluster['commitOffsets'] = (_node, _membership, offsets) =>
    new Promise((resolve, reject) => requests.push({ offsets, resolve, reject }))
  const committer = new GroupCommitter({
    cluster: { commitOffsets } as Partial<Cluster> as Cluster,
    participant: {
      membership: { groupId: 'g', generation: 1, memberId: 'm' },
      coordinator: () => Promise.resolve(1),
      forgetCoordinator() {},
      fenced: (generation) => void (fencedGeneration = generation),
    },
    clock,
    groupId: 'g',
    claimed,
    retryLimitMs: 1000,
    onRetry: () => {
      retries++
      onRetry()
    },
  })
  committer.own(partitions(0, 1, 2, 9))
  return { committer, requests, clock, retries: () => retries, fencedGeneration: () => fencedGeneration }
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

test('one request is under way at a time, and calls that arrive meanwhile share the next', async () => {
  const { committer, requests } = scripted()
  const first = committer.commit([at(0, 1)])
  const second = committer.commit([at(1, 2)])
  const third = committer.commit([at(2, 3)])
  await settle()
  expect(requests.map(({ offsets }) => offsets)).toEqual([[at(0, 1)]])
  requests[0]!.resolve()
  await first
  await settle()
  expect(requests.map(({ offsets }) => offsets)).toEqual([[at(0, 1)], [at(1, 2), at(2, 3)]])
  requests[1]!.resolve()
  await Promise.all([second, third])
  await settle()
  const fourth = committer.commit([at(0, 9)])
  await settle()
  expect(requests).toHaveLength(3)
  requests[2]!.resolve()
  await fourth
})

test('a later commit never overtakes an earlier one, also where both share a request or one is repeated', async () => {
  const { committer, requests, clock, retries } = scripted()
  const commits = [committer.commit([at(0, 1)]), committer.commit([at(0, 2), at(1, 1)]), committer.commit([at(0, 3)])]
  await settle()
  requests[0]!.reject(broker('COORDINATOR_LOAD_IN_PROGRESS'))
  await settle()
  expect(requests).toHaveLength(1)
  await clock.advance(100)
  expect(retries()).toBe(1)
  expect(requests[1]!.offsets).toEqual([at(0, 1)])
  requests[1]!.resolve()
  await settle()
  expect(requests[2]!.offsets).toEqual([at(0, 3), at(1, 1)])
  requests[2]!.resolve()
  await Promise.all(commits)
})

test('a failure reaches every call whose offsets were in the request, and the next request is sent', async () => {
  const { committer, requests } = scripted()
  const blocker = committer.commit([at(9, 9)])
  const first = committer.commit([at(0, 1)])
  const second = committer.commit([at(1, 2)])
  await settle()
  requests[0]!.resolve()
  await blocker
  await settle()
  const fail = Promise.all([
    expect(first).rejects.toMatchObject({ code: 'COMMIT_FAILED', partition: 0 }),
    expect(second).rejects.toMatchObject({ code: 'COMMIT_FAILED', partition: 1 }),
  ])
  const third = committer.commit([at(2, 3)])
  requests[1]!.reject(broker('OFFSET_METADATA_TOO_LARGE'))
  await fail
  await settle()
  requests[2]!.resolve()
  await third
})

test('a partition that is not owned is refused by itself, at once', async () => {
  const { committer, requests } = scripted()
  const foreign = committer.commit([at(0, 1), at(7, 1)])
  const own = committer.commit([at(1, 2)])
  await expect(foreign).rejects.toMatchObject({ code: 'FENCED', topic: 't', partition: 7, offset: 1 })
  await settle()
  expect(requests.map(({ offsets }) => offsets)).toEqual([[at(1, 2)]])
  requests[0]!.resolve()
  await own
})

test('a lost partition does not keep the others from being committed', async () => {
  const { committer, requests, clock, retries } = scripted({ claimed: true })
  const blocker = committer.commit([at(9, 9)])
  const kept = committer.commit([at(0, 1)])
  const lost = committer.commit([at(1, 2)])
  await settle()
  requests[0]!.resolve()
  await blocker
  await settle()
  const lostFails = expect(lost).rejects.toMatchObject({ code: 'FENCED', partition: 1 })
  requests[1]!.reject(broker('REBALANCE_IN_PROGRESS'))
  committer.own(partitions(0, 9))
  await settle()
  await clock.advance(100)
  await lostFails
  await settle()
  expect(requests[2]!.offsets).toEqual([at(0, 1)])
  expect(retries()).toBe(1)
  requests[2]!.resolve()
  await kept
})

test('fenced by the broker although everything seems owned: every call fails, and nothing is repeated', async () => {
  const { committer, requests, fencedGeneration } = scripted()
  const fails = expect(committer.commit([at(0, 1)])).rejects.toMatchObject({ code: 'FENCED' })
  await settle()
  requests[0]!.reject(broker('ILLEGAL_GENERATION'))
  await fails
  expect(fencedGeneration()).toBe(1)
  expect(requests).toHaveLength(1)
})

test('an error that onRetry throws reaches the calls of the request, and the next request is sent', async () => {
  const { committer, requests } = scripted({
    onRetry: () => {
      throw new Error('the metric is broken')
    },
  })
  const fails = expect(committer.commit([at(0, 1)])).rejects.toThrow('the metric is broken')
  const next = committer.commit([at(1, 1)])
  await settle()
  requests[0]!.reject(broker('COORDINATOR_LOAD_IN_PROGRESS'))
  await fails
  await settle()
  requests[1]!.resolve()
  await next
})

test('closing waits for the request under way and refuses the rest', async () => {
  const { committer, requests } = scripted()
  const first = committer.commit([at(0, 1)])
  const second = committer.commit([at(1, 1)])
  await settle()
  const refused = expect(second).rejects.toMatchObject({ code: 'CLOSED' })
  let closed = false
  const closing = committer.close().then(() => (closed = true))
  await settle()
  expect(closed).toBe(false)
  requests[0]!.resolve()
  await Promise.all([first, refused, closing])
  expect(requests).toHaveLength(1)
})
