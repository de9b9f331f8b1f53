import type { FetchedBatch, KafkaClient, Message, TopicPartition } from '@kasper/core'

/**
 * Reads a topic from the offsets `from` to the offsets `ends`, both by partition, in its own consumer group. Commits nothing. Calls
 * `onMessages` with the messages of a partition in order.
 */
export async function readTopic(
  client: KafkaClient,
  topic: string,
  from: readonly number[],
  ends: readonly number[],
  signal: AbortSignal,
  onMessages: (messages: readonly Message[]) => void,
): Promise<void> {
  const remaining = new Set(ends.keys())
  for (const partition of ends.keys()) if (from[partition]! >= ends[partition]!) remaining.delete(partition)
  if (remaining.size === 0) return
  const positions = (partitions: readonly TopicPartition[]) =>
    partitions.map((owned) => ({ ...owned, offset: from[owned.partition]! }))
  const consumer = await client.consumer({
    groupId: `${topic}.check`,
    topics: [topic],
    listener: { onAssign: async (partitions) => positions(partitions), onRevoke: async () => {}, onLost: () => {} },
  })
  try {
    while (remaining.size > 0 && !signal.aborted) {
      for (const batch of await consumer.poll({ signal })) {
        onMessages(within(batch, ends[batch.partition]!))
        if (batch.nextOffset >= ends[batch.partition]!) remaining.delete(batch.partition)
      }
    }
  } finally {
    await consumer.close()
  }
}

/** The messages before the end. Later messages were written during the check. */
function within({ messages }: FetchedBatch, end: number): readonly Message[] {
  return (messages.at(-1)?.offset ?? -1) < end ? messages : messages.filter(({ offset }) => offset < end)
}
