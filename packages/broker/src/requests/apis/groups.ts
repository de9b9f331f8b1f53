// SyncGroup, Heartbeat and LeaveGroup: the classic protocol after a member has joined.
import { errorCodes } from '@kasper/protocol'
import { heartbeatApi, leaveGroupApi, syncGroupApi } from '@kasper/protocol/messages'
import { heartbeatConsumerGroup, leaveConsumerGroup, syncConsumerGroup } from '../../groups/classic-members.ts'
import { checkGeneration, checkMember, findInstance } from '../../groups/member-checks.ts'
import { protocolOf } from '../../groups/member-metadata.ts'
import { serve, type ServedApi } from '../served-api.ts'

const noAssignment = new Uint8Array(0)

export const groupApis: readonly ServedApi[] = [
  serve(syncGroupApi, async (request, { broker, version }) => {
    const { groupId, memberId, groupInstanceId: instanceId, generationId: generation, assignments } = request
    const { protocolType, protocolName } = request
    if (version >= 5 && (protocolType === null || protocolName === null))
      return { errorCode: errorCodes.INCONSISTENT_GROUP_PROTOCOL }
    const member = { memberId, instanceId, generation }
    const consumer = broker.groups.activeConsumerGroup(groupId)
    if (consumer !== undefined) {
      const assignment = syncConsumerGroup(broker, consumer, member, { type: protocolType, name: protocolName })
      return typeof assignment === 'number' ? { errorCode: assignment } : { protocolType, protocolName, assignment }
    }
    const group = broker.groups.get(groupId)?.classic
    const errorCode = checkGeneration(group, member)
    if (errorCode !== errorCodes.NONE) return { errorCode }
    const { type, name } = protocolOf(group!)
    if ((protocolType ?? type) !== type || (protocolName ?? name) !== name)
      return { errorCode: errorCodes.INCONSISTENT_GROUP_PROTOCOL }
    const memberIds = [...group!.members.keys()]
    const isLeader = memberIds[0] === memberId
    const decided = new Map<string, Uint8Array>(memberIds.map((id) => [id, noAssignment]))
    for (const one of assignments) decided.set(one.memberId, one.assignment.slice())
    const assignment = await broker.groups.sync(groupId, memberId, generation, isLeader ? decided : undefined)
    if (assignment === 'unknown-member') return { errorCode: errorCodes.UNKNOWN_MEMBER_ID }
    if (assignment === 'rebalancing') return { errorCode: errorCodes.REBALANCE_IN_PROGRESS }
    return { protocolType: type, protocolName: name, assignment }
  }),
  serve(heartbeatApi, ({ groupId, memberId, groupInstanceId: instanceId, generationId: generation }, { broker: { groups } }) => {
    const member = { memberId, instanceId, generation }
    const consumer = groups.activeConsumerGroup(groupId)
    if (consumer !== undefined) return { errorCode: heartbeatConsumerGroup(consumer, member) }
    const errorCode = checkGeneration(groups.get(groupId)?.classic, member)
    if (errorCode !== errorCodes.NONE) return { errorCode }
    const isRebalancing = groups.heartbeat(groupId, memberId, generation) === 'rebalancing'
    return { errorCode: isRebalancing ? errorCodes.REBALANCE_IN_PROGRESS : errorCodes.NONE }
  }),
  serve(leaveGroupApi, ({ groupId, memberId, members }, { broker: { groups }, version }) => {
    const leave = (id: string, instanceId: string | null): number => {
      const consumer = groups.activeConsumerGroup(groupId)
      if (consumer !== undefined) return leaveConsumerGroup(groups, groupId, consumer, id, instanceId)
      const group = groups.get(groupId)?.classic
      if (instanceId === null && groups.pendingMembers.delete(groupId, id)) return errorCodes.NONE
      // An administrator may know only the instance id.
      const leaving = instanceId !== null && id === '' ? (findInstance(group, instanceId)?.id ?? '') : id
      const errorCode = checkMember(group, leaving, instanceId)
      if (errorCode === errorCodes.NONE) groups.leave(groupId, leaving)
      return errorCode
    }
    if (version < 3) return { errorCode: leave(memberId, null) }
    return {
      members: members.map(({ memberId: id, groupInstanceId }) => ({
        memberId: id,
        groupInstanceId,
        errorCode: leave(id, groupInstanceId),
      })),
    }
  }),
]
