// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, Mutable, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { ZERO_UUID } from '../uuid.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** CreateTopicsRequest, versions 2 to 7. */
export interface CreateTopicsRequest {
  /** The topics to create. */
  readonly topics: readonly CreatableTopic[]
  /** How long to wait in milliseconds before timing out the request. */
  readonly timeoutMs: number
  /** If true, check that the topics can be created as specified, but don't create anything. */
  readonly validateOnly: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of CreateTopicsRequest. */
export interface CreatableTopic {
  /** The topic name. */
  readonly name: string
  /**
   * The number of partitions to create in the topic, or -1 if we are either specifying a manual partition assignment or using the
   * default partitions.
   */
  readonly numPartitions: number
  /**
   * The number of replicas to create for each partition in the topic, or -1 if we are either specifying a manual partition
   * assignment or using the default replication factor.
   */
  readonly replicationFactor: number
  /** The manual partition assignment, or the empty array if we are using automatic assignment. */
  readonly assignments: readonly CreatableReplicaAssignment[]
  /** The custom topic configurations to set. */
  readonly configs: readonly CreatableTopicConfig[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of CreateTopicsRequest. */
export interface CreatableReplicaAssignment {
  /** The partition index. */
  readonly partitionIndex: number
  /** The brokers to place the partition on. */
  readonly brokerIds: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of CreateTopicsRequest. */
export interface CreatableTopicConfig {
  /** The configuration name. */
  readonly name: string
  /** The configuration value. */
  readonly value: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a CreateTopicsRequest. */
export function readCreateTopicsRequest(reader: Reader, version: number): CreateTopicsRequest {
  reader.begin('CreateTopicsRequest', version, 2, 7, 5)
  return {
    topics: reader.array(readCreatableTopic, version),
    timeoutMs: reader.int32(),
    validateOnly: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a CreateTopicsRequest. */
export function writeCreateTopicsRequest(writer: Writer, value: Draft<CreateTopicsRequest>, version: number): void {
  writer.begin('CreateTopicsRequest', version, 2, 7, 5)
  writer.array(value.topics, writeCreatableTopic, version)
  writer.int32(value.timeoutMs ?? 60000)
  writer.boolean(value.validateOnly)
  writer.onlyUnknownTags(value.unknownTags)
}

function readCreatableTopic(reader: Reader, version: number): CreatableTopic {
  return {
    name: reader.string(),
    numPartitions: reader.int32(),
    replicationFactor: reader.int16(),
    assignments: reader.array(readCreatableReplicaAssignment, version),
    configs: reader.array(readCreatableTopicConfig, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeCreatableTopic(writer: Writer, value: Draft<CreatableTopic>, version: number): void {
  writer.string(value.name)
  writer.int32(value.numPartitions)
  writer.int16(value.replicationFactor)
  writer.array(value.assignments, writeCreatableReplicaAssignment, version)
  writer.array(value.configs, writeCreatableTopicConfig, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readCreatableReplicaAssignment(reader: Reader, version: number): CreatableReplicaAssignment {
  return {
    partitionIndex: reader.int32(),
    brokerIds: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeCreatableReplicaAssignment(writer: Writer, value: Draft<CreatableReplicaAssignment>, version: number): void {
  writer.int32(value.partitionIndex)
  writer.array(value.brokerIds, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readCreatableTopicConfig(reader: Reader, version: number): CreatableTopicConfig {
  return {
    name: reader.string(),
    value: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeCreatableTopicConfig(writer: Writer, value: Draft<CreatableTopicConfig>, version: number): void {
  writer.string(value.name)
  writer.nullableString(value.value)
  writer.onlyUnknownTags(value.unknownTags)
}

/** CreateTopicsResponse, versions 2 to 7. */
export interface CreateTopicsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** Results for each topic we tried to create. */
  readonly topics: readonly CreatableTopicResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of CreateTopicsResponse. */
export interface CreatableTopicResult {
  /** The topic name. */
  readonly name: string
  /** The unique topic ID. In versions from 7. */
  readonly topicId: string
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Optional topic config error returned if configs are not returned in the response. In versions from 5. */
  readonly topicConfigErrorCode: number
  /** Number of partitions of the topic. In versions from 5. */
  readonly numPartitions: number
  /** Replication factor of the topic. In versions from 5. */
  readonly replicationFactor: number
  /** Configuration of the topic. In versions from 5. */
  readonly configs: readonly CreatableTopicConfigs[] | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of CreateTopicsResponse. */
export interface CreatableTopicConfigs {
  /** The configuration name. */
  readonly name: string
  /** The configuration value. */
  readonly value: string | null
  /** True if the configuration is read-only. */
  readonly readOnly: boolean
  /** The configuration source. */
  readonly configSource: number
  /** True if this configuration is sensitive. */
  readonly isSensitive: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a CreateTopicsResponse. */
export function readCreateTopicsResponse(reader: Reader, version: number): CreateTopicsResponse {
  reader.begin('CreateTopicsResponse', version, 2, 7, 5)
  return {
    throttleTimeMs: reader.int32(),
    topics: reader.array(readCreatableTopicResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a CreateTopicsResponse. */
export function writeCreateTopicsResponse(writer: Writer, value: Draft<CreateTopicsResponse>, version: number): void {
  writer.begin('CreateTopicsResponse', version, 2, 7, 5)
  writer.int32(value.throttleTimeMs)
  writer.array(value.topics, writeCreatableTopicResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readCreatableTopicResult(reader: Reader, version: number): CreatableTopicResult {
  const value: Mutable<CreatableTopicResult> = {
    name: reader.string(),
    topicId: version >= 7 ? reader.uuid() : ZERO_UUID,
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    topicConfigErrorCode: 0,
    numPartitions: version >= 5 ? reader.int32() : -1,
    replicationFactor: version >= 5 ? reader.int16() : -1,
    configs: version >= 5 ? reader.nullableArray(readCreatableTopicConfigs, version) : [],
    unknownTags: undefined,
  }
  if (version < 5) return value
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        value.topicConfigErrorCode = reader.int16()
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

function writeCreatableTopicResult(writer: Writer, value: Draft<CreatableTopicResult>, version: number): void {
  writer.string(value.name)
  if (version >= 7) writer.uuid(value.topicId)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  if (version >= 5) writer.int32(value.numPartitions ?? -1)
  if (version >= 5) writer.int16(value.replicationFactor ?? -1)
  if (version >= 5) writer.nullableArray(value.configs, writeCreatableTopicConfigs, version)
  if (version < 5) return writer.onlyUnknownTags(value.unknownTags)
  const has0 = (value.topicConfigErrorCode ?? 0) !== 0
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.int16(value.topicConfigErrorCode)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

function readCreatableTopicConfigs(reader: Reader, version: number): CreatableTopicConfigs {
  return {
    name: reader.string(),
    value: reader.nullableString(),
    readOnly: reader.boolean(),
    configSource: reader.int8(),
    isSensitive: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

function writeCreatableTopicConfigs(writer: Writer, value: Draft<CreatableTopicConfigs>, version: number): void {
  writer.string(value.name)
  writer.nullableString(value.value)
  writer.boolean(value.readOnly)
  writer.int8(value.configSource ?? -1)
  writer.boolean(value.isSensitive)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The CreateTopics API. */
export const createTopicsApi: Api<CreateTopicsRequest, CreateTopicsResponse> = {
  key: 19,
  name: 'CreateTopics',
  minVersion: 2,
  maxVersion: 7,
  latestStableVersion: 7,
  flexibleFrom: 5,
  readRequest: readCreateTopicsRequest,
  writeRequest: writeCreateTopicsRequest,
  readResponse: readCreateTopicsResponse,
  writeResponse: writeCreateTopicsResponse,
}
