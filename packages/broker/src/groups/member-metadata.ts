// The data that members of the classic protocol exchange through the coordinator, which does not read most of it.

/** The metadata of a member within the process. */
export interface MemberMetadata {
  readonly topics: readonly string[]
  readonly partitions: readonly number[] | undefined
}

/** The metadata of a member that joined with Kafka's protocol. */
export interface RemoteMetadata {
  readonly clientId: string
  readonly clientHost: string
  /** The `group.instance.id` of a static member, which stays the same when the member restarts. */
  readonly instanceId: string | null
  readonly protocolType: string
  readonly protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[]
}

/** The partitions that are assigned to a member within the process. */
export type PartitionsByTopic = ReadonlyMap<string, readonly number[]>

/** The metadata of any member of the classic protocol. */
export type ClassicMetadata = MemberMetadata | RemoteMetadata
/** The assignment of any member of the classic protocol. */
export type ClassicAssignment = PartitionsByTopic | Uint8Array

/** The metadata, if the member joined with Kafka's protocol. */
export function remoteMetadata({
  request: { metadata },
}: {
  readonly request: { readonly metadata: ClassicMetadata }
}): RemoteMetadata | undefined {
  return 'protocols' in metadata ? metadata : undefined
}

/** The first protocol of the first member that all members support. */
export function chosenProtocol(members: readonly RemoteMetadata[]): string {
  const supportedByAll = (name: string): boolean => members.every(({ protocols }) => protocols.some((one) => one.name === name))
  return members[0]?.protocols.find(({ name }) => supportedByAll(name))?.name ?? ''
}

/** The protocol type of a classic group, and the protocol that all its members support. */
export function protocolOf({
  protocolType,
  members,
}: {
  readonly protocolType: string
  readonly members: ReadonlyMap<string, { readonly request: { readonly metadata: ClassicMetadata } }>
}): { readonly type: string; readonly name: string } {
  const remote = [...members.values()].map(remoteMetadata)
  const isInProcess = remote.some((member) => member === undefined)
  return { type: protocolType, name: isInProcess ? 'kasper' : chosenProtocol(remote as RemoteMetadata[]) }
}
