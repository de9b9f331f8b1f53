// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** WriteTxnMarkersRequest, version 1. */
export interface WriteTxnMarkersRequest {
  /** The transaction markers to be written. */
  readonly markers: readonly WritableTxnMarker[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of WriteTxnMarkersRequest. */
export interface WritableTxnMarker {
  /** The current producer ID. */
  readonly producerId: number
  /** The current epoch associated with the producer ID. */
  readonly producerEpoch: number
  /** The result of the transaction to write to the partitions (false = ABORT, true = COMMIT). */
  readonly transactionResult: boolean
  /** Each topic that we want to write transaction marker(s) for. */
  readonly topics: readonly WritableTxnMarkerTopic[]
  /** Epoch associated with the transaction state partition hosted by this transaction coordinator. */
  readonly coordinatorEpoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of WriteTxnMarkersRequest. */
export interface WritableTxnMarkerTopic {
  /** The topic name. */
  readonly name: string
  /** The indexes of the partitions to write transaction markers for. */
  readonly partitionIndexes: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a WriteTxnMarkersRequest. */
export function readWriteTxnMarkersRequest(reader: Reader, version: number): WriteTxnMarkersRequest {
  reader.begin('WriteTxnMarkersRequest', version, 1, 1, 1)
  return {
    markers: reader.array(readWritableTxnMarker, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a WriteTxnMarkersRequest. */
export function writeWriteTxnMarkersRequest(writer: Writer, value: Draft<WriteTxnMarkersRequest>, version: number): void {
  writer.begin('WriteTxnMarkersRequest', version, 1, 1, 1)
  writer.array(value.markers, writeWritableTxnMarker, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readWritableTxnMarker(reader: Reader, version: number): WritableTxnMarker {
  return {
    producerId: reader.int64(),
    producerEpoch: reader.int16(),
    transactionResult: reader.boolean(),
    topics: reader.array(readWritableTxnMarkerTopic, version),
    coordinatorEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeWritableTxnMarker(writer: Writer, value: Draft<WritableTxnMarker>, version: number): void {
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  writer.boolean(value.transactionResult)
  writer.array(value.topics, writeWritableTxnMarkerTopic, version)
  writer.int32(value.coordinatorEpoch)
  writer.onlyUnknownTags(value.unknownTags)
}

function readWritableTxnMarkerTopic(reader: Reader, version: number): WritableTxnMarkerTopic {
  return {
    name: reader.string(),
    partitionIndexes: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeWritableTxnMarkerTopic(writer: Writer, value: Draft<WritableTxnMarkerTopic>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitionIndexes, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** WriteTxnMarkersResponse, version 1. */
export interface WriteTxnMarkersResponse {
  /** The results for writing makers. */
  readonly markers: readonly WritableTxnMarkerResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of WriteTxnMarkersResponse. */
export interface WritableTxnMarkerResult {
  /** The current producer ID in use by the transactional ID. */
  readonly producerId: number
  /** The results by topic. */
  readonly topics: readonly WritableTxnMarkerTopicResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of WriteTxnMarkersResponse. */
export interface WritableTxnMarkerTopicResult {
  /** The topic name. */
  readonly name: string
  /** The results by partition. */
  readonly partitions: readonly WritableTxnMarkerPartitionResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of WriteTxnMarkersResponse. */
export interface WritableTxnMarkerPartitionResult {
  /** The partition index. */
  readonly partitionIndex: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a WriteTxnMarkersResponse. */
export function readWriteTxnMarkersResponse(reader: Reader, version: number): WriteTxnMarkersResponse {
  reader.begin('WriteTxnMarkersResponse', version, 1, 1, 1)
  return {
    markers: reader.array(readWritableTxnMarkerResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a WriteTxnMarkersResponse. */
export function writeWriteTxnMarkersResponse(writer: Writer, value: Draft<WriteTxnMarkersResponse>, version: number): void {
  writer.begin('WriteTxnMarkersResponse', version, 1, 1, 1)
  writer.array(value.markers, writeWritableTxnMarkerResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readWritableTxnMarkerResult(reader: Reader, version: number): WritableTxnMarkerResult {
  return {
    producerId: reader.int64(),
    topics: reader.array(readWritableTxnMarkerTopicResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeWritableTxnMarkerResult(writer: Writer, value: Draft<WritableTxnMarkerResult>, version: number): void {
  writer.int64(value.producerId)
  writer.array(value.topics, writeWritableTxnMarkerTopicResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readWritableTxnMarkerTopicResult(reader: Reader, version: number): WritableTxnMarkerTopicResult {
  return {
    name: reader.string(),
    partitions: reader.array(readWritableTxnMarkerPartitionResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeWritableTxnMarkerTopicResult(
  writer: Writer,
  value: Draft<WritableTxnMarkerTopicResult>,
  version: number,
): void {
  writer.string(value.name)
  writer.array(value.partitions, writeWritableTxnMarkerPartitionResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readWritableTxnMarkerPartitionResult(reader: Reader, version: number): WritableTxnMarkerPartitionResult {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeWritableTxnMarkerPartitionResult(
  writer: Writer,
  value: Draft<WritableTxnMarkerPartitionResult>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The WriteTxnMarkers API. */
export const writeTxnMarkersApi: Api<WriteTxnMarkersRequest, WriteTxnMarkersResponse> = {
  key: 27,
  name: 'WriteTxnMarkers',
  minVersion: 1,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 1,
  readRequest: readWriteTxnMarkersRequest,
  writeRequest: writeWriteTxnMarkersRequest,
  readResponse: readWriteTxnMarkersResponse,
  writeResponse: writeWriteTxnMarkersResponse,
}
