import { KasperError, type NewTopic, type TopicPartition } from '@kasper/core'
import type { Decompress } from '@kasper/protocol'
import { PartitionLog } from './partition-log.ts'
import { defaultConfig } from './topic-configs.ts'

/** What a topic's configuration means for its logs. */
export interface TopicSettings {
  readonly maxMessageBytes: number
  /** Whether messages must have a key, because compaction goes by it. */
  readonly compacted: boolean
  /** Whether messages get the time of appending instead of their own. */
  readonly logAppendTime: boolean
  /** By how much a message's own time may be ahead of the broker's. */
  readonly maxAheadMs: number
  /** Whether retention deletes what is old, or too much. */
  readonly deletes: boolean
  /** How long retention keeps messages, or -1 for ever. */
  readonly retentionMs: number
  /** How many bytes of a partition retention keeps, or -1 for all. */
  readonly retentionBytes: number
  /** After how long, or with how many bytes, a part of the log is closed, and may be cleaned. */
  readonly segmentMs: number
  readonly segmentBytes: number
  /** How much of a log must be new, from 0 to 1, before it is compacted again. */
  readonly minDirtyRatio: number
  /** For how long a message is safe from compaction, and after how long it comes about whatever the ratio is. */
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
  /** How long compaction leaves tombstones for readers to see. */
  readonly deleteRetentionMs: number
}

/** A topic: its logs, and its settings, which may be altered. */
export interface Topic extends TopicSettings {
  readonly name: string
  /** Unlike the name, never the same again when the topic is deleted and created anew. */
  readonly id: string
  /** On how many brokers each partition is; left out, as Kafka's default has it. */
  readonly replicationFactor: number | undefined
  readonly logs: readonly PartitionLog[]
  /** What was configured, without what is at its default. */
  readonly config: ReadonlyMap<string, string>
}

/** A topic's partition as a key of maps. */
export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

/** Makes an empty topic, or throws `CONFIG_INVALID`. */
export function newTopic(
  { name, partitions = 1, replicationFactor, config = {} }: NewTopic,
  decompress?: Decompress,
  brokers: number = 1,
): Topic {
  if (!isTopicName(name)) {
    throw invalid(name, 'has a name that Kafka does not allow; use up to 249 of a-z A-Z 0-9 . _ -')
  }
  if (!Number.isInteger(partitions) || partitions < 1)
    throw invalid(name, `cannot have ${partitions} partitions; it needs at least 1`)
  if (replicationFactor !== undefined && replicationFactor > brokers)
    throw invalid(
      name,
      `cannot have ${replicationFactor} replicas; this MemoryKafka is ${brokers === 1 ? 'one broker' : `${brokers} brokers`}`,
    )
  const entries = new Map(Object.entries(config))
  return {
    name,
    id: randomUuid(),
    replicationFactor,
    logs: Array.from({ length: partitions }, (_, partition) => new PartitionLog(name, partition, decompress)),
    config: entries,
    ...settingsOf(name, entries),
  }
}

/** Whether Kafka allows a topic of this name. */
export function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..'
}

/** Adds partitions, up to this number. */
export function addPartitions(topic: Topic, count: number): void {
  const logs = topic.logs as PartitionLog[]
  while (logs.length < count) logs.push(new PartitionLog(topic.name, logs.length, logs[0]?.decompress))
}

/** Puts this configuration in the place of the one that the topic has, or throws `CONFIG_INVALID`. */
export function configure(topic: Topic, config: ReadonlyMap<string, string>): void {
  Object.assign(topic, settingsOf(topic.name, config), { config })
}

function settingsOf(name: string, config: ReadonlyMap<string, string>): TopicSettings {
  const text = (key: string): string => config.get(key) ?? defaultConfig(key)!
  const number = (key: string): number => {
    const value = Number(text(key))
    if (!Number.isInteger(value)) throw invalid(name, `has ${key} = ${config.get(key)}; it must be a whole number`)
    return Math.min(value, Number.MAX_SAFE_INTEGER)
  }
  const minDirtyRatio = Number(text('min.cleanable.dirty.ratio'))
  if (!(minDirtyRatio >= 0 && minDirtyRatio <= 1)) {
    throw invalid(name, `has min.cleanable.dirty.ratio = ${config.get('min.cleanable.dirty.ratio')}; it must be from 0 to 1`)
  }
  const policies = text('cleanup.policy')
    .split(',')
    .map((policy) => policy.trim())
  return {
    maxMessageBytes: number('max.message.bytes'),
    compacted: policies.includes('compact'),
    logAppendTime: config.get('message.timestamp.type') === 'LogAppendTime',
    maxAheadMs: number('message.timestamp.after.max.ms'),
    deletes: policies.includes('delete'),
    retentionMs: number('retention.ms'),
    retentionBytes: number('retention.bytes'),
    segmentMs: number('segment.ms'),
    segmentBytes: number('segment.bytes'),
    minDirtyRatio,
    minCompactionLagMs: number('min.compaction.lag.ms'),
    maxCompactionLagMs: number('max.compaction.lag.ms'),
    deleteRetentionMs: number('delete.retention.ms'),
  }
}

/** A random UUID, as Kafka writes them: 16 bytes in URL-safe base64. */
export function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return btoa(String.fromCharCode(...bytes))
    .slice(0, 22)
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}

function invalid(name: string, what: string): KasperError {
  return new KasperError('CONFIG_INVALID', `Topic ${JSON.stringify(name)} ${what}`, { topic: name })
}
