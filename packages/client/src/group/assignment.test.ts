import { describe, expect, it } from 'vitest'
import { assignRange, assignStatic, type GroupAssignment } from './assignment.ts'

/** `{ member: { topic: [partitions] } }`, without topics of which a member has no partition. */
function plain(assignment: GroupAssignment): Record<string, Record<string, number[]>> {
  return Object.fromEntries(
    [...assignment].map(([member, topics]) => [
      member,
      Object.fromEntries([...topics].filter(([, partitions]) => partitions.length > 0)),
    ]),
  )
}

describe('assignRange', () => {
  const range = (members: Record<string, string[]>, counts: Record<string, number>): ReturnType<typeof plain> =>
    plain(
      assignRange(
        Object.entries(members).map(([memberId, topics]) => ({ memberId, topics })),
        new Map(Object.entries(counts)),
      ),
    )

  // The expectations are those of Java's RangeAssignorTest.
  it('assigns everything to one member', () => {
    expect(range({ c: ['t1', 't2'] }, { t1: 1, t2: 2 })).toEqual({ c: { t1: [0], t2: [0, 1] } })
  })

  it('assigns one more to the first members if the number of partitions is not a multiple of theirs', () => {
    expect(range({ c2: ['t'], c1: ['t'], c3: ['t'] }, { t: 8 })).toEqual({
      c1: { t: [0, 1, 2] },
      c2: { t: [3, 4, 5] },
      c3: { t: [6, 7] },
    })
    expect(range({ c1: ['t1', 't2'], c2: ['t1', 't2'] }, { t1: 3, t2: 3 })).toEqual({
      c1: { t1: [0, 1], t2: [0, 1] },
      c2: { t1: [2], t2: [2] },
    })
  })

  it('leaves members without a partition if there are too few', () => {
    expect(range({ c1: ['t'], c2: ['t'] }, { t: 1 })).toEqual({ c1: { t: [0] }, c2: {} })
  })

  it('assigns each topic by itself if subscriptions differ', () => {
    expect(range({ c1: ['t1'], c2: ['t1', 't2'], c3: ['t1'] }, { t1: 3, t2: 2 })).toEqual({
      c1: { t1: [0] },
      c2: { t1: [1], t2: [0, 1] },
      c3: { t1: [2] },
    })
  })

  it('orders members as Java compares strings', () => {
    expect(range({ b: ['t'], 'a-10': ['t'], 'a-9': ['t'], B: ['t'] }, { t: 4 })).toEqual({
      B: { t: [0] },
      'a-10': { t: [1] },
      'a-9': { t: [2] },
      b: { t: [3] },
    })
  })

  it('assigns nothing of a topic that does not exist', () => {
    expect(range({ c: ['t', 'gone'] }, { t: 1 })).toEqual({ c: { t: [0] } })
  })
})

describe('assignStatic', () => {
  it('assigns to every member what it claims, of each of its topics', () => {
    const { assignment, refused } = assignStatic([
      { memberId: 'b', topics: ['t', 'u'], partitions: [3, 0] },
      { memberId: 'a', topics: ['t', 'u'], partitions: [1] },
      { memberId: 'c', topics: ['t', 'u'], partitions: [] },
    ])
    expect(plain(assignment)).toEqual({ a: { t: [1], u: [1] }, b: { t: [3, 0], u: [3, 0] }, c: {} })
    expect(refused).toEqual([])
  })

  it('leaves a partition with the member that owns it, and names the claim that it refuses', () => {
    const { assignment, refused } = assignStatic([
      { memberId: 'a', topics: ['t'], partitions: [0, 1] },
      { memberId: 'z', topics: ['t'], partitions: [1, 2], holdsPartitions: true },
    ])
    expect(plain(assignment)).toEqual({ a: {}, z: { t: [1, 2] } })
    expect(refused).toEqual([{ topic: 't', partition: 1, memberId: 'a', heldBy: 'z' }])
  })

  it('decides by the ids if no member owns it yet, and a refused member blocks no other', () => {
    const { assignment, refused } = assignStatic([
      { memberId: 'c', topics: ['t'], partitions: [2] },
      { memberId: 'b', topics: ['t'], partitions: [0, 2] },
      { memberId: 'a', topics: ['t'], partitions: [0] },
    ])
    expect(plain(assignment)).toEqual({ a: { t: [0] }, b: {}, c: { t: [2] } })
    expect(refused).toEqual([{ topic: 't', partition: 0, memberId: 'b', heldBy: 'a' }])
  })
})
