import { errorCodes } from '@kasper/protocol'
import { describe, expect, it } from 'vitest'
import { GroupCoordinator } from './group-coordinator.ts'
import { checkCommit } from './member-checks.ts'
import type { ClassicMetadata } from './member-metadata.ts'
import { VirtualClock } from '@kasper/testing'

const place = { topic: 't', partition: 0 }

const utf8 = new TextEncoder()
const metadataOf = (name: string): ClassicMetadata => ({
  clientId: name,
  clientHost: '/127.0.0.1',
  instanceId: null,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: utf8.encode(name) }],
})
const assignmentOf = (id: string): Uint8Array => utf8.encode(`work of ${id}`)

/** A coordinator, and functions that add members. */
function setUp(): {
  clock: VirtualClock
  coordinator: GroupCoordinator
  register: (name: string, timeouts?: { session?: number; rebalance?: number }) => { id: string }
} {
  const clock = new VirtualClock()
  const coordinator = new GroupCoordinator(clock, { topics: new Map(), topicsById: new Map() })
  return {
    clock,
    coordinator,
    register(name, { session = 10_000, rebalance = 5_000 } = {}) {
      const id = coordinator.newMemberId(name)
      coordinator.add('g', id, { metadata: metadataOf(name), sessionTimeoutMs: session, rebalanceTimeoutMs: rebalance })
      return { id }
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

  it('gives members ids that sort in the order in which they were added', () => {
    const { register } = setUp()
    const ids = Array.from({ length: 12 }, () => register('A').id)
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids.map((id) => id.slice(-36))).size).toBe(12)
  })

  it('answers heartbeats with a rebalance when another member is added', async () => {
    const group = setUp()
    const a = group.register('A')
    const generation = await nextGeneration(group, a.id)
    expect(group.coordinator.heartbeat('g', a.id, generation)).toBe('stable')
    group.register('B')
    expect(group.coordinator.heartbeat('g', a.id, generation)).toBe('rebalancing')
  })

  it('accepts commits of a generation until the next one starts', async () => {
    const group = setUp()
    const { coordinator } = group
    const a = group.register('A')
    const generation = await nextGeneration(group, a.id)
    const b = group.register('B')
    const check = (memberId: string, of: number): number =>
      checkCommit(coordinator.get('g'), { memberId, instanceId: null, generation: of })
    expect(check(a.id, generation)).toBe(errorCodes.NONE)
    await nextGeneration(group, a.id, b.id)
    expect(check(a.id, generation)).toBe(errorCodes.ILLEGAL_GENERATION)
    expect(check('stranger', generation + 1)).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    expect(check(a.id, generation + 1)).toBe(errorCodes.NONE)
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
    coordinator.storeOffsets('g', [{ ...place, offset: 5 }])
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
