// Leaders of partitions: their description for clients, and the check that a client has asked the right broker.
import { type Draft, errorCodes } from '@kasper/protocol'
import { type BrokerLayout, NO_BROKER } from '../../broker-layout.ts'
import type { PartitionLog } from '../../logs/partition-log.ts'
import type { RequestContext } from '../served-api.ts'

/** The client does not know the leader epoch. */
const ANY_EPOCH = -1

const none: readonly number[] = []

/** A partition in metadata. */
export interface PartitionDescription {
  readonly errorCode: number
  readonly partitionIndex: number
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly replicaNodes: readonly number[]
  readonly isrNodes: readonly number[]
  readonly offlineReplicas: readonly number[]
}

/** The present leader, for a client that has asked another broker. */
export interface CurrentLeader {
  readonly leaderId: number
  readonly leaderEpoch: number
}

/** Describes a partition. All reachable replicas are in sync. */
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
 * Checks that the client may ask this broker for the partition. Returns an error code, or `NONE`.
 * @param epoch the leader epoch that the client expects
 * @param orFollower whether a follower may answer too
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

/** The present leader, for answers with these two errors. With it, the client need not refresh its metadata. */
export function currentLeader(
  { broker }: RequestContext,
  log: PartitionLog,
  errorCode: number,
): { readonly currentLeader?: CurrentLeader } {
  if (errorCode !== errorCodes.NOT_LEADER_OR_FOLLOWER && errorCode !== errorCodes.FENCED_LEADER_EPOCH) return {}
  return { currentLeader: { leaderId: broker.layout.placement(log).leader, leaderEpoch: log.leaderEpoch } }
}

/** The addresses of the leaders in an answer. */
export function leaderEndpoints(
  { broker }: RequestContext,
  partitions: readonly Draft<{ readonly currentLeader: CurrentLeader }>[],
): { readonly nodeId: number; readonly host: string; readonly port: number }[] {
  const ids = new Set(partitions.map(({ currentLeader: leader }) => leader?.leaderId))
  const { nodes } = broker.layout
  return nodes.filter(({ id }) => ids.has(id)).map(({ id, host, port }) => ({ nodeId: id, host, port }))
}
