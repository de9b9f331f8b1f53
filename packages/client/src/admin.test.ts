import { VirtualClock } from '@kasper/testing'
import { expect, test } from 'vitest'
import { ClusterAdmin } from './admin.ts'
import type { Cluster } from './cluster/cluster.ts'
import { ClusterError } from './cluster/errors.ts'

/** An admin client whose cluster cannot be reached until `reachable` is set. */
function scripted() {
  const state = { reachable: false, requests: 0 }
  const metadata: Cluster['metadata'] = () => {
    state.requests++
    if (!state.reachable) return Promise.reject(new ClusterError('connection', 'gone'))
    return Promise.resolve({ brokers: [1], controller: 1, topics: new Map([['t', { internal: false, leaders: [1, 1] }]]) })
  }
  const clock = new VirtualClock()
  const cluster: Partial<Cluster> = { metadata, close: () => Promise.resolve() }
  return { state, clock, admin: new ClusterAdmin(cluster as Cluster, { clock }) }
}

test('requests are repeated when the time of the given clock has passed', async () => {
  const { state, clock, admin } = scripted()
  const described = admin.describeTopics(['t'])
  await clock.advance(99)
  expect(state.requests).toBe(1)
  await clock.advance(1)
  expect(state.requests).toBe(2)
  state.reachable = true
  await clock.advance(200)
  expect(await described).toEqual([{ name: 't', partitions: 2 }])
})

test('after ten seconds the failure is an error', async () => {
  const { clock, admin } = scripted()
  const fails = expect(admin.listTopics()).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE', retriable: true })
  await clock.advance(12_000)
  await fails
})

test('closing ends the repetition', async () => {
  const { clock, admin } = scripted()
  const fails = expect(admin.listTopics()).rejects.toMatchObject({ code: 'CLOSED' })
  await clock.advance(150)
  await admin.close()
  await clock.advance(200)
  await fails
})
