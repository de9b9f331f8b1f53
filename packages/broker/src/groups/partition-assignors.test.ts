import { describe, expect, it } from 'vitest'
import { assignors, type Subscriber } from './partition-assignors.ts'

interface Given {
  readonly reads: readonly string[]
  readonly had?: readonly string[]
  readonly instance?: string
}

function assign(
  name: string,
  members: Readonly<Record<string, Given>>,
  topics: Readonly<Record<string, number>>,
): Record<string, string[]> {
  const subscribers = Object.entries(members).map(([id, { reads, had = [], instance = null }]): Subscriber => ({
    id,
    instanceId: instance,
    topicIds: reads,
    target: new Set(had),
  }))
  const shares = assignors.get(name)!(subscribers, new Map(Object.entries(topics)))
  return Object.fromEntries([...shares].map(([id, share]) => [id, [...share].sort()]))
}

const sizes = (shares: Record<string, string[]>): number[] => Object.values(shares).map(({ length }) => length)

describe('uniform', () => {
  it('assigns equally many partitions to all members', () => {
    const shares = assign(
      'uniform',
      { a: { reads: ['t', 'u'] }, b: { reads: ['t', 'u'] }, c: { reads: ['t', 'u'] } },
      { t: 4, u: 4 },
    )
    expect(sizes(shares).sort((a, b) => a - b)).toEqual([2, 3, 3])
    expect(new Set(Object.values(shares).flat()).size).toBe(8)
  })

  it('moves as few partitions as possible when a member joins', () => {
    const shares = assign(
      'uniform',
      { a: { reads: ['t'], had: ['t/0', 't/1', 't/2'] }, b: { reads: ['t'], had: ['t/3', 't/4', 't/5'] }, c: { reads: ['t'] } },
      { t: 6 },
    )
    expect(sizes(shares)).toEqual([2, 2, 2])
    expect(['t/0', 't/1', 't/2']).toEqual(expect.arrayContaining(shares['a']!))
    expect(['t/3', 't/4', 't/5']).toEqual(expect.arrayContaining(shares['b']!))
  })

  it('assigns the partitions of a member that has left to the others, which keep all of theirs', () => {
    const shares = assign(
      'uniform',
      { a: { reads: ['t'], had: ['t/0', 't/1'] }, b: { reads: ['t'], had: ['t/2', 't/3'] } },
      { t: 6 },
    )
    expect(shares['a']).toEqual(expect.arrayContaining(['t/0', 't/1']))
    expect(shares['b']).toEqual(expect.arrayContaining(['t/2', 't/3']))
    expect(sizes(shares)).toEqual([3, 3])
  })

  it('assigns only subscribed partitions, as evenly as possible', () => {
    const shares = assign(
      'uniform',
      { a: { reads: ['t'] }, b: { reads: ['t', 'u'] }, c: { reads: ['u'], had: ['t/0'] } },
      { t: 4, u: 2 },
    )
    expect(sizes(shares)).toEqual([2, 2, 2])
    expect(shares['a']).toEqual(expect.arrayContaining([expect.stringMatching(/^t/)]))
    expect(shares['c']).toEqual(['u/0', 'u/1'])
  })

  it('drops deleted partitions', () => {
    expect(assign('uniform', { a: { reads: ['t'], had: ['t/0', 'gone/0', 't/7'] } }, { t: 1 })).toEqual({ a: ['t/0'] })
  })
})

// The expected values are those of Java's RangeAssignorTest.
describe('range', () => {
  it('assigns one more partition to the first members if the number is not even', () => {
    const reads = ['t', 'u']
    expect(assign('range', { b: { reads }, a: { reads } }, { t: 3, u: 2 })).toEqual({
      a: ['t/0', 't/1', 'u/0'],
      b: ['t/2', 'u/1'],
    })
  })

  it('assigns nothing to members without a subscription, or beyond the number of partitions', () => {
    expect(assign('range', { a: { reads: ['t', 'u'] }, b: { reads: ['u'] }, c: { reads: ['u'] } }, { t: 2, u: 2 })).toEqual({
      a: ['t/0', 't/1', 'u/0'],
      b: ['u/1'],
      c: [],
    })
  })

  it('sorts static members first, by instance id', () => {
    const reads = ['t']
    const shares = assign('range', { a: { reads }, b: { reads, instance: 'z' }, c: { reads, instance: 'y' } }, { t: 3 })
    expect(shares).toEqual({ c: ['t/0'], b: ['t/1'], a: ['t/2'] })
  })
})
