import type { Admin } from '../kafka/admin.ts'
import type { TopicPartition, TopicPartitionOffset } from '../kafka/topic-partition.ts'
import { describePartition } from '../kafka/topic-partition.ts'
import { KasperError } from '../runtime/errors.ts'
import type { PartitionSettings } from './partition-settings.ts'

/** Where a partition is to be read from, and where its log ended when that was decided. */
export interface StartPosition extends TopicPartitionOffset {
  readonly endOffset: number
  /**
   * Whether to commit it before anything is read: it was chosen at the end of the log, and whoever takes over must not choose
   * anew, at an end that lies behind messages that nobody has processed.
   */
  readonly chosenAtEnd: boolean
}

type PositionSettings = Pick<PartitionSettings, 'groupId' | 'initialOffset' | 'outOfRange' | 'logger' | 'topicProcessorName'>

/** Decides where to start reading each of these partitions: where the group left off, or as the configuration says. */
export async function startPositions(
  admin: Admin,
  partitions: readonly TopicPartition[],
  config: PositionSettings,
): Promise<readonly StartPosition[]> {
  if (partitions.length === 0) return []
  const [committed, earliest, latest] = await Promise.all([
    admin.committedOffsets(config.groupId, partitions),
    admin.listOffsets(partitions, 'earliest'),
    admin.listOffsets(partitions, 'latest'),
  ])
  return partitions.map((partition, i) => {
    const range = { earliest: earliest[i]!, latest: latest[i]! }
    const wanted = committed[i]
    if (wanted !== undefined) return inRange(partition, wanted, range, config)
    return startAt(partition, range[config.initialOffset], range, config.initialOffset === 'latest')
  })
}

interface LogRange {
  readonly earliest: number
  readonly latest: number
}

function startAt(
  { topic, partition }: TopicPartition,
  offset: number,
  { latest }: LogRange,
  chosenAtEnd: boolean,
): StartPosition {
  return { topic, partition, offset, endOffset: latest, chosenAtEnd }
}

/** The position itself where the log has it; otherwise what the `outOfRange` policy makes of it, which may be an error. */
export function inRange(partition: TopicPartition, offset: number, range: LogRange, config: PositionSettings): StartPosition {
  if (offset >= range.earliest && offset <= range.latest) return startAt(partition, offset, range, false)
  const { outOfRange, logger, topicProcessorName: processor } = config
  const where = `offset ${offset} of ${describePartition(partition)} is not in the log, which has ${range.earliest} to ${range.latest}`
  const why =
    offset < range.earliest
      ? 'retention deleted messages before they were processed'
      : 'the topic was probably deleted and created again, or lost messages'
  if (outOfRange === 'fail') {
    throw new KasperError(
      'OFFSET_OUT_OF_RANGE',
      `${where}: ${why}. Set outOfRange to 'earliest' or 'latest' to go on there, or set the offsets of group ${config.groupId} yourself`,
      { ...partition, offset },
    )
  }
  const to = range[outOfRange]
  logger.warn(
    { processor, ...partition, offset, to, earliest: range.earliest, latest: range.latest },
    `${where}: going on at ${to}`,
  )
  return startAt(partition, to, range, outOfRange === 'latest')
}
