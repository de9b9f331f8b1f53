// Groups change between the older protocol and the newer one while they have members, as Kafka does it by default: the first member of the
// newer one takes the whole group along, and the last one to leave hands it back.
import type { Broker } from '../broker.ts'
import { ConsumerGroup, type ConsumerGroupMember, type Membership } from './consumer-group.ts'
import { partitionKey } from './partition-assignors.ts'
import type { Topic } from '../logs/topic.ts'
import { type PartitionsOf, readAssignment, readSubscription, writeAssignment } from './embedded-protocol.ts'
import { sessionTimeoutMs } from './group-configs.ts'
import { chosenProtocol, type Group, remoteMetadata } from './membership.ts'

/** The group as one of the newer protocol, made if need be; `undefined` where its members speak a protocol of their own. */
export function upgraded(broker: Broker, groupId: string): ConsumerGroup | undefined {
  const { clock, coordinator } = broker
  const group = coordinator.groups.get(groupId)
  if (group?.consumer !== undefined) return group.consumer
  const members = group === undefined ? [] : memberships(group, broker.topics)
  if (members === undefined) return undefined
  const consumer = new ConsumerGroup(
    clock,
    () => sessionTimeoutMs(coordinator.configs.get(groupId)),
    (memberId) => removeMember(broker, groupId, memberId),
    members.length > 0 ? group!.generation : 0,
  )
  for (const { id, membership, assigned } of members) consumer.adopt(id, membership, assigned, broker.topics)
  coordinator.upgrade(groupId, consumer)
  return consumer
}

/** Removes a member from a group of the newer protocol. Where it was the last one to speak that, the others go back to the older. */
export function removeMember(broker: Broker, groupId: string, memberId: string): void {
  const { coordinator, topics } = broker
  const consumer = coordinator.groups.get(groupId)?.consumer
  const leaving = consumer?.members.get(memberId)
  if (consumer === undefined || leaving === undefined) return
  const others = [...consumer.members.values()].filter(({ id }) => id !== memberId)
  if (leaving.classic === undefined && others.length > 0 && others.every(({ classic }) => classic !== undefined))
    downgrade(broker, groupId, others, true)
  else consumer.remove(memberId, topics)
}

/** Makes this a group of the older protocol, of these members, who may go on as they are if there is no need to rebalance. */
export function downgrade(broker: Broker, groupId: string, members: readonly ConsumerGroupMember[], rebalance: boolean): void {
  const { coordinator } = broker
  coordinator.downgrade(
    groupId,
    coordinator.groups.get(groupId)!.consumer!.epoch,
    members.map(({ id, clientId, clientHost, instanceId, rebalanceTimeoutMs, classic, target }) => ({
      id,
      request: {
        metadata: { clientId, clientHost, instanceId, protocolType: 'consumer', protocols: classic!.protocols },
        sessionTimeoutMs: classic!.sessionTimeoutMs,
        rebalanceTimeoutMs,
        nudge() {},
      },
      assignment: writeAssignment(byTopic(broker, target), classic!.protocols[0]?.metadata),
    })),
    rebalance,
  )
}

/** Partitions by the names of topics, without those of topics that are gone. */
export function byTopic(
  { topicsById }: Broker,
  partitions: ReadonlySet<string>,
): (PartitionsOf & { readonly topicId: string })[] {
  const grouped = Map.groupBy(partitions, (partition) => partition.slice(0, partition.indexOf('/')))
  return [...grouped].flatMap(([topicId, keys]) => {
    const topic = topicsById.get(topicId)?.name
    if (topic === undefined) return []
    return [{ topic, topicId, partitions: keys.map((key) => Number(key.slice(topicId.length + 1))).sort((x, y) => x - y) }]
  })
}

/** The same the other way round. */
export function keysOf(topics: ReadonlyMap<string, Topic>, partitions: readonly PartitionsOf[]): Set<string> {
  return new Set(
    partitions.flatMap(({ topic, partitions: numbers }) => {
      const id = topics.get(topic)?.id
      return id === undefined ? [] : numbers.map((number) => partitionKey(id, number))
    }),
  )
}

interface Adopted {
  readonly id: string
  readonly membership: Membership
  readonly assigned: ReadonlySet<string>
}

function memberships(group: Group, topics: ReadonlyMap<string, Topic>): Adopted[] | undefined {
  const members = [...group.members.values()]
  const remote = members.flatMap((member) => remoteMetadata(member) ?? [])
  if (remote.length < members.length || remote.some(({ protocolType }) => protocolType !== 'consumer')) return undefined
  const protocol = chosenProtocol(remote)
  try {
    return members.map(({ id, request: { sessionTimeoutMs: session, rebalanceTimeoutMs }, assignment }, i) => {
      const { protocols, clientId, clientHost, instanceId } = remote[i]!
      const said = readSubscription(protocols.find(({ name }) => name === protocol)!.metadata)
      return {
        id,
        membership: {
          instanceId,
          rackId: said.rackId,
          clientId,
          clientHost,
          rebalanceTimeoutMs,
          topics: [...new Set(said.topics)],
          pattern: undefined,
          assignor: null,
          classic: { sessionTimeoutMs: session, protocols },
        },
        assigned: keysOf(topics, readAssignment((assignment ?? new Uint8Array(0)) as Uint8Array)),
      }
    })
  } catch {
    return undefined
  }
}
