// The data that members of the classic protocol exchange through the coordinator, which does not read most of it.

/** The metadata of a member of the classic protocol. */
export interface ClassicMetadata {
  readonly clientId: string
  readonly clientHost: string
  /** The `group.instance.id` of a static member, which stays the same when the member restarts. */
  readonly instanceId: string | null
  readonly protocolType: string
  readonly protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[]
}

/** The first protocol of the first member that all members support. */
export function chosenProtocol(members: readonly ClassicMetadata[]): string {
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
  return { type: protocolType, name: chosenProtocol([...members.values()].map(({ request }) => request.metadata)) }
}
