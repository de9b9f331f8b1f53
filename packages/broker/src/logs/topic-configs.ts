// The topic configuration of Kafka 4.1, with its defaults. Settings for replication, remote storage and files have no effect here.

/** The codes of value types in DescribeConfigs. */
export const configTypes: Readonly<Record<'boolean' | 'string' | 'int' | 'long' | 'double' | 'list', number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  long: 5,
  double: 6,
  list: 7,
}

type ConfigType = keyof typeof configTypes

interface Definition {
  readonly type: ConfigType
  readonly value: string
  /** The allowed values, if there is a fixed set. */
  readonly oneOf?: readonly string[]
  /** The smallest and the largest allowed number. */
  readonly min?: number
  readonly max?: number
}

const FOREVER = '9223372036854775807'

const definitions: ReadonlyMap<string, Definition> = new Map<string, Definition>([
  ['cleanup.policy', { type: 'list', value: 'delete', oneOf: ['compact', 'delete'] }],
  ['compression.gzip.level', { type: 'int', value: '-1' }],
  ['compression.lz4.level', { type: 'int', value: '9' }],
  [
    'compression.type',
    { type: 'string', value: 'producer', oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'] },
  ],
  ['compression.zstd.level', { type: 'int', value: '3' }],
  ['delete.retention.ms', { type: 'long', value: '86400000', min: 0 }],
  ['file.delete.delay.ms', { type: 'long', value: '60000', min: 0 }],
  ['flush.messages', { type: 'long', value: FOREVER, min: 1 }],
  ['flush.ms', { type: 'long', value: FOREVER, min: 0 }],
  ['follower.replication.throttled.replicas', { type: 'list', value: '' }],
  ['index.interval.bytes', { type: 'int', value: '4096', min: 0 }],
  ['leader.replication.throttled.replicas', { type: 'list', value: '' }],
  ['local.retention.bytes', { type: 'long', value: '-2', min: -2 }],
  ['local.retention.ms', { type: 'long', value: '-2', min: -2 }],
  ['max.compaction.lag.ms', { type: 'long', value: FOREVER, min: 1 }],
  ['max.message.bytes', { type: 'int', value: '1048588', min: 0 }],
  ['message.timestamp.after.max.ms', { type: 'long', value: '3600000', min: 0 }],
  ['message.timestamp.before.max.ms', { type: 'long', value: FOREVER, min: 0 }],
  ['message.timestamp.type', { type: 'string', value: 'CreateTime', oneOf: ['CreateTime', 'LogAppendTime'] }],
  ['min.cleanable.dirty.ratio', { type: 'double', value: '0.5', min: 0, max: 1 }],
  ['min.compaction.lag.ms', { type: 'long', value: '0', min: 0 }],
  ['min.insync.replicas', { type: 'int', value: '1', min: 1 }],
  ['preallocate', { type: 'boolean', value: 'false' }],
  ['remote.log.copy.disable', { type: 'boolean', value: 'false' }],
  ['remote.log.delete.on.disable', { type: 'boolean', value: 'false' }],
  ['remote.storage.enable', { type: 'boolean', value: 'false' }],
  ['retention.bytes', { type: 'long', value: '-1' }],
  ['retention.ms', { type: 'long', value: '604800000', min: -1 }],
  ['segment.bytes', { type: 'int', value: '1073741824', min: 1_048_576 }],
  ['segment.index.bytes', { type: 'int', value: '10485760', min: 4 }],
  ['segment.jitter.ms', { type: 'long', value: '0', min: 0 }],
  ['segment.ms', { type: 'long', value: '604800000', min: 1 }],
  ['unclean.leader.election.enable', { type: 'boolean', value: 'false' }],
])

const MAX: Readonly<Partial<Record<ConfigType, bigint>>> = { int: 2147483647n, long: 9223372036854775807n }

/** Whether the setting is a list, so that values can be added to it. */
export function isList(key: string): boolean {
  return definitions.get(key)?.type === 'list'
}

/** The default value of a setting. */
export function defaultConfig(key: string): string | undefined {
  return definitions.get(key)?.value
}

/** The error in this value; `undefined` if it is valid. */
export function configError(key: string, value: string | null): string | undefined {
  const definition = definitions.get(key)
  if (definition === undefined) return `Unknown topic config name: ${key}`
  if (value === null) return `Null value not supported for topic configs: ${key}`
  return isValid(value.trim(), definition) ? undefined : `Invalid value ${value} for configuration ${key}`
}

function isValid(value: string, { type, oneOf, min, max }: Definition): boolean {
  switch (type) {
    case 'boolean':
      return /^(true|false)$/i.test(value)
    case 'int':
    case 'long': {
      if (!/^[+-]?\d{1,19}$/.test(value)) return false
      const number = BigInt(value)
      return number <= MAX[type]! && number >= (min === undefined ? -MAX[type]! - 1n : BigInt(min))
    }
    case 'double':
      return (
        value !== '' &&
        Number.isFinite(Number(value)) &&
        Number(value) >= (min ?? -Infinity) &&
        Number(value) <= (max ?? Infinity)
      )
    case 'list':
      return oneOf === undefined || value === '' || value.split(',').every((one) => oneOf.includes(one.trim()))
    case 'string':
      return oneOf === undefined || oneOf.includes(value)
  }
}

const DYNAMIC_TOPIC_CONFIG = 1
const DEFAULT_CONFIG = 5

/** A setting in an answer of DescribeConfigs. */
export interface ConfigEntry {
  readonly name: string
  readonly value: string
  readonly readOnly: boolean
  readonly configSource: number
  readonly isSensitive: boolean
  readonly type: number
}

/** All settings of a topic with this configuration. */
export function configEntries(config: ReadonlyMap<string, string>): ConfigEntry[] {
  return [...definitions].map(([name, { type, value }]) => ({
    name,
    value: config.get(name) ?? value,
    readOnly: false,
    configSource: config.has(name) ? DYNAMIC_TOPIC_CONFIG : DEFAULT_CONFIG,
    isSensitive: false,
    type: configTypes[type],
  }))
}
