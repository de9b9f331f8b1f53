import { hasCode } from '@kasper/core'
import { describe, expect, it } from 'vitest'
import { GroupCoordinator } from './group-coordinator.ts'
import type { ClassicMetadata, MemberMetadata, PartitionsByTopic } from './member-metadata.ts'
import { VirtualClock } from '@kasper/testing'

const place = { topic: 't', partition: 0 }

const metadataOf = (name: string): MemberMetadata => ({ topics: [name], partitions: undefined })
const assignmentOf = (id: string): PartitionsByTopic => new Map([[`work of ${id}`, [0]]])

/** A coordinator, and functions that add members. */
function setUp(): {
  clock: VirtualClock
  coordinator: GroupCoordinator
  register: (name: string, timeouts?: { session?: number; rebalance?: number }) => { id: string; nudges: number }
} {
  const clock = new VirtualClock()
  const coordinator = new GroupCoordinator(clock, { topics: new Map(), topicsById: new Map() })
  return {
    clock,
    coordinator,
    register(name, { session = 10_000, rebalance = 5_000 } = {}) {
      const member = { id: '', nudges: 0 }
      const request = {
        metadata: metadataOf(name),
        sessionTimeoutMs: session,
        rebalanceTimeoutMs: rebalance,
        nudge: () => void member.nudges++,
      }
      member.id = coordinator.register('g', request, () => {})
      return member
    },
  }
}

/** Brings the group to its next generation. The first of these members is the leader. */
async function nextGeneration({ coordinator }: ReturnType<typeof setUp>, ...ids: readonly string[]): Promise<number> {
  const joined = await Promise.all(ids.map((id) => coordinator.join('g', id)))
  const leader = joined[0]!
  if (typeof leader === 'string') throw new Error('The leader is not known')
  const decision = new Map(ids.map((id) => [id, assignmentOf(id)]))
  const work = await Promise.all(ids.map((id, i) => coordinator.sync('g', id, leader.generation, i === 0 ? decision : undefined)))
  expect(work).toEqual(ids.map(assignmentOf))
  return leader.generation
}

describe('GroupCoordinator', () => {
  it('tells members who is in the group, and who is the leader', async () => {
    const { coordinator, register } = setUp()
    const [a, b] = [register('A'), register('B')]
    const [first, second] = await Promise.all([coordinator.join('g', a.id), coordinator.join('g', b.id)])
    const members = [
      { memberId: a.id, metadata: metadataOf('A') },
      { memberId: b.id, metadata: metadataOf('B') },
    ]
    expect([first, second]).toEqual([
      { generation: 1, leaderId: a.id, members },
      { generation: 1, leaderId: a.id, members },
    ])
  })

  it('checks a new member against the present members before it adds the new one', () => {
    const { coordinator, register } = setUp()
    register('A')
    const request = { metadata: metadataOf('B'), sessionTimeoutMs: 1, rebalanceTimeoutMs: 1, nudge() {} }
    const admit = (others: readonly ClassicMetadata[]): void => {
      throw new Error(`${others.map((other) => (other as MemberMetadata).topics).join()} is there`)
    }
    expect(() => coordinator.register('g', request, admit)).toThrow('A is there')
    expect(() => coordinator.commitFromOutside('g', [{ ...place, offset: 1 }])).toThrow(/has 1 members; stop them/)
  })

  it('nudges members when another one is added, and answers their heartbeats with a rebalance', async () => {
    const group = setUp()
    const a = group.register('A')
    const generation = await nextGeneration(group, a.id)
    expect(group.coordinator.heartbeat('g', a.id, generation)).toBe('stable')
    const before = a.nudges
    group.register('B')
    expect(a.nudges).toBe(before + 1)
    expect(group.coordinator.heartbeat('g', a.id, generation)).toBe('rebalancing')
  })

  it('accepts commits of a generation until the next one starts', async () => {
    const group = setUp()
    const { coordinator } = group
    const a = group.register('A')
    const generation = await nextGeneration(group, a.id)
    const b = group.register('B')
    coordinator.commit('g', a.id, generation, [{ ...place, offset: 1 }])
    expect(coordinator.committed('g', place)).toBe(1)
    await nextGeneration(group, a.id, b.id)
    const commit = (id: string, of: number) => (): void => coordinator.commit('g', id, of, [{ ...place, offset: 2 }])
    expect(commit(a.id, generation)).toThrow(expect.toSatisfy((error) => hasCode(error, 'FENCED')))
    expect(commit('stranger', generation + 1)).toThrow(expect.toSatisfy((error) => hasCode(error, 'FENCED')))
    expect(coordinator.committed('g', place)).toBe(1)
    commit(a.id, generation + 1)()
    expect(coordinator.committed('g', place)).toBe(2)
    expect(coordinator.heartbeat('g', a.id, generation)).toBe('unknown-member')
  })

  it('continues without members that rejoin too late', async () => {
    const group = setUp()
    const { clock, coordinator } = group
    const [a, b, c] = [group.register('A'), group.register('B'), group.register('C')]
    const generation = await nextGeneration(group, a.id, b.id, c.id)
    coordinator.rebalance('g')
    let joined: unknown
    void coordinator.join('g', a.id).then((result) => (joined = result))
    await clock.advance(4999)
    expect(joined).toBeUndefined()
    await clock.advance(1)
    expect(joined).toEqual({
      generation: generation + 1,
      leaderId: a.id,
      members: [{ memberId: a.id, metadata: metadataOf('A') }],
    })
    expect([b, c].map(({ id }) => coordinator.heartbeat('g', id, generation))).toEqual(['unknown-member', 'unknown-member'])
  })

  it('removes silent members, but not those that wait for others', async () => {
    const group = setUp()
    const { clock, coordinator } = group
    const [a, b] = [
      group.register('A', { session: 10_000, rebalance: 60_000 }),
      group.register('B', { session: 40_000, rebalance: 60_000 }),
    ]
    const generation = await nextGeneration(group, a.id, b.id)
    coordinator.rebalance('g')
    const joined = coordinator.join('g', a.id)
    await clock.advance(39_999)
    expect(coordinator.heartbeat('g', a.id, generation)).toBe('rebalancing')
    await clock.advance(1)
    expect(coordinator.heartbeat('g', b.id, generation)).toBe('unknown-member')
    expect(await joined).toMatchObject({ generation: generation + 1 })
    await clock.advance(10_000)
    expect(coordinator.heartbeat('g', a.id, generation + 1)).toBe('unknown-member')
    coordinator.commitFromOutside('g', [{ ...place, offset: 5 }])
    expect(coordinator.committed('g', place)).toBe(5)
  })

  it('keeps members while sessions are paused, and gives them their whole session timeout afterwards', async () => {
    const group = setUp()
    const { clock, coordinator } = group
    const a = group.register('A')
    const generation = await nextGeneration(group, a.id)
    coordinator.pauseSessions(true)
    await clock.advance(95_000)
    coordinator.pauseSessions(false)
    await clock.advance(9999)
    expect(coordinator.heartbeat('g', a.id, generation)).toBe('stable')
    await clock.advance(10_000)
    expect(coordinator.heartbeat('g', a.id, generation)).toBe('unknown-member')
  })

  it('asks members that wait for the leader to rejoin when another member is added', async () => {
    const group = setUp()
    const { coordinator } = group
    const [a, b] = [group.register('A'), group.register('B')]
    await Promise.all([coordinator.join('g', a.id), coordinator.join('g', b.id)])
    const waiting = coordinator.sync('g', b.id, 1, undefined)
    const c = group.register('C')
    expect(await waiting).toBe('rebalancing')
    expect(await coordinator.sync('g', a.id, 1, new Map())).toBe('rebalancing')
    expect(await nextGeneration(group, a.id, b.id, c.id)).toBe(2)
  })

  it('does not wait for a member that has left', async () => {
    const group = setUp()
    const { coordinator } = group
    const [a, b] = [group.register('A'), group.register('B')]
    const joined = coordinator.join('g', a.id)
    coordinator.leave('g', b.id)
    expect(await joined).toMatchObject({ generation: 1 })
    expect(await coordinator.join('g', b.id)).toBe('unknown-member')
  })
})
