// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** CreatePartitionsRequest, versions 0 to 3. */
export interface CreatePartitionsRequest {
  /** Each topic that we want to create new partitions inside. */
  readonly topics: readonly CreatePartitionsTopic[]
  /** The time in ms to wait for the partitions to be created. */
  readonly timeoutMs: number
  /** If true, then validate the request, but don't actually increase the number of partitions. */
  readonly validateOnly: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of CreatePartitionsRequest. */
export interface CreatePartitionsTopic {
  /** The topic name. */
  readonly name: string
  /** The new partition count. */
  readonly count: number
  /** The new partition assignments. */
  readonly assignments: readonly CreatePartitionsAssignment[] | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of CreatePartitionsRequest. */
export interface CreatePartitionsAssignment {
  /** The assigned broker IDs. */
  readonly brokerIds: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a CreatePartitionsRequest. */
export function readCreatePartitionsRequest(reader: Reader, version: number): CreatePartitionsRequest {
  reader.begin('CreatePartitionsRequest', version, 0, 3, 2)
  return {
    topics: reader.array(readCreatePartitionsTopic, version),
    timeoutMs: reader.int32(),
    validateOnly: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a CreatePartitionsRequest. */
export function writeCreatePartitionsRequest(writer: Writer, value: Draft<CreatePartitionsRequest>, version: number): void {
  writer.begin('CreatePartitionsRequest', version, 0, 3, 2)
  writer.array(value.topics, writeCreatePartitionsTopic, version)
  writer.int32(value.timeoutMs)
  writer.boolean(value.validateOnly)
  writer.onlyUnknownTags(value.unknownTags)
}

function readCreatePartitionsTopic(reader: Reader, version: number): CreatePartitionsTopic {
  return {
    name: reader.string(),
    count: reader.int32(),
    assignments: reader.nullableArray(readCreatePartitionsAssignment, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeCreatePartitionsTopic(writer: Writer, value: Draft<CreatePartitionsTopic>, version: number): void {
  writer.string(value.name)
  writer.int32(value.count)
  writer.nullableArray(value.assignments, writeCreatePartitionsAssignment, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readCreatePartitionsAssignment(reader: Reader, version: number): CreatePartitionsAssignment {
  return {
    brokerIds: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeCreatePartitionsAssignment(writer: Writer, value: Draft<CreatePartitionsAssignment>, version: number): void {
  writer.array(value.brokerIds, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** CreatePartitionsResponse, versions 0 to 3. */
export interface CreatePartitionsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The partition creation results for each topic. */
  readonly results: readonly CreatePartitionsTopicResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of CreatePartitionsResponse. */
export interface CreatePartitionsTopicResult {
  /** The topic name. */
  readonly name: string
  /** The result error, or zero if there was no error. */
  readonly errorCode: number
  /** The result message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a CreatePartitionsResponse. */
export function readCreatePartitionsResponse(reader: Reader, version: number): CreatePartitionsResponse {
  reader.begin('CreatePartitionsResponse', version, 0, 3, 2)
  return {
    throttleTimeMs: reader.int32(),
    results: reader.array(readCreatePartitionsTopicResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a CreatePartitionsResponse. */
export function writeCreatePartitionsResponse(writer: Writer, value: Draft<CreatePartitionsResponse>, version: number): void {
  writer.begin('CreatePartitionsResponse', version, 0, 3, 2)
  writer.int32(value.throttleTimeMs)
  writer.array(value.results, writeCreatePartitionsTopicResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readCreatePartitionsTopicResult(reader: Reader, version: number): CreatePartitionsTopicResult {
  return {
    name: reader.string(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeCreatePartitionsTopicResult(
  writer: Writer,
  value: Draft<CreatePartitionsTopicResult>,
  version: number,
): void {
  writer.string(value.name)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The CreatePartitions API. */
export const createPartitionsApi: Api<CreatePartitionsRequest, CreatePartitionsResponse> = {
  key: 37,
  name: 'CreatePartitions',
  minVersion: 0,
  maxVersion: 3,
  latestStableVersion: 3,
  flexibleFrom: 2,
  readRequest: readCreatePartitionsRequest,
  writeRequest: writeCreatePartitionsRequest,
  readResponse: readCreatePartitionsResponse,
  writeResponse: writeCreatePartitionsResponse,
}
