// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** TxnOffsetCommitRequest, versions 0 to 5. */
export interface TxnOffsetCommitRequest {
  /** The ID of the transaction. */
  readonly transactionalId: string
  /** The ID of the group. */
  readonly groupId: string
  /** The current producer ID in use by the transactional ID. */
  readonly producerId: number
  /** The current epoch associated with the producer ID. */
  readonly producerEpoch: number
  /** The generation of the consumer. In versions from 3. */
  readonly generationId: number
  /** The member ID assigned by the group coordinator. In versions from 3. */
  readonly memberId: string
  /** The unique identifier of the consumer instance provided by end user. In versions from 3. */
  readonly groupInstanceId: string | null
  /** Each topic that we want to commit offsets for. */
  readonly topics: readonly TxnOffsetCommitRequestTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of TxnOffsetCommitRequest. */
export interface TxnOffsetCommitRequestTopic {
  /** The topic name. */
  readonly name: string
  /** The partitions inside the topic that we want to commit offsets for. */
  readonly partitions: readonly TxnOffsetCommitRequestPartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of TxnOffsetCommitRequest. */
export interface TxnOffsetCommitRequestPartition {
  /** The index of the partition within the topic. */
  readonly partitionIndex: number
  /** The message offset to be committed. */
  readonly committedOffset: number
  /** The leader epoch of the last consumed record. In versions from 2. */
  readonly committedLeaderEpoch: number
  /** Any associated metadata the client wants to keep. */
  readonly committedMetadata: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a TxnOffsetCommitRequest. */
export function readTxnOffsetCommitRequest(reader: Reader, version: number): TxnOffsetCommitRequest {
  reader.begin('TxnOffsetCommitRequest', version, 0, 5, 3)
  return {
    transactionalId: reader.string(),
    groupId: reader.string(),
    producerId: reader.int64(),
    producerEpoch: reader.int16(),
    generationId: version >= 3 ? reader.int32() : -1,
    memberId: version >= 3 ? reader.string() : '',
    groupInstanceId: version >= 3 ? reader.nullableString() : null,
    topics: reader.array(readTxnOffsetCommitRequestTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a TxnOffsetCommitRequest. */
export function writeTxnOffsetCommitRequest(writer: Writer, value: Draft<TxnOffsetCommitRequest>, version: number): void {
  writer.begin('TxnOffsetCommitRequest', version, 0, 5, 3)
  writer.string(value.transactionalId)
  writer.string(value.groupId)
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  if (version >= 3) writer.int32(value.generationId ?? -1)
  else if ((value.generationId ?? -1) !== -1) writer.refuse('generationId')
  if (version >= 3) writer.string(value.memberId)
  else if ((value.memberId ?? '') !== '') writer.refuse('memberId')
  if (version >= 3) writer.nullableString(value.groupInstanceId ?? null)
  else if ((value.groupInstanceId ?? null) !== null) writer.refuse('groupInstanceId')
  writer.array(value.topics, writeTxnOffsetCommitRequestTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readTxnOffsetCommitRequestTopic(reader: Reader, version: number): TxnOffsetCommitRequestTopic {
  return {
    name: reader.string(),
    partitions: reader.array(readTxnOffsetCommitRequestPartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeTxnOffsetCommitRequestTopic(
  writer: Writer,
  value: Draft<TxnOffsetCommitRequestTopic>,
  version: number,
): void {
  writer.string(value.name)
  writer.array(value.partitions, writeTxnOffsetCommitRequestPartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readTxnOffsetCommitRequestPartition(reader: Reader, version: number): TxnOffsetCommitRequestPartition {
  return {
    partitionIndex: reader.int32(),
    committedOffset: reader.int64(),
    committedLeaderEpoch: version >= 2 ? reader.int32() : -1,
    committedMetadata: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeTxnOffsetCommitRequestPartition(
  writer: Writer,
  value: Draft<TxnOffsetCommitRequestPartition>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int64(value.committedOffset)
  if (version >= 2) writer.int32(value.committedLeaderEpoch ?? -1)
  writer.nullableString(value.committedMetadata)
  writer.onlyUnknownTags(value.unknownTags)
}

/** TxnOffsetCommitResponse, versions 0 to 5. */
export interface TxnOffsetCommitResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The responses for each topic. */
  readonly topics: readonly TxnOffsetCommitResponseTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of TxnOffsetCommitResponse. */
export interface TxnOffsetCommitResponseTopic {
  /** The topic name. */
  readonly name: string
  /** The responses for each partition in the topic. */
  readonly partitions: readonly TxnOffsetCommitResponsePartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of TxnOffsetCommitResponse. */
export interface TxnOffsetCommitResponsePartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a TxnOffsetCommitResponse. */
export function readTxnOffsetCommitResponse(reader: Reader, version: number): TxnOffsetCommitResponse {
  reader.begin('TxnOffsetCommitResponse', version, 0, 5, 3)
  return {
    throttleTimeMs: reader.int32(),
    topics: reader.array(readTxnOffsetCommitResponseTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a TxnOffsetCommitResponse. */
export function writeTxnOffsetCommitResponse(writer: Writer, value: Draft<TxnOffsetCommitResponse>, version: number): void {
  writer.begin('TxnOffsetCommitResponse', version, 0, 5, 3)
  writer.int32(value.throttleTimeMs)
  writer.array(value.topics, writeTxnOffsetCommitResponseTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readTxnOffsetCommitResponseTopic(reader: Reader, version: number): TxnOffsetCommitResponseTopic {
  return {
    name: reader.string(),
    partitions: reader.array(readTxnOffsetCommitResponsePartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeTxnOffsetCommitResponseTopic(
  writer: Writer,
  value: Draft<TxnOffsetCommitResponseTopic>,
  version: number,
): void {
  writer.string(value.name)
  writer.array(value.partitions, writeTxnOffsetCommitResponsePartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readTxnOffsetCommitResponsePartition(reader: Reader, version: number): TxnOffsetCommitResponsePartition {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeTxnOffsetCommitResponsePartition(
  writer: Writer,
  value: Draft<TxnOffsetCommitResponsePartition>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The TxnOffsetCommit API. */
export const txnOffsetCommitApi: Api<TxnOffsetCommitRequest, TxnOffsetCommitResponse> = {
  key: 28,
  name: 'TxnOffsetCommit',
  minVersion: 0,
  maxVersion: 5,
  latestStableVersion: 5,
  flexibleFrom: 3,
  readRequest: readTxnOffsetCommitRequest,
  writeRequest: writeTxnOffsetCommitRequest,
  readResponse: readTxnOffsetCommitResponse,
  writeResponse: writeTxnOffsetCommitResponse,
}
