import { expect, test } from 'vitest'
import { readAssignment, readSubscription, writeAssignment, writeSubscription } from '../group/group-metadata.ts'
import type { Cluster } from './cluster.ts'
import { withPrefix } from './prefix.ts'

const joining = { groupId: 'g', memberId: 'm', sessionTimeoutMs: 1, rebalanceTimeoutMs: 1 }
const subscriptionTo = (...topics: string[]): Uint8Array => writeSubscription({ topics, userData: new Uint8Array([1, 2]) })

test('without a prefix, the cluster is used as it is', () => {
  const cluster = {} as Cluster
  expect(withPrefix(cluster, '')).toBe(cluster)
})

test('subscriptions and assignments carry the names in the cluster', async () => {
  const asked: unknown[] = []
  const cluster = withPrefix(
    {
      joinGroup(_, { groupId, protocol }) {
        asked.push(groupId, readSubscription(protocol.metadata))
        return Promise.resolve({
          memberId: 'm',
          generation: 1,
          leaderId: 'm',
          protocol: 'range',
          members: [{ memberId: 'java', metadata: subscriptionTo('x.t', 'other') }],
        })
      },
      syncGroup(_, { groupId, assignments }) {
        asked.push(groupId, readAssignment(assignments[0]!.assignment))
        return Promise.resolve(writeAssignment([{ topic: 'x.t', partitions: [0] }]))
      },
    } as Partial<Cluster> as Cluster,
    'x.',
  )
  const { members } = await cluster.joinGroup(1, { ...joining, protocol: { name: 'range', metadata: subscriptionTo('t') } })
  const [own, foreign] = readSubscription(members[0]!.metadata).topics
  expect(own).toBe('t')
  const assignment = writeAssignment([
    { topic: own!, partitions: [0] },
    { topic: foreign!, partitions: [1] },
  ])
  const synced = await cluster.syncGroup(1, {
    ...joining,
    generation: 1,
    protocol: 'range',
    assignments: [{ memberId: 'java', assignment }],
  })
  expect(readAssignment(synced)).toEqual([{ topic: 't', partitions: [0] }])
  expect(asked).toEqual([
    'x.g',
    { topics: ['x.t'], userData: new Uint8Array([1, 2]), ownedPartitions: [], generationId: -1, rackId: null },
    'x.g',
    [
      { topic: 'x.t', partitions: [0] },
      { topic: 'other', partitions: [1] },
    ],
  ])
})
