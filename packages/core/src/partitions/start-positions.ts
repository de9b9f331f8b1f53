import type { Admin } from '../kafka/admin.ts'
import type { TopicPartition, TopicPartitionOffset } from '../kafka/topic-partition.ts'
import { describePartition } from '../kafka/topic-partition.ts'
import { KasperError } from '../runtime/errors.ts'
import type { PartitionSettings } from './partition-settings.ts'

/** The offset at which to start reading a topic partition, and the end of its log at that time. */
export interface StartPosition extends TopicPartitionOffset {
  readonly endOffset: number
  /**
   * Whether the position is the end of the log, by policy. It is then committed before anything is read. Otherwise the next owner
   * would choose the end again, and skip the messages that were written in between.
   */
  readonly chosenAtEnd: boolean
}

type PositionSettings = Pick<PartitionSettings, 'groupId' | 'initialOffset' | 'outOfRange' | 'logger' | 'topicProcessorName'>

/** The positions at which to start reading: the group's committed offsets, or where there is none, `initialOffset`. In the order asked. */
export async function startPositions(
  admin: Admin,
  partitions: readonly TopicPartition[],
  settings: PositionSettings,
): Promise<readonly StartPosition[]> {
  if (partitions.length === 0) return []
  const [committed, earliest, latest] = await Promise.all([
    admin.committedOffsets(settings.groupId, partitions),
    admin.listOffsets(partitions, 'earliest'),
    admin.listOffsets(partitions, 'latest'),
  ])
  return partitions.map((partition, i) => {
    const range = { earliest: earliest[i]!, latest: latest[i]! }
    const offset = committed[i]
    if (offset !== undefined) return inRange(partition, offset, range, settings)
    return startAt(partition, range[settings.initialOffset], range, settings.initialOffset === 'latest')
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

/** This offset if it is in the log, else the offset that the `outOfRange` policy chooses. Throws `OFFSET_OUT_OF_RANGE` if the policy is `fail`. */
export function inRange(partition: TopicPartition, offset: number, range: LogRange, settings: PositionSettings): StartPosition {
  if (offset >= range.earliest && offset <= range.latest) return startAt(partition, offset, range, false)
  const { outOfRange, logger, topicProcessorName: processor } = settings
  const problem = `offset ${offset} of ${describePartition(partition)} is not in the log, which has offsets ${range.earliest} to ${range.latest}`
  const reason =
    offset < range.earliest
      ? 'retention deleted messages before they were processed'
      : 'the topic was probably deleted and created again, or it lost messages'
  if (outOfRange === 'fail') {
    throw new KasperError(
      'OFFSET_OUT_OF_RANGE',
      `${problem}: ${reason}. Set outOfRange to 'earliest' or 'latest' to continue there, or set the committed offsets of group ${settings.groupId}`,
      { ...partition, offset },
    )
  }
  const to = range[outOfRange]
  logger.warn(
    { processor, ...partition, offset, to, earliest: range.earliest, latest: range.latest },
    `${problem}: ${reason}. Continuing at offset ${to}`,
  )
  return startAt(partition, to, range, outOfRange === 'latest')
}
