// Converts the members of a classic group to members of a consumer group, and back (KIP-848). As in Kafka's default configuration, the
// first member that uses the consumer protocol converts the whole group, and the group converts back when the last such member leaves.
import type { ClassicGroup, ClassicGroupMember } from './classic-group.ts'
import type { ConsumerGroupMember, MemberProperties } from './consumer-group.ts'
import { readAssignment, readSubscription, writeAssignment } from './embedded-protocol.ts'
import { type GroupTopics, partitionKeys, partitionsByTopic, type TopicsByName } from './group-topics.ts'
import { chosenProtocol } from './member-metadata.ts'

/** A member of a classic group, as a consumer group needs it. */
export interface ConvertedMember {
  readonly id: string
  readonly properties: MemberProperties
  /** Keys of the assigned partitions. */
  readonly assigned: ReadonlySet<string>
}

/** Converts members for a consumer group. Returns `undefined` if their metadata is not that of Kafka consumers. */
export function toConsumerMembers(group: ClassicGroup, topics: TopicsByName): ConvertedMember[] | undefined {
  const members = [...group.members.values()]
  if (members.some(({ request }) => request.metadata.protocolType !== 'consumer')) return undefined
  const protocol = chosenProtocol(members.map(({ request }) => request.metadata))
  try {
    return members.map(({ id, request: { metadata, sessionTimeoutMs, rebalanceTimeoutMs }, assignment }) => {
      const { protocols, clientId, clientHost, instanceId } = metadata
      const subscription = readSubscription(protocols.find(({ name }) => name === protocol)!.metadata)
      return {
        id,
        properties: {
          instanceId,
          rackId: subscription.rackId,
          clientId,
          clientHost,
          rebalanceTimeoutMs,
          topics: [...new Set(subscription.topics)],
          pattern: undefined,
          assignor: null,
          classic: { sessionTimeoutMs, protocols },
        },
        assigned: partitionKeys(topics, readAssignment(assignment ?? new Uint8Array(0))),
      }
    })
  } catch {
    return undefined
  }
}

/** Converts members for a classic group. All of them must use the classic protocol. */
export function toClassicMembers(members: readonly ConsumerGroupMember[], topics: GroupTopics): ClassicGroupMember[] {
  return members.map(({ id, clientId, clientHost, instanceId, rebalanceTimeoutMs, classic, target }) => ({
    id,
    request: {
      metadata: { clientId, clientHost, instanceId, protocolType: 'consumer', protocols: classic!.protocols },
      sessionTimeoutMs: classic!.sessionTimeoutMs,
      rebalanceTimeoutMs,
    },
    assignment: writeAssignment(partitionsByTopic(topics, target), classic!.protocols[0]?.metadata),
  }))
}
