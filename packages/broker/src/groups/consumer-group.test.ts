import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { randomOf } from '../../../../scripts/random.ts'
import { ConsumerGroup } from './consumer-group.ts'
import type { GroupTopic } from './group-topics.ts'
import { compilePattern } from './topic-pattern.ts'
import { VirtualClock } from '@kasper/testing'

let clock: VirtualClock
let topics: Map<string, GroupTopic>
let group: ConsumerGroup

beforeEach(() => {
  clock = new VirtualClock()
  topics = new Map([
    ['t', { name: 't', id: 'T', logs: { length: 4 } }],
    ['u', { name: 'u', id: 'U', logs: { length: 2 } }],
  ])
  group = new ConsumerGroup(
    clock,
    () => 10_000,
    (id) => group.remove(id, topics),
  )
})
afterEach(() => group.close())

/** A client, with its subscription and its state in the group. */
class Client {
  readonly id: string
  reads: readonly string[] = ['t']
  epoch = 0
  /** The partitions that it reads. */
  owned: ReadonlySet<string> = new Set()
  /** Its assignment from the last heartbeat. */
  told: ReadonlySet<string> = new Set()

  constructor(id: string) {
    this.id = id
  }

  /** Gives up the partitions that are not assigned to it any more. */
  obey(): void {
    this.owned = this.told
  }

  /** Sends one heartbeat. Reads new partitions at once. Gives up partitions only in {@link obey}. */
  heartbeat(): void {
    const said = { topics: this.reads, rebalanceTimeoutMs: 5000, clientId: this.id }
    group.update(this.id, said, topics)
    const member = group.reconcile(this.id, this.owned)
    group.renewSession(this.id)
    this.epoch = member.epoch
    this.told = member.assigned
    this.owned = new Set([...this.owned, ...member.assigned])
  }

  reset(): void {
    this.owned = this.told = new Set()
    this.epoch = 0
  }
}

function checkNoSharedPartitions(clients: Iterable<Client>): void {
  const all = [...clients].flatMap(({ owned }) => [...owned])
  expect(all.length, `owned twice: ${all.filter((one, i) => all.indexOf(one) < i).join()}`).toBe(new Set(all).size)
}

describe('ConsumerGroup', () => {
  it('assigns a partition to its next owner when the previous owner has given it up, and not earlier', () => {
    const [a, b] = [new Client('a'), new Client('b')]
    a.heartbeat()
    expect([a.epoch, a.owned.size, group.state]).toEqual([1, 4, 'Stable'])
    b.heartbeat()
    expect([b.epoch, b.owned.size, group.state]).toEqual([2, 0, 'Reconciling'])
    a.heartbeat()
    expect([a.epoch, a.told.size, a.owned.size]).toEqual([1, 2, 4])
    b.heartbeat()
    a.heartbeat() // it has not obeyed yet
    expect([a.epoch, b.owned.size]).toEqual([1, 0])
    a.obey()
    a.heartbeat()
    expect(a.epoch).toBe(2)
    b.heartbeat()
    expect([b.owned.size, group.state]).toEqual([2, 'Stable'])
    checkNoSharedPartitions([a, b])
  })

  it('removes members that are silent, or give up partitions too late', async () => {
    const [a, b] = [new Client('a'), new Client('b')]
    a.heartbeat()
    await clock.advance(9000)
    b.heartbeat()
    await clock.advance(1000)
    expect([...group.members.keys()]).toEqual(['b'])
    b.heartbeat()
    expect(b.owned.size).toBe(4)
    a.reset()
    a.heartbeat()
    b.heartbeat() // has to give up two partitions, and does not
    for (let i = 0; i < 5; i++) {
      await clock.advance(1000)
      a.heartbeat()
      if (i < 4) b.heartbeat()
    }
    expect([...group.members.keys()]).toEqual(['a'])
    expect(a.owned.size).toBe(4)
  })

  it('uses the assignor that most members prefer', () => {
    const range = { assignor: 'range', topics: ['t', 'u'] }
    group.update('b', range, topics)
    group.update('a', range, topics)
    group.update('c', { topics: ['t', 'u'] }, topics)
    expect(group.assignor).toBe('range')
    expect([...group.members.values()].map(({ id, target }) => `${id}: ${[...target].join(' ')}`)).toEqual([
      'b: T/2 U/1',
      'a: T/0 T/1 U/0',
      'c: T/3',
    ])
  })

  it('detects new, grown and deleted topics, and topics that match a pattern', async () => {
    const targets = (): string => [...group.members.get('a')!.target].sort().join(' ')
    group.update('a', { topics: ['u', 'later'], pattern: await compilePattern('(?i)T.*') }, topics)
    expect([group.epoch, targets()]).toEqual([1, 'T/0 T/1 T/2 T/3 U/0 U/1'])
    group.update('a', {}, topics)
    expect(group.epoch).toBe(1)
    topics.set('later', { name: 'later', id: 'L', logs: { length: 1 } })
    topics.set('other', { name: 'other', id: 'O', logs: { length: 1 } })
    topics.set('u', { name: 'u', id: 'U', logs: { length: 3 } })
    group.update('a', {}, topics)
    expect([group.epoch, targets()]).toEqual([2, 'L/0 T/0 T/1 T/2 T/3 U/0 U/1 U/2'])
    topics.delete('t')
    topics.set('u', { name: 'u', id: 'U again', logs: { length: 1 } })
    group.update('a', {}, topics)
    expect([group.epoch, targets()]).toEqual([3, 'L/0 U again/0'])
  })

  // Random, but the same in every run.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'never assigns a partition to two members, and assigns all partitions in the end (%i)',
    async (seed) => {
      const chance = randomOf(seed)
      const random = (below: number): number => Math.floor(chance() * below)
      const clients = new Map<string, Client>()
      topics.set('t', { name: 't', id: 'T', logs: { length: 7 } })
      for (let step = 0, made = 0; step < 600; step++) {
        const all = [...clients.values()]
        const one = all[random(all.length)]
        const action = random(20)
        if (one === undefined || (action === 0 && all.length < 6)) {
          const client = new Client(`c${made++}`)
          clients.set(client.id, client)
          client.heartbeat()
        } else if (action === 1) {
          group.remove(one.id, topics)
          clients.delete(one.id)
        } else if (action === 2) {
          one.reads = [['t'], ['u'], ['t', 'u']][random(3)]!
        } else if (action === 3) {
          await clock.advance(random(3000))
          // A member that was removed for its silence learns of it, and stops.
          for (const [id] of clients) if (!group.members.has(id)) clients.delete(id)
        } else if (action < 10) one.obey()
        else one.heartbeat()
        checkNoSharedPartitions(clients.values())
      }
      for (let round = 0; round < 10; round++) {
        for (const client of clients.values()) {
          client.heartbeat()
          client.obey()
        }
      }
      expect(group.state).toBe('Stable')
      const read = new Set([...clients.values()].flatMap(({ reads }) => reads))
      const expected = [...topics.values()].filter(({ name }) => read.has(name)).reduce((sum, { logs }) => sum + logs.length, 0)
      expect([...clients.values()].reduce((sum, { owned }) => sum + owned.size, 0)).toBe(expected)
      checkNoSharedPartitions(clients.values())
    },
  )
})
