import type { Admin } from '../kafka/admin.ts'
import type { MessageProcessors } from '../batches/message-processor.ts'
import type { ResolvedConfig } from './config.ts'
import { KasperError } from '../runtime/errors.ts'

/**
 * Checks the configuration against the cluster before anything is consumed: all topics exist, they have the same number of
 * partitions, and each partition to read exists and has a processor. Returns the number of partitions of each input topic.
 */
export async function checkInput(
  admin: Admin,
  { inputTopics, inputPartitions, topicProcessorName }: ResolvedConfig,
  processors: MessageProcessors<never>,
): Promise<number> {
  const topics = await admin.describeTopics(inputTopics)
  const count = topics[0]!.partitions
  if (topics.some((topic) => topic.partitions !== count)) {
    const counts = topics.map((topic) => `${topic.name} has ${topic.partitions}`).join(', ')
    throw new KasperError(
      'PARTITION_COUNT_MISMATCH',
      `the input topics of ${topicProcessorName} differ in their number of partitions (${counts}), so messages with the same key ` +
        'would be in different partitions: give all input topics the same number, or copy one into a new topic that has it',
    )
  }
  for (const partition of inputPartitions ?? []) {
    if (partition >= count) {
      throw new KasperError(
        'PARTITION_UNKNOWN',
        `inputPartitions names partition ${partition}, but ${inputTopics.join(', ')} ${inputTopics.length > 1 ? 'have' : 'has'} ` +
          `partitions 0 to ${count - 1}`,
        { partition },
      )
    }
  }
  if (processors instanceof Map) {
    const needed = inputPartitions ?? Array.from({ length: count }, (_, partition) => partition)
    const missing = needed.filter((partition) => !processors.has(partition))
    if (missing.length > 0) {
      throw new KasperError(
        'PROCESSOR_MISSING',
        `there is no processor for partition ${missing.join(', ')} of ${inputTopics.join(', ')}: add one to the map, or give one ` +
          'processor for all partitions, or a factory',
        { partition: missing[0] },
      )
    }
  }
  return count
}
