// DescribeConfigs, AlterConfigs, IncrementalAlterConfigs and ListConfigResources.
import { type Draft, errorCodes } from '@kasper/protocol'
import {
  alterConfigsApi,
  describeConfigsApi,
  type DescribeConfigsResource,
  type DescribeConfigsResult,
  incrementalAlterConfigsApi,
  listConfigResourcesApi,
} from '@kasper/protocol/messages'
import type { Broker } from '../../broker.ts'
import { groupConfigEntries, groupConfigError } from '../../groups/group-configs.ts'
import { type ConfigEntry, configEntries, configTypes, defaultConfig, isList, configError } from '../../logs/topic-configs.ts'
import { isTopicName } from '../../logs/topic.ts'
import { type RequestContext, serve, type ServedApi } from '../served-api.ts'

// Resource types.
const TOPIC = 2
const BROKER = 4
const BROKER_LOGGER = 8
const CLIENT_METRICS = 16
const GROUP = 32
// Operations of IncrementalAlterConfigs.
const SET = 0
const DELETE = 1
const APPEND = 2
const SUBTRACT = 3

const STATIC_BROKER_CONFIG = 4

/** The broker settings that clients and tools read. */
const brokerConfig: ReadonlyMap<string, string> = new Map([
  ['auto.create.topics.enable', 'false'],
  ['group.initial.rebalance.delay.ms', '0'],
  ['num.partitions', '1'],
])

interface Outcome {
  readonly errorCode?: number
  readonly errorMessage: string | null
}

const ok: Outcome = { errorMessage: null }

export const configApis: readonly ServedApi[] = [
  serve(describeConfigsApi, ({ resources, includeSynonyms }, context) => ({
    results: resources.map((resource) => describe(resource, includeSynonyms, context)),
  })),
  serve(incrementalAlterConfigsApi, ({ resources, validateOnly }, { broker }) => ({
    responses: resources.map(({ resourceType, resourceName, configs }) => {
      const answer = { resourceType, resourceName }
      return {
        ...answer,
        ...alter(resourceType, resourceName, validateOnly, broker, (config) => {
          for (const { name, configOperation, value } of configs) {
            const problem = applyOperation(config, name, configOperation, value)
            if (problem !== undefined) return problem
          }
          return undefined
        }),
      }
    }),
  })),
  serve(alterConfigsApi, ({ resources, validateOnly }, { broker }) => ({
    responses: resources.map(({ resourceType, resourceName, configs }) => ({
      resourceType,
      resourceName,
      ...alter(resourceType, resourceName, validateOnly, broker, (config) => {
        config.clear()
        for (const { name, value } of configs) {
          const problem = applyOperation(config, name, SET, value)
          if (problem !== undefined) return problem
        }
        return undefined
      }),
    })),
  })),
  serve(listConfigResourcesApi, ({ resourceTypes }, { broker, version }) => {
    const brokers = broker.layout.nodes.map(({ id }) => String(id))
    const namesByType = new Map<number, readonly string[]>([
      [TOPIC, [...broker.topics.keys()]],
      [BROKER, brokers],
      [BROKER_LOGGER, brokers],
      [CLIENT_METRICS, []],
      [GROUP, [...broker.groups.configs.keys()]],
    ])
    if (resourceTypes.some((type) => !namesByType.has(type))) return { errorCode: errorCodes.UNSUPPORTED_VERSION }
    const wanted = version === 0 ? [CLIENT_METRICS] : resourceTypes.length === 0 ? namesByType.keys() : resourceTypes
    return {
      configResources: [...wanted].flatMap((resourceType) =>
        namesByType.get(resourceType)!.map((resourceName) => ({ resourceName, resourceType })),
      ),
    }
  }),
]

function describe(
  { resourceType, resourceName, configurationKeys }: DescribeConfigsResource,
  includeSynonyms: boolean,
  { broker, nodeId }: RequestContext,
): Draft<DescribeConfigsResult> {
  const answer = { resourceType, resourceName, errorMessage: null }
  const wanted = (name: string): boolean => configurationKeys === null || configurationKeys.includes(name)
  const described = (entries: readonly ConfigEntry[]): DescribeConfigsResult['configs'] =>
    entries
      .filter(({ name }) => wanted(name))
      .map(({ type, ...entry }) => ({
        ...entry,
        configType: type,
        documentation: null,
        synonyms: includeSynonyms ? [{ name: entry.name, value: entry.value, source: entry.configSource }] : [],
      }))
  if (resourceType === TOPIC) {
    const topic = broker.topics.get(resourceName)
    if (topic === undefined) {
      const errorCode = isTopicName(resourceName) ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION : errorCodes.INVALID_TOPIC_EXCEPTION
      return { ...answer, errorCode, errorMessage: `There is no topic ${resourceName}` }
    }
    return { ...answer, configs: described(configEntries(topic.config)) }
  }
  if (resourceType === GROUP && resourceName !== '')
    return { ...answer, configs: described(groupConfigEntries(broker.groups.configs.get(resourceName))) }
  if (resourceType === BROKER && (resourceName === String(nodeId) || resourceName === '')) {
    const own = [
      ['default.replication.factor', String(broker.layout.defaultReplication)],
      ['node.id', resourceName],
    ] as const
    const configs = [...brokerConfig, ...own]
      .filter(([name]) => resourceName !== '' && wanted(name))
      .map(([name, value]) => ({
        name,
        value,
        readOnly: true,
        configSource: STATIC_BROKER_CONFIG,
        configType: configTypes.string,
        documentation: null,
      }))
    return { ...answer, configs }
  }
  return {
    ...answer,
    errorCode: errorCodes.INVALID_REQUEST,
    errorMessage:
      resourceType === BROKER
        ? `Unexpected broker id, expected ${nodeId} or empty string, but received ${resourceName}`
        : `There is no resource ${resourceName} of type ${resourceType}`,
  }
}

function alter(
  resourceType: number,
  resourceName: string,
  validateOnly: boolean,
  broker: Broker,
  change: (config: Map<string, string>) => Outcome | undefined,
): Outcome {
  if (resourceType === GROUP && resourceName !== '') return alterGroup(resourceName, validateOnly, broker, change)
  if (resourceType !== TOPIC) {
    const errorMessage = 'Only the configuration of topics and groups can be altered.'
    return { errorCode: errorCodes.INVALID_REQUEST, errorMessage }
  }
  const topic = broker.topics.get(resourceName)
  const config = new Map(topic?.config)
  const refused = change(config)
  if (refused !== undefined) return refused
  if (!isTopicName(resourceName)) {
    const errorMessage = `'${resourceName}' is not a valid topic name.`
    return { errorCode: errorCodes.INVALID_TOPIC_EXCEPTION, errorMessage }
  }
  for (const [key, value] of config) {
    const problem = configError(key, value)
    if (problem !== undefined) return { errorCode: errorCodes.INVALID_CONFIG, errorMessage: problem }
  }
  if (topic === undefined) {
    const errorMessage = `The topic '${resourceName}' does not exist.`
    return { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorMessage }
  }
  if (!validateOnly) broker.configure(topic, config)
  return ok
}

function alterGroup(
  groupId: string,
  validateOnly: boolean,
  { groups }: Broker,
  change: (config: Map<string, string>) => Outcome | undefined,
): Outcome {
  const config = new Map(groups.configs.get(groupId))
  const refused = change(config)
  if (refused !== undefined) return refused
  const problem = groupConfigError(config)
  if (problem !== undefined) return { errorCode: errorCodes.INVALID_CONFIG, errorMessage: problem }
  if (!validateOnly) groups.configure(groupId, config)
  return ok
}

function applyOperation(config: Map<string, string>, name: string, operation: number, value: string | null): Outcome | undefined {
  if (operation === DELETE) {
    config.delete(name)
    return undefined
  }
  if (value === null) return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: `Null value not supported for: ${name}` }
  let set = value
  if (operation === APPEND || operation === SUBTRACT) {
    if (!isList(name)) {
      const errorMessage = `Can't append to or subtract from ${name}, because it is not a list.`
      return { errorCode: errorCodes.INVALID_CONFIG, errorMessage }
    }
    const before = (config.get(name) ?? defaultConfig(name) ?? '').split(',').filter((one) => one !== '')
    const given = value.split(',').filter((one) => one !== '')
    const after = operation === APPEND ? [...new Set([...before, ...given])] : before.filter((one) => !given.includes(one))
    set = after.join(',')
  } else if (operation !== SET) {
    return { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: `Unknown operation ${operation}` }
  }
  config.set(name, set)
  return undefined
}
