// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { ZERO_UUID } from '../uuid.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** MetadataRequest, versions 0 to 13. */
export interface MetadataRequest {
  /** The topics to fetch metadata for. */
  readonly topics: readonly MetadataRequestTopic[] | null
  /**
   * If this is true, the broker may auto-create topics that we requested which do not already exist, if it is configured to do
   * so. In versions from 4.
   */
  readonly allowAutoTopicCreation: boolean
  /** Whether to include cluster authorized operations. In versions 8 to 10. */
  readonly includeClusterAuthorizedOperations: boolean
  /** Whether to include topic authorized operations. In versions from 8. */
  readonly includeTopicAuthorizedOperations: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of MetadataRequest. */
export interface MetadataRequestTopic {
  /** The topic id. In versions from 10. */
  readonly topicId: string
  /** The topic name. */
  readonly name: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a MetadataRequest. */
export function readMetadataRequest(reader: Reader, version: number): MetadataRequest {
  reader.begin('MetadataRequest', version, 0, 13, 9)
  return {
    topics: version >= 1
      ? reader.nullableArray(readMetadataRequestTopic, version)
      : reader.array(readMetadataRequestTopic, version),
    allowAutoTopicCreation: version >= 4 ? reader.boolean() : true,
    includeClusterAuthorizedOperations: version >= 8 && version <= 10 ? reader.boolean() : false,
    includeTopicAuthorizedOperations: version >= 8 ? reader.boolean() : false,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a MetadataRequest. */
export function writeMetadataRequest(writer: Writer, value: Draft<MetadataRequest>, version: number): void {
  writer.begin('MetadataRequest', version, 0, 13, 9)
  if (version >= 1) writer.nullableArray(value.topics, writeMetadataRequestTopic, version)
  else writer.array(value.topics, writeMetadataRequestTopic, version)
  if (version >= 4) writer.boolean(value.allowAutoTopicCreation ?? true)
  else if ((value.allowAutoTopicCreation ?? true) !== true) writer.refuse('allowAutoTopicCreation')
  if (version >= 8 && version <= 10) writer.boolean(value.includeClusterAuthorizedOperations)
  else if ((value.includeClusterAuthorizedOperations ?? false) !== false) writer.refuse('includeClusterAuthorizedOperations')
  if (version >= 8) writer.boolean(value.includeTopicAuthorizedOperations)
  else if ((value.includeTopicAuthorizedOperations ?? false) !== false) writer.refuse('includeTopicAuthorizedOperations')
  writer.onlyUnknownTags(value.unknownTags)
}

function readMetadataRequestTopic(reader: Reader, version: number): MetadataRequestTopic {
  return {
    topicId: version >= 10 ? reader.uuid() : ZERO_UUID,
    name: version >= 10 ? reader.nullableString() : reader.string(),
    unknownTags: reader.unknownTags(),
  }
}

function writeMetadataRequestTopic(writer: Writer, value: Draft<MetadataRequestTopic>, version: number): void {
  if (version >= 10) writer.uuid(value.topicId)
  if (version >= 10) writer.nullableString(value.name)
  else writer.string(value.name)
  writer.onlyUnknownTags(value.unknownTags)
}

/** MetadataResponse, versions 0 to 13. */
export interface MetadataResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota. In versions from 3.
   */
  readonly throttleTimeMs: number
  /** A list of brokers present in the cluster. */
  readonly brokers: readonly MetadataResponseBroker[]
  /** The cluster ID that responding broker belongs to. In versions from 2. */
  readonly clusterId: string | null
  /** The ID of the controller broker. In versions from 1. */
  readonly controllerId: number
  /** Each topic in the response. */
  readonly topics: readonly MetadataResponseTopic[]
  /** 32-bit bitfield to represent authorized operations for this cluster. In versions 8 to 10. */
  readonly clusterAuthorizedOperations: number
  /** The top-level error code, or 0 if there was no error. In versions from 13. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of MetadataResponse. */
export interface MetadataResponseBroker {
  /** The broker ID. */
  readonly nodeId: number
  /** The broker hostname. */
  readonly host: string
  /** The broker port. */
  readonly port: number
  /** The rack of the broker, or null if it has not been assigned to a rack. In versions from 1. */
  readonly rack: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of MetadataResponse. */
export interface MetadataResponseTopic {
  /** The topic error, or 0 if there was no error. */
  readonly errorCode: number
  /**
   * The topic name. Null for non-existing topics queried by ID. This is never null when ErrorCode is zero. One of Name and
   * TopicId is always populated.
   */
  readonly name: string | null
  /**
   * The topic id. Zero for non-existing topics queried by name. This is never zero when ErrorCode is zero. One of Name and
   * TopicId is always populated. In versions from 10.
   */
  readonly topicId: string
  /** True if the topic is internal. In versions from 1. */
  readonly isInternal: boolean
  /** Each partition in the topic. */
  readonly partitions: readonly MetadataResponsePartition[]
  /** 32-bit bitfield to represent authorized operations for this topic. In versions from 8. */
  readonly topicAuthorizedOperations: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of MetadataResponse. */
export interface MetadataResponsePartition {
  /** The partition error, or 0 if there was no error. */
  readonly errorCode: number
  /** The partition index. */
  readonly partitionIndex: number
  /** The ID of the leader broker. */
  readonly leaderId: number
  /** The leader epoch of this partition. In versions from 7. */
  readonly leaderEpoch: number
  /** The set of all nodes that host this partition. */
  readonly replicaNodes: readonly number[]
  /** The set of nodes that are in sync with the leader for this partition. */
  readonly isrNodes: readonly number[]
  /** The set of offline replicas of this partition. In versions from 5. */
  readonly offlineReplicas: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a MetadataResponse. */
export function readMetadataResponse(reader: Reader, version: number): MetadataResponse {
  reader.begin('MetadataResponse', version, 0, 13, 9)
  return {
    throttleTimeMs: version >= 3 ? reader.int32() : 0,
    brokers: reader.array(readMetadataResponseBroker, version),
    clusterId: version >= 2 ? reader.nullableString() : null,
    controllerId: version >= 1 ? reader.int32() : -1,
    topics: reader.array(readMetadataResponseTopic, version),
    clusterAuthorizedOperations: version >= 8 && version <= 10 ? reader.int32() : -2147483648,
    errorCode: version >= 13 ? reader.int16() : 0,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a MetadataResponse. */
export function writeMetadataResponse(writer: Writer, value: Draft<MetadataResponse>, version: number): void {
  writer.begin('MetadataResponse', version, 0, 13, 9)
  if (version >= 3) writer.int32(value.throttleTimeMs)
  writer.array(value.brokers, writeMetadataResponseBroker, version)
  if (version >= 2) writer.nullableString(value.clusterId ?? null)
  if (version >= 1) writer.int32(value.controllerId ?? -1)
  writer.array(value.topics, writeMetadataResponseTopic, version)
  if (version >= 8 && version <= 10) writer.int32(value.clusterAuthorizedOperations ?? -2147483648)
  else if ((value.clusterAuthorizedOperations ?? -2147483648) !== -2147483648) writer.refuse('clusterAuthorizedOperations')
  if (version >= 13) writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

function readMetadataResponseBroker(reader: Reader, version: number): MetadataResponseBroker {
  return {
    nodeId: reader.int32(),
    host: reader.string(),
    port: reader.int32(),
    rack: version >= 1 ? reader.nullableString() : null,
    unknownTags: reader.unknownTags(),
  }
}

function writeMetadataResponseBroker(writer: Writer, value: Draft<MetadataResponseBroker>, version: number): void {
  writer.int32(value.nodeId)
  writer.string(value.host)
  writer.int32(value.port)
  if (version >= 1) writer.nullableString(value.rack ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

function readMetadataResponseTopic(reader: Reader, version: number): MetadataResponseTopic {
  return {
    errorCode: reader.int16(),
    name: version >= 12 ? reader.nullableString() : reader.string(),
    topicId: version >= 10 ? reader.uuid() : ZERO_UUID,
    isInternal: version >= 1 ? reader.boolean() : false,
    partitions: reader.array(readMetadataResponsePartition, version),
    topicAuthorizedOperations: version >= 8 ? reader.int32() : -2147483648,
    unknownTags: reader.unknownTags(),
  }
}

function writeMetadataResponseTopic(writer: Writer, value: Draft<MetadataResponseTopic>, version: number): void {
  writer.int16(value.errorCode)
  if (version >= 12) writer.nullableString(value.name)
  else writer.string(value.name)
  if (version >= 10) writer.uuid(value.topicId)
  if (version >= 1) writer.boolean(value.isInternal)
  writer.array(value.partitions, writeMetadataResponsePartition, version)
  if (version >= 8) writer.int32(value.topicAuthorizedOperations ?? -2147483648)
  else if ((value.topicAuthorizedOperations ?? -2147483648) !== -2147483648) writer.refuse('topicAuthorizedOperations')
  writer.onlyUnknownTags(value.unknownTags)
}

function readMetadataResponsePartition(reader: Reader, version: number): MetadataResponsePartition {
  return {
    errorCode: reader.int16(),
    partitionIndex: reader.int32(),
    leaderId: reader.int32(),
    leaderEpoch: version >= 7 ? reader.int32() : -1,
    replicaNodes: reader.array(readInt32, version),
    isrNodes: reader.array(readInt32, version),
    offlineReplicas: version >= 5 ? reader.array(readInt32, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

function writeMetadataResponsePartition(writer: Writer, value: Draft<MetadataResponsePartition>, version: number): void {
  writer.int16(value.errorCode)
  writer.int32(value.partitionIndex)
  writer.int32(value.leaderId)
  if (version >= 7) writer.int32(value.leaderEpoch ?? -1)
  writer.array(value.replicaNodes, writeInt32, version)
  writer.array(value.isrNodes, writeInt32, version)
  if (version >= 5) writer.array(value.offlineReplicas, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The Metadata API. */
export const metadataApi: Api<MetadataRequest, MetadataResponse> = {
  key: 3,
  name: 'Metadata',
  minVersion: 0,
  maxVersion: 13,
  latestStableVersion: 13,
  flexibleFrom: 9,
  readRequest: readMetadataRequest,
  writeRequest: writeMetadataRequest,
  readResponse: readMetadataResponse,
  writeResponse: writeMetadataResponse,
}
