import { expect, test } from 'vitest'
import type { TopicPartitionOffset } from '../kafka/topic-partition.ts'
import { Committer } from './committer.ts'
import { KasperError } from '../runtime/errors.ts'

const at = (partition: number, offset: number): TopicPartitionOffset => ({ topic: 't', partition, offset })
const fenced = new KasperError('FENCED', 'gone')

function scripted() {
  const requests: { offsets: readonly TopicPartitionOffset[]; resolve: () => void; reject: (error: unknown) => void }[] = []
  let retries = 0
  const committer = new Committer(
    { commit: (offsets) => new Promise((resolve, reject) => requests.push({ offsets, resolve, reject })) },
    () => retries++,
  )
  return { committer, requests, retries: () => retries }
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve()
}
const mine = (): boolean => true

test('one request at a time; what comes meanwhile goes together', async () => {
  const { committer, requests } = scripted()
  const first = committer.commit([at(0, 1)], mine)
  const second = committer.commit([at(1, 2)], mine)
  const third = committer.commit([at(2, 3)], mine)
  await settle()
  expect(requests.map(({ offsets }) => offsets)).toEqual([[at(0, 1)]])
  requests[0]!.resolve()
  await first
  await settle()
  expect(requests.map(({ offsets }) => offsets)).toEqual([[at(0, 1)], [at(1, 2), at(2, 3)]])
  requests[1]!.resolve()
  await Promise.all([second, third])
  await settle()
  const fourth = committer.commit([at(0, 9)], mine)
  await settle()
  expect(requests).toHaveLength(3)
  requests[2]!.resolve()
  await fourth
})

test('a failure reaches everyone whose offsets were in the request, and the next request goes on', async () => {
  const { committer, requests } = scripted()
  const first = committer.commit([at(0, 1)], mine)
  const second = committer.commit([at(1, 2)], mine)
  requests[0]!.reject(new Error('no'))
  await expect(first).rejects.toThrow('no')
  await settle()
  requests[1]!.resolve()
  await second
})

test('a lost partition does not keep the others from being committed', async () => {
  const { committer, requests, retries } = scripted()
  const blocker = committer.commit([at(9, 9)], mine)
  const kept = committer.commit([at(0, 1)], mine)
  const lost = committer.commit([at(1, 2)], () => false)
  requests[0]!.resolve()
  await blocker
  await settle()
  const lostFails = expect(lost).rejects.toBe(fenced)
  requests[1]!.reject(fenced)
  await lostFails
  await settle()
  expect(requests[2]!.offsets).toEqual([at(0, 1)])
  expect(retries()).toBe(1)
  requests[2]!.resolve()
  await kept
})

test('fenced although everything seems ours: everyone is told, nothing loops', async () => {
  const { committer, requests } = scripted()
  const one = committer.commit([at(0, 1)], mine)
  const fails = expect(one).rejects.toBe(fenced)
  requests[0]!.reject(fenced)
  await fails
  expect(requests).toHaveLength(1)
})
