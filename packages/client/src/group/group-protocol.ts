// What members of a group tell each other, in the format of Java's consumers: with `range` a group may have members of both kinds.
import type { GroupMember as Claimant } from './assignment.ts'
import { assignRange, assignStatic } from './assignment.ts'
import type { TopicPartition } from '@kasper/core'
import type { GroupMetadata, JoinRequest, MemberAssignment } from '../cluster/cluster.ts'

const RANGE = 'range'
/** Members name the partitions that they want in the user data of their subscription. */
const STATIC = 'kasper-static'
const VERSION = 0

/** What a member with static partitions says of itself. */
interface Claim {
  readonly partitions: readonly number[]
  /** Its member id when it was last given these partitions: who holds them keeps them. A claim of an earlier life does not count. */
  readonly heldAs: string | null
}

/** The one protocol that this member can follow: sharing by range, or its own claims. */
export function subscription(topics: readonly string[], claim: Claim | undefined): JoinRequest['protocol'] {
  const metadata = new Bytes()
  metadata.int16(VERSION)
  metadata.int32(topics.length)
  for (const topic of topics) metadata.string(topic)
  metadata.bytes(claim === undefined ? new Uint8Array() : utf8.encode(JSON.stringify(claim)))
  return { name: claim === undefined ? RANGE : STATIC, metadata: metadata.taken() }
}

/** Topics that some member wants. */
export function subscribedTopics(members: readonly GroupMetadata[]): readonly string[] {
  return [...new Set(members.flatMap(({ metadata }) => readSubscription(metadata).topics))]
}

/** The leader's decision for all members. */
export function decide(
  protocol: string,
  members: readonly GroupMetadata[],
  partitionCounts: ReadonlyMap<string, number>,
): readonly MemberAssignment[] {
  const claimants = members.map(claimant)
  const assignment = protocol === STATIC ? assignStatic(claimants).assignment : assignRange(claimants, partitionCounts)
  return Array.from(assignment, ([memberId, topics]) => {
    const written = new Bytes()
    written.int16(VERSION)
    written.int32(topics.size)
    for (const [topic, partitions] of topics) {
      written.string(topic)
      written.int32(partitions.length)
      for (const partition of partitions) written.int32(partition)
    }
    written.bytes(new Uint8Array())
    return { memberId, assignment: written.taken() }
  })
}

/** Which partitions a member was given. */
export function assignedPartitions(assignment: Uint8Array): readonly TopicPartition[] {
  if (assignment.length === 0) return []
  const reader = new BytesReader(assignment)
  reader.int16()
  return reader
    .array(() => {
      const topic = reader.string()
      return reader.array(() => ({ topic, partition: reader.int32() }))
    })
    .flat()
}

/** Which member stands in the way of this one's claims, and where. */
export function findRival(
  members: readonly GroupMetadata[],
  mine: Claimant,
): (TopicPartition & { readonly memberId: string }) | undefined {
  for (const other of members.map(claimant)) {
    if (other.memberId === mine.memberId) continue
    const topic = mine.topics.find((it) => other.topics.includes(it))
    const partition = mine.partitions?.find((it) => other.partitions?.includes(it))
    if (topic !== undefined && partition !== undefined) return { memberId: other.memberId, topic, partition }
  }
  return undefined
}

function claimant({ memberId, metadata }: GroupMetadata): Claimant {
  const { topics, userData } = readSubscription(metadata)
  const claim = readClaim(userData)
  return { memberId, topics, partitions: claim?.partitions, holdsPartitions: claim?.heldAs === memberId }
}

function readSubscription(metadata: Uint8Array): { readonly topics: readonly string[]; readonly userData: Uint8Array } {
  if (metadata.length === 0) return { topics: [], userData: metadata }
  const reader = new BytesReader(metadata)
  reader.int16()
  return { topics: reader.array(() => reader.string()), userData: reader.bytes() }
}

function readClaim(userData: Uint8Array): Claim | undefined {
  if (userData.length === 0) return undefined
  try {
    const claim = JSON.parse(text.decode(userData)) as Partial<Claim>
    return Array.isArray(claim.partitions) ? { partitions: claim.partitions, heldAs: claim.heldAs ?? null } : undefined
  } catch {
    return undefined // Java's assignors have user data of their own.
  }
}

const utf8 = new TextEncoder()
const text = new TextDecoder()

/** Kafka's old, fixed-length encoding, big-endian. */
class Bytes {
  readonly #written: number[] = []

  int16(value: number): void {
    this.#written.push((value >> 8) & 0xff, value & 0xff)
  }

  int32(value: number): void {
    this.int16(value >> 16)
    this.int16(value)
  }

  string(value: string): void {
    const encoded = utf8.encode(value)
    this.int16(encoded.length)
    this.#written.push(...encoded)
  }

  bytes(value: Uint8Array): void {
    this.int32(value.length)
    for (const byte of value) this.#written.push(byte)
  }

  taken(): Uint8Array {
    return Uint8Array.from(this.#written)
  }
}

class BytesReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  int16(): number {
    return this.#view.getInt16(this.#skip(2))
  }

  int32(): number {
    return this.#view.getInt32(this.#skip(4))
  }

  string(): string {
    return text.decode(this.#take(this.int16()))
  }

  /** Empty for null. */
  bytes(): Uint8Array {
    return this.#take(Math.max(0, this.int32()))
  }

  array<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, read)
  }

  #take(length: number): Uint8Array {
    return this.#bytes.subarray(this.#skip(length), this.#position)
  }

  #skip(length: number): number {
    const position = this.#position
    this.#position += length
    return position
  }
}
