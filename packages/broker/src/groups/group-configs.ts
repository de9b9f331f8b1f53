// The configuration of consumer groups in Kafka 4.1, with its defaults.
import { type ConfigEntry, configTypes } from '../logs/topic-configs.ts'

const DYNAMIC_GROUP_CONFIG = 8
const DEFAULT_CONFIG = 5
/** Kafka's minimums are its defaults. Tests need less, because they wait for sessions to expire. */
const MIN_MS = 100

const SESSION_TIMEOUT = 'consumer.session.timeout.ms'
const HEARTBEAT_INTERVAL = 'consumer.heartbeat.interval.ms'

const definitions: ReadonlyMap<string, { readonly value: number; readonly max: number }> = new Map([
  [HEARTBEAT_INTERVAL, { value: 5000, max: 15_000 }],
  [SESSION_TIMEOUT, { value: 45_000, max: 60_000 }],
])

type Config = ReadonlyMap<string, string> | undefined

/** The time after which a silent member is removed. */
export function sessionTimeoutMs(config: Config): number {
  return settingOf(config, SESSION_TIMEOUT)
}

/** The heartbeat interval that the broker asks members to use. */
export function heartbeatIntervalMs(config: Config): number {
  return settingOf(config, HEARTBEAT_INTERVAL)
}

/** All settings of a group with this configuration. */
export function groupConfigEntries(config: Config): ConfigEntry[] {
  return [...definitions.keys()].map((name) => ({
    name,
    value: String(settingOf(config, name)),
    readOnly: false,
    configSource: config?.has(name) ? DYNAMIC_GROUP_CONFIG : DEFAULT_CONFIG,
    isSensitive: false,
    type: configTypes.int,
  }))
}

/** The error in a group's configuration; `undefined` if it is valid. */
export function groupConfigError(config: ReadonlyMap<string, string>): string | undefined {
  for (const [name, value] of config) {
    const definition = definitions.get(name)
    if (definition === undefined) return `Unknown group config name: ${name}`
    if (!/^[+-]?\d{1,9}$/.test(value.trim())) return `Invalid value ${value} for configuration ${name}`
    if (Number(value) < MIN_MS || Number(value) > definition.max) return `${name} must be between ${MIN_MS} and ${definition.max}`
  }
  if (sessionTimeoutMs(config) <= heartbeatIntervalMs(config))
    return `${SESSION_TIMEOUT} must be greater than ${HEARTBEAT_INTERVAL}`
  return undefined
}

function settingOf(config: Config, name: string): number {
  return Number(config?.get(name) ?? definitions.get(name)!.value)
}
