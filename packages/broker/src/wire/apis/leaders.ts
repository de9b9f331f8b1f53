// Who leads a partition, as clients are told, and what they are told who ask somebody else.
import { type Draft, errorCodes } from '@kasper/protocol'
import { type BrokerLayout, NO_BROKER } from '../../broker-layout.ts'
import type { PartitionLog } from '../../logs/partition-log.ts'
import type { RequestContext } from '../served-api.ts'

/** What a client says that does not know the leader's epoch. */
const ANY_EPOCH = -1

const none: readonly number[] = []

/** A partition, as metadata have it. */
export interface PartitionDescription {
  readonly errorCode: number
  readonly partitionIndex: number
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly replicaNodes: readonly number[]
  readonly isrNodes: readonly number[]
  readonly offlineReplicas: readonly number[]
}

/** A leader and its epoch, as an answer names them to whoever asked another broker. */
export interface CurrentLeader {
  readonly leaderId: number
  readonly leaderEpoch: number
}

/** What is to be known of a partition. Every replica that can be reached has everything. */
export function describePartition(log: PartitionLog, layout: BrokerLayout): PartitionDescription {
  const { leader, replicas } = layout.placement(log)
  return {
    errorCode: leader === NO_BROKER ? errorCodes.LEADER_NOT_AVAILABLE : errorCodes.NONE,
    partitionIndex: log.partition,
    leaderId: leader,
    leaderEpoch: log.leaderEpoch,
    replicaNodes: replicas,
    isrNodes: layout.isWhole ? replicas : replicas.filter((id) => layout.isLive(id)),
    offlineReplicas: layout.isWhole ? none : replicas.filter((id) => !layout.isLive(id)),
  }
}

/**
 * What speaks against asking this broker for the partition; an error code, or `NONE`.
 * @param epoch which leader the client thinks that it asks
 * @param orFollower whether any broker will do that has the partition
 */
export function checkLeader(
  { broker, nodeId }: RequestContext,
  log: PartitionLog,
  epoch: number = ANY_EPOCH,
  orFollower: boolean = false,
): number {
  const { layout } = broker
  const placement = layout.nodes.length === 1 ? undefined : layout.placement(log)
  if (placement !== undefined && !placement.replicas.includes(nodeId)) return errorCodes.NOT_LEADER_OR_FOLLOWER
  if (epoch !== ANY_EPOCH && epoch !== log.leaderEpoch)
    return epoch < log.leaderEpoch ? errorCodes.FENCED_LEADER_EPOCH : errorCodes.UNKNOWN_LEADER_EPOCH
  const isLeader = placement === undefined || placement.leader === nodeId
  return isLeader || orFollower ? errorCodes.NONE : errorCodes.NOT_LEADER_OR_FOLLOWER
}

/** The leader that an answer with this error names, so that the client need not look for it; nothing with other errors. */
export function currentLeader(
  { broker }: RequestContext,
  log: PartitionLog,
  errorCode: number,
): { readonly currentLeader?: CurrentLeader } {
  if (errorCode !== errorCodes.NOT_LEADER_OR_FOLLOWER && errorCode !== errorCodes.FENCED_LEADER_EPOCH) return {}
  return { currentLeader: { leaderId: broker.layout.placement(log).leader, leaderEpoch: log.leaderEpoch } }
}

/** Where the leaders are that the partitions of an answer name. */
export function leaderEndpoints(
  { broker }: RequestContext,
  partitions: readonly Draft<{ readonly currentLeader: CurrentLeader }>[],
): { readonly nodeId: number; readonly host: string; readonly port: number }[] {
  const ids = new Set(partitions.map(({ currentLeader: leader }) => leader?.leaderId))
  const { nodes } = broker.layout
  return nodes.filter(({ id }) => ids.has(id)).map(({ id, host, port }) => ({ nodeId: id, host, port }))
}
