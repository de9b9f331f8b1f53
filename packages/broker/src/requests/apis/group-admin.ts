// ListGroups, DescribeGroups and DeleteGroups.
import { type Draft, errorCodes } from '@kasper/protocol'
import {
  deleteGroupsApi,
  describeGroupsApi,
  type DescribedGroupMember,
  type DescribeGroupsResponseDescribedGroup,
  listGroupsApi,
} from '@kasper/protocol/messages'
import type { Broker } from '../../broker.ts'
import type { ClassicGroupMember, ClassicGroupState } from '../../groups/classic-group.ts'
import { memberCount } from '../../groups/group-coordinator.ts'
import { protocolOf } from '../../groups/member-metadata.ts'
import { serve, type ServedApi } from '../served-api.ts'
import { GROUP_OPERATIONS } from './authorized-operations.ts'

const stateNames: Readonly<Record<ClassicGroupState, string>> = {
  empty: 'Empty',
  joining: 'PreparingRebalance',
  syncing: 'CompletingRebalance',
  stable: 'Stable',
}
const DEAD = 'Dead'
const CLASSIC = 'classic'
const CONSUMER = 'consumer'

export const groupAdminApis: readonly ServedApi[] = [
  serve(listGroupsApi, ({ statesFilter, typesFilter }, { broker }) => {
    const states = statesFilter.map((name) => name.toLowerCase())
    const types = typesFilter.map((name) => name.toLowerCase())
    const groups = [...broker.groups.all].map(([groupId, group]) => ({
      groupId,
      protocolType: group.consumer === undefined ? group.classic.protocolType : 'consumer',
      groupState: group.consumer?.state ?? stateNames[group.classic.state],
      groupType: group.consumer === undefined ? CLASSIC : CONSUMER,
    }))
    return {
      groups: groups.filter(
        ({ groupState, groupType }) =>
          (states.length === 0 || states.includes(groupState.toLowerCase())) && (types.length === 0 || types.includes(groupType)),
      ),
    }
  }),
  serve(describeGroupsApi, ({ groups, includeAuthorizedOperations }, { broker, version }) => {
    const described = groups.map((id) => describe(id, broker, version))
    if (!includeAuthorizedOperations) return { groups: described }
    return {
      groups: described.map((group) =>
        (group.errorCode ?? 0) === errorCodes.NONE ? { ...group, authorizedOperations: GROUP_OPERATIONS } : group,
      ),
    }
  }),
  serve(deleteGroupsApi, ({ groupsNames }, { broker }) => ({
    results: groupsNames.map((groupId) => {
      const group = broker.groups.get(groupId)
      if (group === undefined) return { groupId, errorCode: errorCodes.GROUP_ID_NOT_FOUND }
      if (memberCount(group) > 0) return { groupId, errorCode: errorCodes.NON_EMPTY_GROUP }
      broker.groups.deleteGroup(groupId)
      return { groupId }
    }),
  })),
]

function describe(groupId: string, broker: Broker, version: number): Draft<DescribeGroupsResponseDescribedGroup> {
  const found = broker.groups.get(groupId)
  if (found === undefined || found.consumer !== undefined) {
    const message = found === undefined ? `Group ${groupId} not found.` : `Group ${groupId} is not a classic group.`
    // Only newer clients treat an unknown group as an error.
    const missing = version >= 6 ? errorCodes.GROUP_ID_NOT_FOUND : errorCodes.NONE
    return { errorCode: missing, errorMessage: version >= 6 ? message : null, groupId, groupState: DEAD }
  }
  const group = found.classic
  const { type, name } = protocolOf(group)
  const stable = group.state === 'stable'
  const members = [...group.members.values()].map((member) => describeMember(member, stable ? name : undefined))
  return {
    errorMessage: null,
    groupId,
    groupState: stateNames[group.state],
    protocolType: type,
    protocolData: stable ? name : '',
    members: version >= 4 ? members : members.map((member) => ({ ...member, groupInstanceId: null })),
  }
}

function describeMember(
  { id, request, assignment }: ClassicGroupMember,
  protocol: string | undefined,
): Draft<DescribedGroupMember> {
  const { clientId, clientHost, instanceId, protocols } = request.metadata
  return {
    memberId: id,
    groupInstanceId: instanceId,
    clientId,
    clientHost,
    memberMetadata: protocols.find(({ name }) => name === protocol)?.metadata,
    memberAssignment: assignment,
  }
}
