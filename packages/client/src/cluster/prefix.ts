import type { TopicPartition } from '@kasper/core'
import { readAssignment, readSubscription, writeAssignment, writeSubscription } from '../group/group-metadata.ts'
import type { Cluster, GroupMetadata } from './cluster.ts'

/**
 * A view of the cluster that adds a prefix to the names of all topics and groups on the way to the brokers, and removes it on the
 * way back. Topics without the prefix are not listed. An empty prefix returns the cluster itself.
 */
export function withPrefix(cluster: Cluster, prefix: string): Cluster {
  if (prefix === '') return cluster
  /** The names that the code gets for topics without the prefix. */
  const foreign = new Set<string>()
  const toCluster = (name: string): string => (foreign.has(name) ? name.slice(FOREIGN.length) : prefix + name)
  const toCode = (name: string): string => {
    if (name.startsWith(prefix)) return name.slice(prefix.length)
    foreign.add(FOREIGN + name)
    return FOREIGN + name
  }
  const inGroup = <T extends { readonly groupId: string }>(request: T): T => ({ ...request, groupId: prefix + request.groupId })
  const metadataInCode = ({ memberId, metadata }: GroupMetadata): GroupMetadata => ({
    memberId,
    metadata: renameSubscription(metadata, toCode),
  })

  return {
    async metadata(topics, node) {
      const { topics: found, ...rest } = await cluster.metadata(topics?.map(toCluster), node)
      const own = topics === undefined ? [...found].filter(([name]) => name.startsWith(prefix)) : [...found]
      return { ...rest, topics: new Map(own.map(([name, topic]) => [toCode(name), topic])) }
    },
    findCoordinator: (groupId) => cluster.findCoordinator(prefix + groupId),
    async fetch(node, request) {
      const positions = renameTopics(request.positions, toCluster)
      return renameTopics(await cluster.fetch(node, { ...request, positions, readAs: toCode }), toCode)
    },
    produce: async (node, batches) => renameTopics(await cluster.produce(node, renameTopics(batches, toCluster)), toCode),
    listOffsets: (node, partitions, at) => cluster.listOffsets(node, renameTopics(partitions, toCluster), at),

    async joinGroup(node, request) {
      const { name, metadata } = request.protocol
      const protocol = { name, metadata: renameSubscription(metadata, toCluster) }
      const joined = await cluster.joinGroup(node, { ...inGroup(request), protocol })
      return { ...joined, members: joined.members.map(metadataInCode) }
    },
    async syncGroup(node, request) {
      const assignments = request.assignments.map(({ memberId, assignment }) => ({
        memberId,
        assignment: renameAssignment(assignment, toCluster),
      }))
      return renameAssignment(await cluster.syncGroup(node, { ...inGroup(request), assignments }), toCode)
    },
    heartbeat: (node, membership) => cluster.heartbeat(node, inGroup(membership)),
    leaveGroup: (node, membership) => cluster.leaveGroup(node, inGroup(membership)),
    groupMembers: async (node, groupId) => (await cluster.groupMembers(node, prefix + groupId)).map(metadataInCode),
    commitOffsets: (node, membership, offsets) =>
      cluster.commitOffsets(node, inGroup(membership), renameTopics(offsets, toCluster)),
    committedOffsets: (node, groupId, partitions) =>
      cluster.committedOffsets(node, prefix + groupId, renameTopics(partitions, toCluster)),

    createTopics(node, topics, timeoutMs) {
      const named = topics.map((topic) => ({ ...topic, name: toCluster(topic.name) }))
      return cluster.createTopics(node, named, timeoutMs)
    },
    deleteTopics: (node, names, timeoutMs) => cluster.deleteTopics(node, names.map(toCluster), timeoutMs),
    close: () => cluster.close(),
  }
}

/**
 * Marks the name of a topic without the prefix. Other programs may subscribe to such topics in the same group, and if this member
 * leads the group, it assigns their partitions too. No topic name contains this character. Only names from such subscriptions may
 * have the mark, so a program cannot reach other topics by using it.
 */
const FOREIGN = '/'

type Rename = (name: string) => string

function renameTopics<T extends TopicPartition>(partitions: readonly T[], rename: Rename): readonly T[] {
  return partitions.map((partition) => ({ ...partition, topic: rename(partition.topic) }))
}

function renameSubscription(bytes: Uint8Array, rename: Rename): Uint8Array {
  if (bytes.length === 0) return bytes
  const { topics, userData } = readSubscription(bytes)
  return writeSubscription({ topics: topics.map(rename), userData })
}

function renameAssignment(bytes: Uint8Array, rename: Rename): Uint8Array {
  if (bytes.length === 0) return bytes
  return writeAssignment(readAssignment(bytes).map(({ topic, partitions }) => ({ topic: rename(topic), partitions })))
}
