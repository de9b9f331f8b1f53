// Groups change their protocol on the embedded broker and on a real Kafka: both have to give the same answers.
import { type Api, type Draft, Writer } from '@kasper/protocol'
import * as messages from '@kasper/protocol/messages'
import { expect, it } from 'vitest'
import { required } from '../../../../scripts/required.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { RawClient } from '../../test/raw-client.ts'

const real = required('KAFKA_BROKERS')

/** Fields that differ from one cluster to the next, or that are only for people. */
const ignored = new Set(['topicId', 'throttleTimeMs', 'errorMessage', 'unknownTags', 'authorizedOperations', 'memberId'])

/** The members of a group, with their requests and the answers. */
class Story {
  readonly told: string[] = []
  readonly run = `story-${crypto.randomUUID().slice(0, 8)}`
  readonly topic: string = `${this.run}-t`
  readonly #client: RawClient
  /** Ids from the broker, with the names that replace them in the record. */
  readonly #names = new Map<string, string>()

  constructor(client: RawClient) {
    this.#client = client
  }

  /** Sends a request, and records the answer. Repeats it while the coordinator is not available. */
  async ask<Request, Response>(
    what: string,
    api: Api<Request, Response>,
    version: number,
    request: Draft<Request>,
  ): Promise<Response> {
    for (;;) {
      const answer = await this.#client.call(api, version, request)
      if (/rrorCode":1[456]\b/.test(JSON.stringify(answer))) continue
      const memberId = (answer as { memberId?: string | null }).memberId ?? ''
      if (memberId !== '' && !this.#names.has(memberId)) this.#names.set(memberId, what.split(' ')[0]!)
      this.told.push(`${what}: ${this.#plain(answer)}`)
      return answer
    }
  }

  /** A member joins with the classic protocol. It says which partitions it owns. */
  async join(
    name: string,
    group: string,
    memberId: string,
    owned: readonly number[] = [],
    instance: string | null = null,
  ): Promise<string> {
    const request = {
      groupId: `${this.run}-${group}`,
      memberId,
      groupInstanceId: instance,
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: this.subscription(owned) }],
    }
    return (await this.ask(`${name} joins`, messages.joinGroupApi, 9, request)).memberId
  }

  sync(name: string, group: string, memberId: string, generationId: number, partitions?: readonly number[]): Promise<unknown> {
    const assignments = partitions === undefined ? [] : [{ memberId, assignment: this.assignment(partitions) }]
    const request = {
      groupId: `${this.run}-${group}`,
      memberId,
      generationId,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments,
    }
    return this.ask(`${name} syncs`, messages.syncGroupApi, 5, request)
  }

  beat(
    name: string,
    group: string,
    memberId: string,
    generationId: number,
    groupInstanceId: string | null = null,
  ): Promise<unknown> {
    const request = { groupId: `${this.run}-${group}`, memberId, generationId, groupInstanceId }
    return this.ask(`${name} beats`, messages.heartbeatApi, 4, request)
  }

  /** A member joins with the consumer protocol, and reports its partitions later. */
  newer(name: string, group: string, memberId: string, epoch: number, more: object = {}): Promise<unknown> {
    const joins = { rebalanceTimeoutMs: 30_000, subscribedTopicNames: [this.topic], topicPartitions: [], serverAssignor: 'range' }
    const request = { groupId: `${this.run}-${group}`, memberId, memberEpoch: epoch, ...(epoch === 0 ? joins : {}), ...more }
    return this.ask(`${name} at ${epoch}`, messages.consumerGroupHeartbeatApi, 1, request)
  }

  commit(name: string, group: string, memberId: string, generationIdOrMemberEpoch: number): Promise<unknown> {
    const topics = [{ name: this.topic, partitions: [{ partitionIndex: 0, committedOffset: 0 }] }]
    const request = { groupId: `${this.run}-${group}`, memberId, generationIdOrMemberEpoch, topics }
    return this.ask(`${name} commits in ${generationIdOrMemberEpoch}`, messages.offsetCommitApi, 9, request)
  }

  async look(group: string): Promise<void> {
    const id = `${this.run}-${group}`
    await this.ask('newer', messages.consumerGroupDescribeApi, 1, { groupIds: [id] })
    await this.ask('older', messages.describeGroupsApi, 6, { groups: [id] })
  }

  subscription(owned: readonly number[]): Uint8Array {
    const writer = new Writer()
    writer.int16(1)
    const ownedPartitions = owned.length === 0 ? [] : [{ topic: this.topic, partitions: owned }]
    messages.writeConsumerProtocolSubscription(writer, { topics: [this.topic], ownedPartitions }, 1)
    return writer.take()
  }

  assignment(partitions: readonly number[]): Uint8Array {
    const writer = new Writer()
    writer.int16(1)
    messages.writeConsumerProtocolAssignment(
      writer,
      { assignedPartitions: [{ topic: this.topic, partitions }], userData: null },
      1,
    )
    return writer.take()
  }

  #plain(answer: unknown): string {
    let text = JSON.stringify(answer, (key, value: unknown) => {
      if (ignored.has(key)) return undefined
      if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
      return key === 'members' && Array.isArray(value)
        ? (value as { clientId?: string }[]).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
        : value
    })
    for (const [id, name] of this.#names) text = text.replaceAll(id, name)
    return text.replaceAll(this.run, 'RUN')
  }
}

async function tell(client: RawClient): Promise<string[]> {
  const story = new Story(client)
  const topics = [{ name: story.topic, numPartitions: 2, replicationFactor: 1 }]
  await client.call(messages.createTopicsApi, 7, { topics, timeoutMs: 10_000 })
  for (const group of ['g', 's'])
    await story
      .ask('coordinator', messages.findCoordinatorApi, 4, { keyType: 0, coordinatorKeys: [`${story.run}-${group}`] })
      .catch(() => {})
  // Kafka's coordinators learn of a new topic a moment later.
  for (let probe = 0, isKnown = false; !isKnown; probe++) {
    const { assignment } = await client.call(messages.consumerGroupHeartbeatApi, 1, {
      groupId: `${story.run}-probe-${probe}`,
      memberId: 'probe',
      memberEpoch: 0,
      rebalanceTimeoutMs: 30_000,
      subscribedTopicNames: [story.topic],
      topicPartitions: [],
    })
    isKnown = (assignment?.topicPartitions.length ?? 0) > 0
  }
  story.told.length = 0

  // A member of the consumer protocol converts a classic group.
  const a = await story.join('A', 'g', '')
  await story.join('A', 'g', a)
  await story.sync('A', 'g', a, 1, [0, 1])
  await story.newer('B', 'g', 'zz', 0)
  await story.look('g')
  await story.beat('A', 'g', a, 1)
  await story.commit('A', 'g', a, 1)
  await story.commit('B', 'g', 'zz', 1)
  await story.commit('B', 'g', 'zz', 2)
  await story.join('A', 'g', a, [0, 1]) // it has to give up one partition
  await story.sync('A', 'g', a, 1)
  await story.newer('B', 'g', 'zz', 2)
  await story.beat('A', 'g', a, 1)
  await story.join('A', 'g', a, [0])
  await story.sync('A', 'g', a, 2)
  await story.newer('B', 'g', 'zz', 2)
  await story.beat('A', 'g', a, 2)
  await story.look('g')
  // Each member is rejected when it uses the other protocol.
  await story.beat('B', 'g', 'zz', 2)
  await story.sync('A', 'g', a, 1)
  await story.newer('A', 'g', a, 1)
  await story.ask('stranger cannot agree', messages.joinGroupApi, 9, {
    groupId: `${story.run}-g`,
    memberId: 'stranger',
    sessionTimeoutMs: 30_000,
    protocolType: 'consumer',
    protocols: [{ name: 'sticky', metadata: story.subscription([]) }],
  })
  // The last member of the consumer protocol leaves, and the group becomes classic again.
  await story.newer('B', 'g', 'zz', -1)
  await story.look('g')
  await story.beat('A', 'g', a, 2)
  await story.join('A', 'g', a, [0])
  await story.sync('A', 'g', a, 3, [0, 1])
  // It joins again, and this time the other member leaves.
  await story.newer('B', 'g', 'zz', 0)
  await story.ask('A leaves', messages.leaveGroupApi, 5, { groupId: `${story.run}-g`, members: [{ memberId: a }] })
  await story.newer('B', 'g', 'zz', 5)
  await story.look('g')

  // A static member changes its protocol, back and forth, and keeps its partitions.
  const s = await story.join('S', 's', '', [], 'i')
  await story.sync('S', 's', s, 1, [0, 1])
  await story.newer('T', 's', 'tt', 0, { instanceId: 'i' })
  await story.beat('S', 's', s, 1, 'i')
  await story.look('s')
  const u = await story.join('U', 's', '', [0, 1], 'i')
  await story.newer('T', 's', 'tt', 1, { instanceId: 'i' })
  await story.look('s')
  await story.sync('U', 's', u, 1)
  await story.ask('all leave', messages.leaveGroupApi, 5, {
    groupId: `${story.run}-s`,
    members: [{ memberId: '', groupInstanceId: 'i' }],
  })
  await client.call(messages.deleteTopicsApi, 5, { topicNames: [story.topic], timeoutMs: 10_000 })
  return story.told
}

it('groups change their protocol as in Kafka', { timeout: 120_000 }, async () => {
  await using kafka = await EmbeddedKafka.listen()
  await using ours = await RawClient.connect(kafka.brokers[0]!)
  await using theirs = await RawClient.connect(real)
  expect(await tell(ours)).toEqual(await tell(theirs))
})
