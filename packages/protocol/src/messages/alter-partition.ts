// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api, Draft, UnknownTag } from '../api.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** AlterPartitionRequest, versions 2 to 3. */
export interface AlterPartitionRequest {
  /** The ID of the requesting broker. */
  readonly brokerId: number
  /** The epoch of the requesting broker. */
  readonly brokerEpoch: number
  /** The topics to alter ISRs for. */
  readonly topics: readonly AlterPartitionRequestTopicData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterPartitionRequest. */
export interface AlterPartitionRequestTopicData {
  /** The ID of the topic to alter ISRs for. */
  readonly topicId: string
  /** The partitions to alter ISRs for. */
  readonly partitions: readonly AlterPartitionRequestPartitionData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterPartitionRequest. */
export interface AlterPartitionRequestPartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The leader epoch of this partition. */
  readonly leaderEpoch: number
  /** The ISR for this partition. Deprecated since version 3. In version 2. */
  readonly newIsr: readonly number[]
  /** The ISR for this partition. In versions from 3. */
  readonly newIsrWithEpochs: readonly BrokerState[]
  /** 1 if the partition is recovering from an unclean leader election; 0 otherwise. */
  readonly leaderRecoveryState: number
  /** The expected epoch of the partition which is being updated. */
  readonly partitionEpoch: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterPartitionRequest. */
export interface BrokerState {
  /** The ID of the broker. */
  readonly brokerId: number
  /** The epoch of the broker. It will be -1 if the epoch check is not supported. */
  readonly brokerEpoch: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AlterPartitionRequest. */
export function readAlterPartitionRequest(reader: Reader, version: number): AlterPartitionRequest {
  reader.begin('AlterPartitionRequest', version, 2, 3, 2)
  return {
    brokerId: reader.int32(),
    brokerEpoch: reader.int64(),
    topics: reader.array(readAlterPartitionRequestTopicData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AlterPartitionRequest. */
export function writeAlterPartitionRequest(writer: Writer, value: Draft<AlterPartitionRequest>, version: number): void {
  writer.begin('AlterPartitionRequest', version, 2, 3, 2)
  writer.int32(value.brokerId)
  writer.int64(value.brokerEpoch ?? -1)
  writer.array(value.topics, writeAlterPartitionRequestTopicData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterPartitionRequestTopicData(reader: Reader, version: number): AlterPartitionRequestTopicData {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readAlterPartitionRequestPartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterPartitionRequestTopicData(
  writer: Writer,
  value: Draft<AlterPartitionRequestTopicData>,
  version: number,
): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeAlterPartitionRequestPartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterPartitionRequestPartitionData(reader: Reader, version: number): AlterPartitionRequestPartitionData {
  return {
    partitionIndex: reader.int32(),
    leaderEpoch: reader.int32(),
    newIsr: version <= 2 ? reader.array(readInt32, version) : [],
    newIsrWithEpochs: version >= 3 ? reader.array(readBrokerState, version) : [],
    leaderRecoveryState: reader.int8(),
    partitionEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterPartitionRequestPartitionData(
  writer: Writer,
  value: Draft<AlterPartitionRequestPartitionData>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int32(value.leaderEpoch)
  if (version <= 2) writer.array(value.newIsr, writeInt32, version)
  else if ((value.newIsr?.length ?? 0) > 0) writer.refuse('newIsr')
  if (version >= 3) writer.array(value.newIsrWithEpochs, writeBrokerState, version)
  else if ((value.newIsrWithEpochs?.length ?? 0) > 0) writer.refuse('newIsrWithEpochs')
  writer.int8(value.leaderRecoveryState)
  writer.int32(value.partitionEpoch)
  writer.onlyUnknownTags(value.unknownTags)
}

function readBrokerState(reader: Reader, version: number): BrokerState {
  return {
    brokerId: reader.int32(),
    brokerEpoch: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeBrokerState(writer: Writer, value: Draft<BrokerState>, version: number): void {
  writer.int32(value.brokerId)
  writer.int64(value.brokerEpoch ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

/** AlterPartitionResponse, versions 2 to 3. */
export interface AlterPartitionResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The top level response error code. */
  readonly errorCode: number
  /** The responses for each topic. */
  readonly topics: readonly AlterPartitionResponseTopicData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterPartitionResponse. */
export interface AlterPartitionResponseTopicData {
  /** The ID of the topic. */
  readonly topicId: string
  /** The responses for each partition. */
  readonly partitions: readonly AlterPartitionResponsePartitionData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterPartitionResponse. */
export interface AlterPartitionResponsePartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The partition level error code. */
  readonly errorCode: number
  /** The broker ID of the leader. */
  readonly leaderId: number
  /** The leader epoch. */
  readonly leaderEpoch: number
  /** The in-sync replica IDs. */
  readonly isr: readonly number[]
  /** 1 if the partition is recovering from an unclean leader election; 0 otherwise. */
  readonly leaderRecoveryState: number
  /** The current epoch for the partition for KRaft controllers. */
  readonly partitionEpoch: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AlterPartitionResponse. */
export function readAlterPartitionResponse(reader: Reader, version: number): AlterPartitionResponse {
  reader.begin('AlterPartitionResponse', version, 2, 3, 2)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    topics: reader.array(readAlterPartitionResponseTopicData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AlterPartitionResponse. */
export function writeAlterPartitionResponse(writer: Writer, value: Draft<AlterPartitionResponse>, version: number): void {
  writer.begin('AlterPartitionResponse', version, 2, 3, 2)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.array(value.topics, writeAlterPartitionResponseTopicData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterPartitionResponseTopicData(reader: Reader, version: number): AlterPartitionResponseTopicData {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readAlterPartitionResponsePartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterPartitionResponseTopicData(
  writer: Writer,
  value: Draft<AlterPartitionResponseTopicData>,
  version: number,
): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeAlterPartitionResponsePartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterPartitionResponsePartitionData(reader: Reader, version: number): AlterPartitionResponsePartitionData {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    isr: reader.array(readInt32, version),
    leaderRecoveryState: reader.int8(),
    partitionEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterPartitionResponsePartitionData(
  writer: Writer,
  value: Draft<AlterPartitionResponsePartitionData>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.array(value.isr, writeInt32, version)
  writer.int8(value.leaderRecoveryState)
  writer.int32(value.partitionEpoch)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The AlterPartition API. */
export const alterPartitionApi: Api<AlterPartitionRequest, AlterPartitionResponse> = {
  key: 56,
  name: 'AlterPartition',
  minVersion: 2,
  maxVersion: 3,
  latestStableVersion: 3,
  flexibleFrom: 2,
  readRequest: readAlterPartitionRequest,
  writeRequest: writeAlterPartitionRequest,
  readResponse: readAlterPartitionResponse,
  writeResponse: writeAlterPartitionResponse,
}
