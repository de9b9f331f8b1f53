// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, Mutable, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import { ZERO_UUID } from '../uuid.ts'
import type { Writer } from '../writer.ts'

/** ProduceRequest, versions 3 to 13. */
export interface ProduceRequest {
  /** The transactional ID, or null if the producer is not transactional. */
  readonly transactionalId: string | null
  /**
   * The number of acknowledgments the producer requires the leader to have received before considering a request complete.
   * Allowed values: 0 for no acknowledgments, 1 for only the leader and -1 for the full ISR.
   */
  readonly acks: number
  /** The timeout to await a response in milliseconds. */
  readonly timeoutMs: number
  /** Each topic to produce to. */
  readonly topicData: readonly TopicProduceData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ProduceRequest. */
export interface TopicProduceData {
  /** The topic name. In versions 3 to 12. */
  readonly name: string
  /** The unique topic ID. In versions from 13. */
  readonly topicId: string
  /** Each partition to produce to. */
  readonly partitionData: readonly PartitionProduceData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ProduceRequest. */
export interface PartitionProduceData {
  /** The partition index. */
  readonly index: number
  /** The record data to be produced. */
  readonly records: Uint8Array | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ProduceRequest. */
export function readProduceRequest(reader: Reader, version: number): ProduceRequest {
  reader.begin('ProduceRequest', version, 3, 13, 9)
  return {
    transactionalId: reader.nullableString(),
    acks: reader.int16(),
    timeoutMs: reader.int32(),
    topicData: reader.array(readTopicProduceData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ProduceRequest. */
export function writeProduceRequest(writer: Writer, value: Draft<ProduceRequest>, version: number): void {
  writer.begin('ProduceRequest', version, 3, 13, 9)
  writer.nullableString(value.transactionalId ?? null)
  writer.int16(value.acks)
  writer.int32(value.timeoutMs)
  writer.array(value.topicData, writeTopicProduceData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readTopicProduceData(reader: Reader, version: number): TopicProduceData {
  return {
    name: version <= 12 ? reader.string() : '',
    topicId: version >= 13 ? reader.uuid() : ZERO_UUID,
    partitionData: reader.array(readPartitionProduceData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeTopicProduceData(writer: Writer, value: Draft<TopicProduceData>, version: number): void {
  if (version <= 12) writer.string(value.name)
  if (version >= 13) writer.uuid(value.topicId)
  writer.array(value.partitionData, writePartitionProduceData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readPartitionProduceData(reader: Reader, version: number): PartitionProduceData {
  return {
    index: reader.int32(),
    records: reader.nullableBytes(),
    unknownTags: reader.unknownTags(),
  }
}

function writePartitionProduceData(writer: Writer, value: Draft<PartitionProduceData>, version: number): void {
  writer.int32(value.index)
  writer.nullableBytes(value.records ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ProduceResponse, versions 3 to 13. */
export interface ProduceResponse {
  /** Each produce response. */
  readonly responses: readonly TopicProduceResponse[]
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /**
   * Endpoints for all current-leaders enumerated in PartitionProduceResponses, with errors NOT_LEADER_OR_FOLLOWER. In versions
   * from 10.
   */
  readonly nodeEndpoints: readonly ProduceResponseNodeEndpoint[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ProduceResponse. */
export interface TopicProduceResponse {
  /** The topic name. In versions 3 to 12. */
  readonly name: string
  /** The unique topic ID. In versions from 13. */
  readonly topicId: string
  /** Each partition that we produced to within the topic. */
  readonly partitionResponses: readonly PartitionProduceResponse[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ProduceResponse. */
export interface PartitionProduceResponse {
  /** The partition index. */
  readonly index: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The base offset. */
  readonly baseOffset: number
  /**
   * The timestamp returned by broker after appending the messages. If CreateTime is used for the topic, the timestamp will be -1.
   * If LogAppendTime is used for the topic, the timestamp will be the broker local time when the messages are appended.
   */
  readonly logAppendTimeMs: number
  /** The log start offset. In versions from 5. */
  readonly logStartOffset: number
  /** The batch indices of records that caused the batch to be dropped. In versions from 8. */
  readonly recordErrors: readonly BatchIndexAndErrorMessage[]
  /**
   * The global error message summarizing the common root cause of the records that caused the batch to be dropped. In versions
   * from 8.
   */
  readonly errorMessage: string | null
  /** The leader broker that the producer should use for future requests. In versions from 10. */
  readonly currentLeader: ProduceResponseLeaderIdAndEpoch
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ProduceResponse. */
export interface BatchIndexAndErrorMessage {
  /** The batch index of the record that caused the batch to be dropped. */
  readonly batchIndex: number
  /** The error message of the record that caused the batch to be dropped. */
  readonly batchIndexErrorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ProduceResponse. */
export interface ProduceResponseLeaderIdAndEpoch {
  /** The ID of the current leader or -1 if the leader is unknown. */
  readonly leaderId: number
  /** The latest known leader epoch. */
  readonly leaderEpoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ProduceResponse. */
export interface ProduceResponseNodeEndpoint {
  /** The ID of the associated node. */
  readonly nodeId: number
  /** The node's hostname. */
  readonly host: string
  /** The node's port. */
  readonly port: number
  /** The rack of the node, or null if it has not been assigned to a rack. */
  readonly rack: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ProduceResponse. */
export function readProduceResponse(reader: Reader, version: number): ProduceResponse {
  reader.begin('ProduceResponse', version, 3, 13, 9)
  const value: Mutable<ProduceResponse> = {
    responses: reader.array(readTopicProduceResponse, version),
    throttleTimeMs: reader.int32(),
    nodeEndpoints: [],
    unknownTags: undefined,
  }
  if (version < 9) return value
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        if (version < 10) throw reader.corrupt('tagged field 0, which this version does not have')
        value.nodeEndpoints = reader.array(readProduceResponseNodeEndpoint, version)
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

/** Writes a ProduceResponse. */
export function writeProduceResponse(writer: Writer, value: Draft<ProduceResponse>, version: number): void {
  writer.begin('ProduceResponse', version, 3, 13, 9)
  writer.array(value.responses, writeTopicProduceResponse, version)
  writer.int32(value.throttleTimeMs)
  if (version < 10 && (value.nodeEndpoints?.length ?? 0) > 0) writer.refuse('nodeEndpoints')
  if (version < 9) return writer.onlyUnknownTags(value.unknownTags)
  const has0 = version >= 10 && (value.nodeEndpoints?.length ?? 0) > 0
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.array(value.nodeEndpoints, writeProduceResponseNodeEndpoint, version)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

function readTopicProduceResponse(reader: Reader, version: number): TopicProduceResponse {
  return {
    name: version <= 12 ? reader.string() : '',
    topicId: version >= 13 ? reader.uuid() : ZERO_UUID,
    partitionResponses: reader.array(readPartitionProduceResponse, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeTopicProduceResponse(writer: Writer, value: Draft<TopicProduceResponse>, version: number): void {
  if (version <= 12) writer.string(value.name)
  if (version >= 13) writer.uuid(value.topicId)
  writer.array(value.partitionResponses, writePartitionProduceResponse, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readPartitionProduceResponse(reader: Reader, version: number): PartitionProduceResponse {
  const value: Mutable<PartitionProduceResponse> = {
    index: reader.int32(),
    errorCode: reader.int16(),
    baseOffset: reader.int64(),
    logAppendTimeMs: reader.int64(),
    logStartOffset: version >= 5 ? reader.int64() : -1,
    recordErrors: version >= 8 ? reader.array(readBatchIndexAndErrorMessage, version) : [],
    errorMessage: version >= 8 ? reader.nullableString() : null,
    currentLeader: noProduceResponseLeaderIdAndEpoch,
    unknownTags: undefined,
  }
  if (version < 9) return value
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        if (version < 10) throw reader.corrupt('tagged field 0, which this version does not have')
        value.currentLeader = readProduceResponseLeaderIdAndEpoch(reader, version)
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

function writePartitionProduceResponse(writer: Writer, value: Draft<PartitionProduceResponse>, version: number): void {
  writer.int32(value.index)
  writer.int16(value.errorCode)
  writer.int64(value.baseOffset)
  writer.int64(value.logAppendTimeMs ?? -1)
  if (version >= 5) writer.int64(value.logStartOffset ?? -1)
  if (version >= 8) writer.array(value.recordErrors, writeBatchIndexAndErrorMessage, version)
  if (version >= 8) writer.nullableString(value.errorMessage ?? null)
  if (version < 10 && isSetProduceResponseLeaderIdAndEpoch(value.currentLeader)) writer.refuse('currentLeader')
  if (version < 9) return writer.onlyUnknownTags(value.unknownTags)
  const has0 = version >= 10 && isSetProduceResponseLeaderIdAndEpoch(value.currentLeader)
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writeProduceResponseLeaderIdAndEpoch(writer, value.currentLeader ?? {}, version)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

function readBatchIndexAndErrorMessage(reader: Reader, version: number): BatchIndexAndErrorMessage {
  return {
    batchIndex: reader.int32(),
    batchIndexErrorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeBatchIndexAndErrorMessage(writer: Writer, value: Draft<BatchIndexAndErrorMessage>, version: number): void {
  writer.int32(value.batchIndex)
  writer.nullableString(value.batchIndexErrorMessage ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

function readProduceResponseLeaderIdAndEpoch(reader: Reader, version: number): ProduceResponseLeaderIdAndEpoch {
  return {
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeProduceResponseLeaderIdAndEpoch(
  writer: Writer,
  value: Draft<ProduceResponseLeaderIdAndEpoch>,
  version: number,
): void {
  writer.int32(value.leaderId ?? -1)
  writer.int32(value.leaderEpoch ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

function readProduceResponseNodeEndpoint(reader: Reader, version: number): ProduceResponseNodeEndpoint {
  return {
    nodeId: reader.int32(),
    host: reader.string(),
    port: reader.int32(),
    rack: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeProduceResponseNodeEndpoint(
  writer: Writer,
  value: Draft<ProduceResponseNodeEndpoint>,
  version: number,
): void {
  writer.int32(value.nodeId)
  writer.string(value.host)
  writer.int32(value.port)
  writer.nullableString(value.rack ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

function isSetProduceResponseLeaderIdAndEpoch(value: Draft<ProduceResponseLeaderIdAndEpoch> | undefined): boolean {
  if (value === undefined) return false
  return (
    (value.leaderId ?? -1) !== -1 ||
    (value.leaderEpoch ?? -1) !== -1 ||
    (value.unknownTags?.length ?? 0) > 0
  )
}

const noProduceResponseLeaderIdAndEpoch: ProduceResponseLeaderIdAndEpoch = { leaderId: -1, leaderEpoch: -1 }

/** The Produce API. */
export const produceApi: Api<ProduceRequest, ProduceResponse> = {
  key: 0,
  name: 'Produce',
  minVersion: 3,
  maxVersion: 13,
  latestStableVersion: 13,
  flexibleFrom: 9,
  readRequest: readProduceRequest,
  writeRequest: writeProduceRequest,
  readResponse: readProduceResponse,
  writeResponse: writeProduceResponse,
}
