import { expect, test } from 'vitest'
import { assignedPartitions, decide, findRival, subscribedTopics, subscription } from './group-protocol.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const member = (memberId: string, topics: string[], partitions?: number[], heldAs: string | null = null) => ({
  memberId,
  metadata: subscription(topics, partitions && { partitions, heldAs }).metadata,
})

/** Kafka's ConsumerProtocolSubscription, version 0, field by field: version, topics `a` and `bé`, empty user data. */
const SUBSCRIPTION = '0000' + '00000002' + '000161' + '000362c3a9' + '00000000'
/** Its ConsumerProtocolAssignment, version 0: version, partitions 0 and 258 of topic `a`, empty user data. */
const ASSIGNMENT = '0000' + '00000001' + '000161' + '00000002' + '00000000' + '00000102' + '00000000'

test("subscriptions and assignments are written as Kafka's schema says", () => {
  expect(subscription(['a', 'bé'], undefined)).toMatchObject({ name: 'range' })
  expect(hex(subscription(['a', 'bé'], undefined).metadata)).toBe(SUBSCRIPTION)
  const [decided] = decide('kasper-static', [member('m', ['a'], [0, 258])], new Map())
  expect(decided!.memberId).toBe('m')
  expect(hex(decided!.assignment)).toBe(ASSIGNMENT)
})

test('they are read, also from within a larger buffer, in a later version, and if there is nothing', () => {
  const inside = new Uint8Array([9, 9, ...Buffer.from(ASSIGNMENT, 'hex'), 9]).subarray(2, -1)
  expect(assignedPartitions(inside)).toEqual([
    { topic: 'a', partition: 0 },
    { topic: 'a', partition: 258 },
  ])
  expect(assignedPartitions(new Uint8Array())).toEqual([])
  // Version 3: more fields follow, and there is no user data.
  const newer = Buffer.from('0003' + '00000001' + '000161' + 'ffffffff' + '00000000' + '00000001' + 'ffff', 'hex')
  expect(subscribedTopics([{ memberId: 'java', metadata: newer }, member('m', ['b', 'a'])])).toEqual(['a', 'b'])
})

test('a group with Java members assigns partitions by range', () => {
  const decided = decide('range', [member('b', ['t']), member('a', ['t'])], new Map([['t', 3]]))
  expect(decided.map(({ memberId, assignment }) => [memberId, assignedPartitions(assignment).map((it) => it.partition)])).toEqual(
    [
      ['b', [2]],
      ['a', [0, 1]],
    ],
  )
})

test('the member that owns a claimed partition keeps it, but not after a restart', () => {
  const given = (heldAs: string): unknown =>
    decide('kasper-static', [member('a', ['t'], [0]), member('z', ['t'], [0, 1], heldAs)], new Map()).map((one) => [
      one.memberId,
      assignedPartitions(one.assignment).length,
    ])
  expect(given('z')).toEqual([
    ['a', 0],
    ['z', 2],
  ])
  expect(given('z in an earlier life')).toEqual([
    ['a', 1],
    ['z', 0],
  ])
})

test('the other member that claims a partition is found', () => {
  const mine = { memberId: 'me', topics: ['t', 'u'], partitions: [1, 2] }
  const others = [member('me', ['t'], [1]), member('other', ['u'], [0]), member('rival', ['u'], [2])]
  expect(findRival(others, mine)).toEqual({ memberId: 'rival', topic: 'u', partition: 2 })
  expect(findRival(others.slice(0, 2), mine)).toBeUndefined()
  expect(findRival([{ memberId: 'java', metadata: new Uint8Array() }], mine)).toBeUndefined()
})
