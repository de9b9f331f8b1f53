// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** DescribeProducersRequest, version 0. */
export interface DescribeProducersRequest {
  /** The topics to list producers for. */
  readonly topics: readonly DescribeProducersRequestTopicRequest[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeProducersRequest. */
export interface DescribeProducersRequestTopicRequest {
  /** The topic name. */
  readonly name: string
  /** The indexes of the partitions to list producers for. */
  readonly partitionIndexes: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeProducersRequest. */
export function readDescribeProducersRequest(reader: Reader, version: number): DescribeProducersRequest {
  reader.begin('DescribeProducersRequest', version, 0, 0, 0)
  return {
    topics: reader.array(readDescribeProducersRequestTopicRequest, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeProducersRequest. */
export function writeDescribeProducersRequest(writer: Writer, value: Draft<DescribeProducersRequest>, version: number): void {
  writer.begin('DescribeProducersRequest', version, 0, 0, 0)
  writer.array(value.topics, writeDescribeProducersRequestTopicRequest, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeProducersRequestTopicRequest(reader: Reader, version: number): DescribeProducersRequestTopicRequest {
  return {
    name: reader.string(),
    partitionIndexes: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeProducersRequestTopicRequest(
  writer: Writer,
  value: Draft<DescribeProducersRequestTopicRequest>,
  version: number,
): void {
  writer.string(value.name)
  writer.array(value.partitionIndexes, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeProducersResponse, version 0. */
export interface DescribeProducersResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** Each topic in the response. */
  readonly topics: readonly TopicResponse[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeProducersResponse. */
export interface TopicResponse {
  /** The topic name. */
  readonly name: string
  /** Each partition in the response. */
  readonly partitions: readonly PartitionResponse[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeProducersResponse. */
export interface PartitionResponse {
  /** The partition index. */
  readonly partitionIndex: number
  /** The partition error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The partition error message, which may be null if no additional details are available. */
  readonly errorMessage: string | null
  /** The active producers for the partition. */
  readonly activeProducers: readonly ProducerState[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeProducersResponse. */
export interface ProducerState {
  /** The producer id. */
  readonly producerId: number
  /** The producer epoch. */
  readonly producerEpoch: number
  /** The last sequence number sent by the producer. */
  readonly lastSequence: number
  /** The last timestamp sent by the producer. */
  readonly lastTimestamp: number
  /** The current epoch of the producer group. */
  readonly coordinatorEpoch: number
  /** The current transaction start offset of the producer. */
  readonly currentTxnStartOffset: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeProducersResponse. */
export function readDescribeProducersResponse(reader: Reader, version: number): DescribeProducersResponse {
  reader.begin('DescribeProducersResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    topics: reader.array(readTopicResponse, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeProducersResponse. */
export function writeDescribeProducersResponse(writer: Writer, value: Draft<DescribeProducersResponse>, version: number): void {
  writer.begin('DescribeProducersResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.array(value.topics, writeTopicResponse, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readTopicResponse(reader: Reader, version: number): TopicResponse {
  return {
    name: reader.string(),
    partitions: reader.array(readPartitionResponse, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeTopicResponse(writer: Writer, value: Draft<TopicResponse>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writePartitionResponse, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readPartitionResponse(reader: Reader, version: number): PartitionResponse {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    activeProducers: reader.array(readProducerState, version),
    unknownTags: reader.unknownTags(),
  }
}

function writePartitionResponse(writer: Writer, value: Draft<PartitionResponse>, version: number): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.array(value.activeProducers, writeProducerState, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readProducerState(reader: Reader, version: number): ProducerState {
  return {
    producerId: reader.int64(),
    producerEpoch: reader.int32(),
    lastSequence: reader.int32(),
    lastTimestamp: reader.int64(),
    coordinatorEpoch: reader.int32(),
    currentTxnStartOffset: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeProducerState(writer: Writer, value: Draft<ProducerState>, version: number): void {
  writer.int64(value.producerId)
  writer.int32(value.producerEpoch)
  writer.int32(value.lastSequence ?? -1)
  writer.int64(value.lastTimestamp ?? -1)
  writer.int32(value.coordinatorEpoch)
  writer.int64(value.currentTxnStartOffset ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeProducers API. */
export const describeProducersApi: Api<DescribeProducersRequest, DescribeProducersResponse> = {
  key: 61,
  name: 'DescribeProducers',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readDescribeProducersRequest,
  writeRequest: writeDescribeProducersRequest,
  readResponse: readDescribeProducersResponse,
  writeResponse: writeDescribeProducersResponse,
}
