// The parts of kafkajs that this package uses: its cluster (brokers, metadata, coordinators) and its brokers' requests, with their connections,
// TLS, SASL, protocol versions and retries. kafkajs's consumer and producer are not used, because they cannot keep the port's promises.
// The consumer does not wait for a revoke callback, replaces committed offsets by "reset" ones, and resolves commits that it never
// sent. The producer silently drops messages for partitions that it does not know, and those of a leader that moves during a send.
import type { Broker, Cluster, GroupMember, GroupMemberAssignment, GroupState, ITopicConfig } from 'kafkajs'
import type { FetchAnswer, ProduceAnswer } from './mend-connections.ts'

/** A broker's requests. The types of kafkajs lack the requests about groups and topics. */
export interface KafkajsBroker extends Broker {
  fetch(request: Parameters<Broker['fetch']>[0]): Promise<FetchAnswer>
  produce(request: Parameters<Broker['produce']>[0]): Promise<ProduceAnswer>
  joinGroup(request: {
    groupId: string
    sessionTimeout: number
    rebalanceTimeout: number
    memberId: string
    groupProtocols: readonly GroupState[]
  }): Promise<{
    generationId: number
    groupProtocol: string
    leaderId: string
    memberId: string
    members: readonly GroupMember[]
  }>
  syncGroup(request: {
    groupId: string
    generationId: number
    memberId: string
    groupAssignment: readonly GroupMemberAssignment[]
  }): Promise<{ memberAssignment: Buffer }>
  heartbeat(request: { groupId: string; groupGenerationId: number; memberId: string }): Promise<unknown>
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>
  listOffsets(request: {
    replicaId: number
    isolationLevel: number
    topics: readonly {
      readonly topic: string
      readonly partitions: readonly { readonly partition: number; readonly timestamp: string }[]
    }[]
  }): Promise<{
    responses: readonly {
      readonly topic: string
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[]
    }[]
  }>
  createTopics(request: { topics: readonly ITopicConfig[]; timeout: number }): Promise<unknown>
  deleteTopics(request: { topics: readonly string[]; timeout: number }): Promise<unknown>
}

/** kafkajs's object for a cluster. */
export interface KafkajsCluster extends Cluster {
  findBroker(node: { nodeId: string }): Promise<KafkajsBroker>
  findGroupCoordinator(group: { groupId: string }): Promise<KafkajsBroker & { readonly nodeId: number }>
  /** The topics whose metadata a refresh reads. A topic that does not exist makes the refresh fail. */
  readonly targetTopics: Set<string>
  readonly brokerPool: { readonly metadata?: { readonly controllerId: number } | null }
}
