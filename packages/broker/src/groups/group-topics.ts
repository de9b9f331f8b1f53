// Groups identify a partition by a key with the topic's id, because another topic can get the same name after a topic is deleted.

/** The properties of a topic that groups use. */
export interface GroupTopic {
  readonly name: string
  readonly id: string
  readonly logs: { readonly length: number }
}

/** Topics by name. */
export type TopicsByName = ReadonlyMap<string, GroupTopic>

/** The broker's topics. */
export interface GroupTopics {
  readonly topics: TopicsByName
  readonly topicsById: ReadonlyMap<string, GroupTopic>
}

/** Partitions of one topic. */
export interface PartitionsOf {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** The key of a partition. */
export function partitionKey(topicId: string, partition: number): string {
  return `${topicId}/${partition}`
}

/** The keys of partitions, without those of unknown topics. */
export function partitionKeys(topics: TopicsByName, partitions: readonly PartitionsOf[]): Set<string> {
  return new Set(
    partitions.flatMap(({ topic, partitions: numbers }) => {
      const id = topics.get(topic)?.id
      return id === undefined ? [] : numbers.map((number) => partitionKey(id, number))
    }),
  )
}

/** The partitions with these keys, by topic, without those of deleted topics. */
export function partitionsByTopic(
  { topicsById }: GroupTopics,
  keys: ReadonlySet<string>,
): (PartitionsOf & { readonly topicId: string })[] {
  const grouped = Map.groupBy(keys, (key) => key.slice(0, key.indexOf('/')))
  return [...grouped].flatMap(([topicId, ofTopic]) => {
    const topic = topicsById.get(topicId)?.name
    if (topic === undefined) return []
    return [{ topic, topicId, partitions: ofTopic.map((key) => Number(key.slice(topicId.length + 1))).sort((x, y) => x - y) }]
  })
}
