// What members of a group say after they have joined.
import { errorCodes } from '@kasper/protocol'
import { heartbeatApi, leaveGroupApi, syncGroupApi } from '@kasper/protocol/messages'
import { serve, type ServedApi } from './api.ts'
import { consumerGroupOf, heartbeatAsClassic, leaveAsClassic, syncAsClassic } from './classic-members.ts'
import { checkGeneration, checkMember, findInstance, protocolOf } from '../groups/membership.ts'

const nothing = new Uint8Array(0)

export const groupApis: readonly ServedApi[] = [
  serve(syncGroupApi, async (request, context) => {
    const { state, version } = context
    const { broker } = state
    const { groupId, memberId, groupInstanceId: instanceId, generationId: generation, assignments } = request
    if (version >= 5 && (request.protocolType === null || request.protocolName === null))
      return { errorCode: errorCodes.INCONSISTENT_GROUP_PROTOCOL }
    const newer = consumerGroupOf(state, groupId)
    if (newer !== undefined) return syncAsClassic(request, context, newer)
    const group = broker.coordinator.groups.get(groupId)
    const errorCode = checkGeneration(group, { memberId, instanceId, generation })
    if (errorCode !== errorCodes.NONE) return { errorCode }
    const { type, name } = protocolOf(group!)
    if ((request.protocolType ?? type) !== type || (request.protocolName ?? name) !== name)
      return { errorCode: errorCodes.INCONSISTENT_GROUP_PROTOCOL }
    const leads = [...group!.members.keys()][0] === memberId
    const decision = new Map<string, Uint8Array>([...group!.members.keys()].map((id) => [id, nothing]))
    for (const one of assignments) decision.set(one.memberId, one.assignment.slice())
    const mine = await broker.coordinator.sync(groupId, memberId, generation, leads ? decision : undefined)
    if (mine === 'unknown-member') return { errorCode: errorCodes.UNKNOWN_MEMBER_ID }
    if (mine === 'rebalancing') return { errorCode: errorCodes.REBALANCE_IN_PROGRESS }
    return { protocolType: type, protocolName: name, assignment: mine as Uint8Array }
  }),
  serve(heartbeatApi, (request, { state }) => {
    const { groupId, memberId, groupInstanceId: instanceId, generationId: generation } = request
    const { broker } = state
    const newer = consumerGroupOf(state, groupId)
    if (newer !== undefined) return { errorCode: heartbeatAsClassic(request, newer) }
    const errorCode = checkGeneration(broker.coordinator.groups.get(groupId), { memberId, instanceId, generation })
    if (errorCode !== errorCodes.NONE) return { errorCode }
    const found = broker.coordinator.heartbeat(groupId, memberId, generation)
    return { errorCode: found === 'rebalancing' ? errorCodes.REBALANCE_IN_PROGRESS : errorCodes.NONE }
  }),
  serve(leaveGroupApi, ({ groupId, memberId, members }, { state, version }) => {
    const leave = (id: string, instanceId: string | null): number => {
      const { coordinator } = state.broker
      const newer = consumerGroupOf(state, groupId)
      if (newer !== undefined) return leaveAsClassic({ memberId: id, groupInstanceId: instanceId }, groupId, state, newer)
      const group = coordinator.groups.get(groupId)
      if (instanceId === null && state.pendingMembers.delete(groupId, id)) return errorCodes.NONE
      // An administrator may not know the id.
      const leaving = instanceId !== null && id === '' ? (findInstance(group, instanceId)?.id ?? '') : id
      const errorCode = checkMember(group, leaving, instanceId)
      if (errorCode === errorCodes.NONE) coordinator.leave(groupId, leaving)
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
