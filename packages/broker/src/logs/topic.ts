import { KasperError, type NewTopic, type TopicPartition } from '@kasper/core'
import type { Decompress } from '@kasper/protocol'
import { PartitionLog } from './partition-log.ts'
import { defaultConfig } from './topic-configs.ts'

/** The parsed configuration of a topic. */
export interface TopicSettings {
  readonly maxMessageBytes: number
  /** Whether the topic is compacted. Then all messages need a key. */
  readonly compacted: boolean
  /** Whether the broker replaces message timestamps with the time of the append. */
  readonly logAppendTime: boolean
  /** How far a message timestamp may be ahead of the broker's time. */
  readonly maxAheadMs: number
  /** Whether retention deletes old records. */
  readonly deletes: boolean
  /** For how long retention keeps messages; -1 for ever. */
  readonly retentionMs: number
  /** How many bytes of each partition retention keeps; -1 for all. */
  readonly retentionBytes: number
  /** The time and the size at which a segment is closed. */
  readonly segmentMs: number
  readonly segmentBytes: number
  /** The share of new records, from 0 to 1, at which compaction starts. */
  readonly minDirtyRatio: number
  /** The age at which a message can be compacted, and the age at which compaction starts at any ratio. */
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
  /** For how long compaction keeps tombstones. */
  readonly deleteRetentionMs: number
}

/** A topic with its logs and settings. The settings can change. */
export interface Topic extends TopicSettings {
  readonly name: string
  /** The topic's id. A topic that is deleted and created again gets another id. */
  readonly id: string
  /** The number of replicas of each partition; the cluster's default if `undefined`. */
  readonly replicationFactor: number | undefined
  readonly logs: readonly PartitionLog[]
  /** The explicit configuration, without defaults. */
  readonly config: ReadonlyMap<string, string>
}

/** A partition as a key of maps. */
export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

/** Creates an empty topic. Throws `CONFIG_INVALID`. */
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
      `cannot have ${replicationFactor} replicas; there ${brokers === 1 ? 'is one broker' : `are ${brokers} brokers`}`,
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

/** Whether Kafka allows this topic name. */
export function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..'
}

/** Adds partitions until the topic has this many. */
export function addPartitions(topic: Topic, count: number): void {
  const logs = topic.logs as PartitionLog[]
  while (logs.length < count) logs.push(new PartitionLog(topic.name, logs.length, logs[0]?.decompress))
}

/** Replaces the configuration. Throws `CONFIG_INVALID`. */
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

/** A random UUID in Kafka's format: 16 bytes in URL-safe base64. */
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
