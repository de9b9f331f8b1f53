/** What a member within the process tells the others, through the leader. */
export interface MemberMetadata {
  readonly topics: readonly string[]
  readonly partitions: readonly number[] | undefined
}

/** What a member of the classic protocol says of itself when it joins. */
export interface RemoteMetadata {
  readonly clientId: string
  readonly clientHost: string
  /** The `group.instance.id` of a static member, which survives restarts. */
  readonly instanceId: string | null
  readonly protocolType: string
  readonly protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[]
}

/** The partitions that are assigned to one member within the process. */
export type PartitionsByTopic = ReadonlyMap<string, readonly number[]>
