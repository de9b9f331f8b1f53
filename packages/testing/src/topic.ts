import { KasperError, type NewTopic, type TopicPartition } from '@kasper/core'
import { PartitionLog } from './partition-log.ts'

/** Kafka's own default of `max.message.bytes`. */
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588

/** A topic: its logs, and what its configuration means for them. */
export interface Topic {
  readonly name: string
  readonly logs: readonly PartitionLog[]
  readonly maxMessageBytes: number
  /** Whether messages must have a key, because compaction goes by it. */
  readonly compacted: boolean
  /** Whether messages get the time of appending instead of their own. */
  readonly logAppendTime: boolean
  /** How long retention keeps messages, or -1 for ever. */
  readonly retentionMs: number
  /** How many bytes of a partition retention keeps, or -1 for all. */
  readonly retentionBytes: number
}

/** A topic's partition as a key of maps. */
export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

/** Makes an empty topic, or throws `CONFIG_INVALID`. */
export function newTopic({ name, partitions = 1, replicationFactor = 1, config = {} }: NewTopic): Topic {
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(name) || name === '.' || name === '..') {
    throw invalid(name, 'has a name that Kafka does not allow; use up to 249 of a-z A-Z 0-9 . _ -')
  }
  if (!Number.isInteger(partitions) || partitions < 1)
    throw invalid(name, `cannot have ${partitions} partitions; it needs at least 1`)
  if (replicationFactor > 1) throw invalid(name, `cannot have ${replicationFactor} replicas; MemoryKafka is one broker`)
  const number = (key: string, otherwise: number): number => {
    const value = config[key] === undefined ? otherwise : Number(config[key])
    if (!Number.isSafeInteger(value)) throw invalid(name, `has ${key} = ${config[key]}; it must be a whole number`)
    return value
  }
  return {
    name,
    logs: Array.from({ length: partitions }, (_, partition) => new PartitionLog(name, partition)),
    maxMessageBytes: number('max.message.bytes', DEFAULT_MAX_MESSAGE_BYTES),
    compacted: (config['cleanup.policy'] ?? 'delete').split(',').includes('compact'),
    logAppendTime: config['message.timestamp.type'] === 'LogAppendTime',
    retentionMs: number('retention.ms', 7 * 24 * 60 * 60 * 1000),
    retentionBytes: number('retention.bytes', -1),
  }
}

function invalid(name: string, what: string): KasperError {
  return new KasperError('CONFIG_INVALID', `Topic ${JSON.stringify(name)} ${what}`, { topic: name })
}
