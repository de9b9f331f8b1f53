import { errorCodes } from '@kasper/protocol'
import {
  describeGroupsApi,
  heartbeatApi,
  joinGroupApi,
  type JoinGroupResponse,
  leaveGroupApi,
  listGroupsApi,
  offsetCommitApi,
  syncGroupApi,
} from '@kasper/protocol/messages'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemoryKafka, VirtualClock } from '@kasper/testing'
import { readAssignment, readSubscription } from '../groups/embedded-protocol.ts'
import { RawClient } from '../../test/raw-client.ts'

let clock: VirtualClock
let kafka: MemoryKafka
let clients: RawClient[]

beforeEach(async () => {
  clock = new VirtualClock()
  kafka = await MemoryKafka.listen({ clock })
  kafka.createTopic('t')
  clients = []
})
afterEach(async () => {
  for (const client of clients) await client[Symbol.asyncDispose]()
  await kafka.close()
})

async function connect(): Promise<RawClient> {
  const client = await RawClient.connect(kafka.brokers[0]!)
  clients.push(client)
  return client
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array): string => new TextDecoder().decode(value)

interface Joining {
  readonly memberId?: string
  readonly instance?: string
  readonly protocols?: readonly string[]
}

function join(client: RawClient, { memberId = '', instance, protocols = ['range'] }: Joining = {}): Promise<JoinGroupResponse> {
  return client.call(joinGroupApi, 9, {
    groupId: 'g',
    memberId,
    groupInstanceId: instance ?? null,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 5000,
    protocolType: 'consumer',
    protocols: protocols.map((name) => ({ name, metadata: bytes(`${name} of ${instance ?? 'somebody'}`) })),
  })
}

/** Joins with the id that the broker assigns to a new member. */
async function enter(client: RawClient, protocols?: readonly string[]): Promise<JoinGroupResponse> {
  const first = await join(client, { protocols: protocols ?? ['range'] })
  expect([first.errorCode, first.generationId]).toEqual([errorCodes.MEMBER_ID_REQUIRED, -1])
  return await join(client, { memberId: first.memberId, protocols: protocols ?? ['range'] })
}

async function sync(
  client: RawClient,
  memberId: string,
  generationId: number,
  work: Record<string, string> = {},
): Promise<string | number> {
  const assignments = Object.entries(work).map(([id, assignment]) => ({ memberId: id, assignment: bytes(assignment) }))
  const request = { groupId: 'g', memberId, generationId, protocolType: 'consumer', protocolName: 'range', assignments }
  const { errorCode, assignment } = await client.call(syncGroupApi, 5, request)
  return errorCode === 0 ? text(assignment) : errorCode
}

const heartbeat = async (client: RawClient, memberId: string, generationId: number): Promise<number> =>
  (await client.call(heartbeatApi, 4, { groupId: 'g', memberId, generationId })).errorCode

describe('a group of clients', () => {
  it('gets opaque assignments from its leader, and starts again when a member joins', async () => {
    const [one, two] = [await connect(), await connect()]
    const first = await enter(one, ['range', 'other'])
    expect(first).toMatchObject({
      generationId: 1,
      protocolName: 'range',
      leader: first.memberId,
      members: [{ memberId: first.memberId }],
    })
    expect(await sync(one, first.memberId, 1, { [first.memberId]: 'everything' })).toBe('everything')
    expect(await heartbeat(one, first.memberId, 1)).toBe(0)

    const entering = enter(two)
    while ((await heartbeat(one, first.memberId, 1)) === 0) await clock.settle()
    expect(await heartbeat(one, first.memberId, 1)).toBe(errorCodes.REBALANCE_IN_PROGRESS)
    const again = await join(one, { memberId: first.memberId, protocols: ['other', 'range'] })
    const second = await entering
    expect([again.generationId, again.members.length, second.members.length, second.leader]).toEqual([2, 2, 0, first.memberId])
    // The only protocol that both members support.
    expect([again.protocolName, text(again.members[0]!.metadata)]).toEqual(['range', 'range of somebody'])
    const waiting = sync(two, second.memberId, 2)
    expect(await sync(one, first.memberId, 2, { [first.memberId]: 'a', [second.memberId]: 'b' })).toBe('a')
    expect(await waiting).toBe('b')
    expect(await heartbeat(one, first.memberId, 1)).toBe(errorCodes.ILLEGAL_GENERATION)
    expect(await heartbeat(one, 'stranger', 2)).toBe(errorCodes.UNKNOWN_MEMBER_ID)

    const { groups } = await one.call(describeGroupsApi, 6, { groups: ['g'] })
    expect(groups[0]).toMatchObject({ groupState: 'Stable', protocolData: 'range' })
    expect(groups[0]!.members.map(({ memberAssignment }) => text(memberAssignment))).toEqual(['a', 'b'])
    expect((await one.call(listGroupsApi, 5, { statesFilter: ['Empty'] })).groups).toEqual([])
  })

  it('accepts commits of members in their generation only', async () => {
    const one = await connect()
    const { memberId } = await enter(one)
    const commit = async (id: string, generation: number): Promise<number> => {
      const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 3 }] }]
      const request = { groupId: 'g', memberId: id, generationIdOrMemberEpoch: generation, topics }
      return (await one.call(offsetCommitApi, 8, request)).topics[0]!.partitions[0]!.errorCode
    }
    expect(await commit(memberId, 1)).toBe(errorCodes.REBALANCE_IN_PROGRESS)
    await sync(one, memberId, 1)
    expect(await commit('', -1)).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    expect(await commit(memberId, 0)).toBe(errorCodes.ILLEGAL_GENERATION)
    expect([await commit(memberId, 1), kafka.committed('g', 't', 0)]).toEqual([0, 3])
  })

  it('continues without members that are silent or leave', async () => {
    const [one, two] = [await connect(), await connect()]
    const first = await enter(one)
    await sync(one, first.memberId, 1)
    const entering = enter(two)
    while ((await heartbeat(one, first.memberId, 1)) === 0) await clock.settle()
    await clock.advance(5000) // the rebalance timeout; the first member does not rejoin
    const second = await entering
    expect([second.generationId, second.leader]).toEqual([2, second.memberId])
    expect(await heartbeat(one, first.memberId, 1)).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    await sync(two, second.memberId, 2)
    const left = await two.call(leaveGroupApi, 5, {
      groupId: 'g',
      members: [{ memberId: second.memberId }, { memberId: 'stranger' }],
    })
    expect(left.members.map(({ errorCode }) => errorCode)).toEqual([0, errorCodes.UNKNOWN_MEMBER_ID])
    const [empty] = (await two.call(describeGroupsApi, 6, { groups: ['g'] })).groups
    expect(empty).toMatchObject({ groupState: 'Empty', protocolType: 'consumer' })
  })

  it('keeps the assignment of a static member that comes back, and fences the old one', async () => {
    const [one, two] = [await connect(), await connect()]
    const first = await join(one, { instance: 'one' })
    await sync(one, first.memberId, 1, { [first.memberId]: 'everything' })
    const joining = join(two, { instance: 'two' })
    while ((await heartbeat(one, first.memberId, 1)) === 0) await clock.settle()
    await join(one, { instance: 'one', memberId: first.memberId })
    const second = await joining
    await sync(one, first.memberId, 2, { [first.memberId]: 'a', [second.memberId]: 'b' })
    const back = await join(await connect(), { instance: 'two' })
    expect([back.errorCode, back.generationId, back.memberId === second.memberId]).toEqual([0, 2, false])
    expect(await sync(two, back.memberId, 2)).toBe('b')
    expect((await join(two, { instance: 'two', memberId: second.memberId })).errorCode).toBe(errorCodes.FENCED_INSTANCE_ID)
    expect(await heartbeat(one, first.memberId, 2)).toBe(0)
  })

  it('rejects members without a common protocol', async () => {
    const one = await connect()
    await enter(one)
    expect((await join(await connect(), { protocols: ['sticky'] })).errorCode).toBe(errorCodes.INCONSISTENT_GROUP_PROTOCOL)
    const listener = { onAssign: () => Promise.resolve([]), onRevoke: () => Promise.resolve(), onLost() {} }
    const claiming = await kafka.client().consumer({ groupId: 'g', topics: ['t'], partitions: [0], listener })
    await expect(claiming.poll()).rejects.toThrow(/its members let the group assign partitions|use another assignor/)
    await expect(claiming.poll()).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('shows members within the process to tools', async () => {
    const onAssign = (
      partitions: readonly { topic: string; partition: number }[],
    ): Promise<{ topic: string; partition: number; offset: number }[]> =>
      Promise.resolve(partitions.map((one) => ({ ...one, offset: 0 })))
    await kafka
      .client()
      .consumer({ groupId: 'g', topics: ['t'], listener: { onAssign, onRevoke: () => Promise.resolve(), onLost() {} } })
    await clock.settle()
    const one = await connect()
    const { groups } = await one.call(describeGroupsApi, 6, { groups: ['g'] })
    expect(groups[0]).toMatchObject({ groupState: 'Stable', protocolType: 'consumer', members: [{ clientId: 'kasper' }] })
    const { memberMetadata, memberAssignment } = groups[0]!.members[0]!
    expect(readSubscription(memberMetadata).topics).toEqual(['t'])
    expect(readAssignment(memberAssignment)).toEqual([{ topic: 't', partitions: [0] }])
    expect((await join(one, { protocols: ['sticky'] })).errorCode).toBe(errorCodes.INCONSISTENT_GROUP_PROTOCOL)
    expect((await join(one)).errorCode).toBe(errorCodes.MEMBER_ID_REQUIRED)
  })
})
