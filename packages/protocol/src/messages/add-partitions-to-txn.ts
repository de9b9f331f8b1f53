// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** AddPartitionsToTxnRequest, versions 0 to 5. */
export interface AddPartitionsToTxnRequest {
  /** List of transactions to add partitions to. In versions from 4. */
  readonly transactions: readonly AddPartitionsToTxnTransaction[]
  /** The transactional id corresponding to the transaction. In versions 0 to 3. */
  readonly v3AndBelowTransactionalId: string
  /** Current producer id in use by the transactional id. In versions 0 to 3. */
  readonly v3AndBelowProducerId: number
  /** Current epoch associated with the producer id. In versions 0 to 3. */
  readonly v3AndBelowProducerEpoch: number
  /** The partitions to add to the transaction. In versions 0 to 3. */
  readonly v3AndBelowTopics: readonly AddPartitionsToTxnTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AddPartitionsToTxnRequest. */
export interface AddPartitionsToTxnTransaction {
  /** The transactional id corresponding to the transaction. */
  readonly transactionalId: string
  /** Current producer id in use by the transactional id. */
  readonly producerId: number
  /** Current epoch associated with the producer id. */
  readonly producerEpoch: number
  /** Boolean to signify if we want to check if the partition is in the transaction rather than add it. */
  readonly verifyOnly: boolean
  /** The partitions to add to the transaction. */
  readonly topics: readonly AddPartitionsToTxnTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AddPartitionsToTxnRequest. */
export interface AddPartitionsToTxnTopic {
  /** The name of the topic. */
  readonly name: string
  /** The partition indexes to add to the transaction. */
  readonly partitions: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AddPartitionsToTxnRequest. */
export function readAddPartitionsToTxnRequest(reader: Reader, version: number): AddPartitionsToTxnRequest {
  reader.begin('AddPartitionsToTxnRequest', version, 0, 5, 3)
  return {
    transactions: version >= 4 ? reader.array(readAddPartitionsToTxnTransaction, version) : [],
    v3AndBelowTransactionalId: version <= 3 ? reader.string() : '',
    v3AndBelowProducerId: version <= 3 ? reader.int64() : 0,
    v3AndBelowProducerEpoch: version <= 3 ? reader.int16() : 0,
    v3AndBelowTopics: version <= 3 ? reader.array(readAddPartitionsToTxnTopic, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AddPartitionsToTxnRequest. */
export function writeAddPartitionsToTxnRequest(writer: Writer, value: Draft<AddPartitionsToTxnRequest>, version: number): void {
  writer.begin('AddPartitionsToTxnRequest', version, 0, 5, 3)
  if (version >= 4) writer.array(value.transactions, writeAddPartitionsToTxnTransaction, version)
  else if ((value.transactions?.length ?? 0) > 0) writer.refuse('transactions')
  if (version <= 3) writer.string(value.v3AndBelowTransactionalId)
  else if ((value.v3AndBelowTransactionalId ?? '') !== '') writer.refuse('v3AndBelowTransactionalId')
  if (version <= 3) writer.int64(value.v3AndBelowProducerId)
  else if ((value.v3AndBelowProducerId ?? 0) !== 0) writer.refuse('v3AndBelowProducerId')
  if (version <= 3) writer.int16(value.v3AndBelowProducerEpoch)
  else if ((value.v3AndBelowProducerEpoch ?? 0) !== 0) writer.refuse('v3AndBelowProducerEpoch')
  if (version <= 3) writer.array(value.v3AndBelowTopics, writeAddPartitionsToTxnTopic, version)
  else if ((value.v3AndBelowTopics?.length ?? 0) > 0) writer.refuse('v3AndBelowTopics')
  writer.onlyUnknownTags(value.unknownTags)
}

function readAddPartitionsToTxnTransaction(reader: Reader, version: number): AddPartitionsToTxnTransaction {
  return {
    transactionalId: reader.string(),
    producerId: reader.int64(),
    producerEpoch: reader.int16(),
    verifyOnly: reader.boolean(),
    topics: reader.array(readAddPartitionsToTxnTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAddPartitionsToTxnTransaction(
  writer: Writer,
  value: Draft<AddPartitionsToTxnTransaction>,
  version: number,
): void {
  writer.string(value.transactionalId)
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  writer.boolean(value.verifyOnly)
  writer.array(value.topics, writeAddPartitionsToTxnTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAddPartitionsToTxnTopic(reader: Reader, version: number): AddPartitionsToTxnTopic {
  return {
    name: reader.string(),
    partitions: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAddPartitionsToTxnTopic(writer: Writer, value: Draft<AddPartitionsToTxnTopic>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** AddPartitionsToTxnResponse, versions 0 to 5. */
export interface AddPartitionsToTxnResponse {
  /**
   * Duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not violate
   * any quota.
   */
  readonly throttleTimeMs: number
  /** The response top level error code. In versions from 4. */
  readonly errorCode: number
  /** Results categorized by transactional ID. In versions from 4. */
  readonly resultsByTransaction: readonly AddPartitionsToTxnResult[]
  /** The results for each topic. In versions 0 to 3. */
  readonly resultsByTopicV3AndBelow: readonly AddPartitionsToTxnTopicResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AddPartitionsToTxnResponse. */
export interface AddPartitionsToTxnResult {
  /** The transactional id corresponding to the transaction. */
  readonly transactionalId: string
  /** The results for each topic. */
  readonly topicResults: readonly AddPartitionsToTxnTopicResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AddPartitionsToTxnResponse. */
export interface AddPartitionsToTxnTopicResult {
  /** The topic name. */
  readonly name: string
  /** The results for each partition. */
  readonly resultsByPartition: readonly AddPartitionsToTxnPartitionResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AddPartitionsToTxnResponse. */
export interface AddPartitionsToTxnPartitionResult {
  /** The partition indexes. */
  readonly partitionIndex: number
  /** The response error code. */
  readonly partitionErrorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AddPartitionsToTxnResponse. */
export function readAddPartitionsToTxnResponse(reader: Reader, version: number): AddPartitionsToTxnResponse {
  reader.begin('AddPartitionsToTxnResponse', version, 0, 5, 3)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: version >= 4 ? reader.int16() : 0,
    resultsByTransaction: version >= 4 ? reader.array(readAddPartitionsToTxnResult, version) : [],
    resultsByTopicV3AndBelow: version <= 3 ? reader.array(readAddPartitionsToTxnTopicResult, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AddPartitionsToTxnResponse. */
export function writeAddPartitionsToTxnResponse(writer: Writer, value: Draft<AddPartitionsToTxnResponse>, version: number): void {
  writer.begin('AddPartitionsToTxnResponse', version, 0, 5, 3)
  writer.int32(value.throttleTimeMs)
  if (version >= 4) writer.int16(value.errorCode)
  if (version >= 4) writer.array(value.resultsByTransaction, writeAddPartitionsToTxnResult, version)
  else if ((value.resultsByTransaction?.length ?? 0) > 0) writer.refuse('resultsByTransaction')
  if (version <= 3) writer.array(value.resultsByTopicV3AndBelow, writeAddPartitionsToTxnTopicResult, version)
  else if ((value.resultsByTopicV3AndBelow?.length ?? 0) > 0) writer.refuse('resultsByTopicV3AndBelow')
  writer.onlyUnknownTags(value.unknownTags)
}

function readAddPartitionsToTxnResult(reader: Reader, version: number): AddPartitionsToTxnResult {
  return {
    transactionalId: reader.string(),
    topicResults: reader.array(readAddPartitionsToTxnTopicResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAddPartitionsToTxnResult(writer: Writer, value: Draft<AddPartitionsToTxnResult>, version: number): void {
  writer.string(value.transactionalId)
  writer.array(value.topicResults, writeAddPartitionsToTxnTopicResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAddPartitionsToTxnTopicResult(reader: Reader, version: number): AddPartitionsToTxnTopicResult {
  return {
    name: reader.string(),
    resultsByPartition: reader.array(readAddPartitionsToTxnPartitionResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAddPartitionsToTxnTopicResult(
  writer: Writer,
  value: Draft<AddPartitionsToTxnTopicResult>,
  version: number,
): void {
  writer.string(value.name)
  writer.array(value.resultsByPartition, writeAddPartitionsToTxnPartitionResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAddPartitionsToTxnPartitionResult(reader: Reader, version: number): AddPartitionsToTxnPartitionResult {
  return {
    partitionIndex: reader.int32(),
    partitionErrorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAddPartitionsToTxnPartitionResult(
  writer: Writer,
  value: Draft<AddPartitionsToTxnPartitionResult>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.partitionErrorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The AddPartitionsToTxn API. */
export const addPartitionsToTxnApi: Api<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse> = {
  key: 24,
  name: 'AddPartitionsToTxn',
  minVersion: 0,
  maxVersion: 5,
  latestStableVersion: 5,
  flexibleFrom: 3,
  readRequest: readAddPartitionsToTxnRequest,
  writeRequest: writeAddPartitionsToTxnRequest,
  readResponse: readAddPartitionsToTxnResponse,
  writeResponse: writeAddPartitionsToTxnResponse,
}
