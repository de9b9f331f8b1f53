import type { GroupMetadata, MemberAssignment } from '../cluster/cluster.ts'
import type { MetadataCache } from '../cluster/metadata-cache.ts'
import { decide, subscribedTopics } from './group-protocol.ts'

/** The duties of a group's leader: it assigns the partitions, and notices when topics get more of them. */
export class GroupLeader {
  readonly #metadata: MetadataCache
  /** The number of partitions of each topic when they were assigned. `undefined` while another member leads the group. */
  #assigned: ReadonlyMap<string, number> | undefined

  constructor(metadata: MetadataCache) {
    this.#metadata = metadata
  }

  /** Another member leads this generation. */
  resign(): void {
    this.#assigned = undefined
  }

  /** Assigns the partitions of this generation. */
  async assign(protocol: string, members: readonly GroupMetadata[]): Promise<readonly MemberAssignment[]> {
    this.#assigned = await this.#countPartitions(subscribedTopics(members))
    return decide(protocol, members, this.#assigned)
  }

  /** Whether this member leads the group and a topic has more partitions than were assigned. */
  async hasMorePartitions(): Promise<boolean> {
    const assigned = this.#assigned
    if (assigned === undefined) return false
    const counts = await this.#countPartitions([...assigned.keys()])
    return [...assigned].some(([topic, count]) => counts.get(topic)! > count)
  }

  /** A topic that does not exist has 0 partitions. */
  async #countPartitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = await this.#metadata.find(topics)
    return new Map(topics.map((topic) => [topic, found.get(topic)?.length ?? 0]))
  }
}
