// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32, readString } from '../reader.ts'
import { type Writer, writeInt32, writeString } from '../writer.ts'

/** DescribeTransactionsRequest, version 0. */
export interface DescribeTransactionsRequest {
  /** Array of transactionalIds to include in describe results. If empty, then no results will be returned. */
  readonly transactionalIds: readonly string[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeTransactionsRequest. */
export function readDescribeTransactionsRequest(reader: Reader, version: number): DescribeTransactionsRequest {
  reader.begin('DescribeTransactionsRequest', version, 0, 0, 0)
  return {
    transactionalIds: reader.array(readString, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeTransactionsRequest. */
export function writeDescribeTransactionsRequest(
  writer: Writer,
  value: Draft<DescribeTransactionsRequest>,
  version: number,
): void {
  writer.begin('DescribeTransactionsRequest', version, 0, 0, 0)
  writer.array(value.transactionalIds, writeString, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeTransactionsResponse, version 0. */
export interface DescribeTransactionsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The current state of the transaction. */
  readonly transactionStates: readonly DescribeTransactionsResponseTransactionState[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeTransactionsResponse. */
export interface DescribeTransactionsResponseTransactionState {
  /** The error code. */
  readonly errorCode: number
  /** The transactional id. */
  readonly transactionalId: string
  /** The current transaction state of the producer. */
  readonly transactionState: string
  /** The timeout in milliseconds for the transaction. */
  readonly transactionTimeoutMs: number
  /** The start time of the transaction in milliseconds. */
  readonly transactionStartTimeMs: number
  /** The current producer id associated with the transaction. */
  readonly producerId: number
  /** The current epoch associated with the producer id. */
  readonly producerEpoch: number
  /**
   * The set of partitions included in the current transaction (if active). When a transaction is preparing to commit or abort,
   * this will include only partitions which do not have markers.
   */
  readonly topics: readonly DescribeTransactionsResponseTopicData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeTransactionsResponse. */
export interface DescribeTransactionsResponseTopicData {
  /** The topic name. */
  readonly topic: string
  /** The partition ids included in the current transaction. */
  readonly partitions: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeTransactionsResponse. */
export function readDescribeTransactionsResponse(reader: Reader, version: number): DescribeTransactionsResponse {
  reader.begin('DescribeTransactionsResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    transactionStates: reader.array(readDescribeTransactionsResponseTransactionState, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeTransactionsResponse. */
export function writeDescribeTransactionsResponse(
  writer: Writer,
  value: Draft<DescribeTransactionsResponse>,
  version: number,
): void {
  writer.begin('DescribeTransactionsResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.array(value.transactionStates, writeDescribeTransactionsResponseTransactionState, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeTransactionsResponseTransactionState(
  reader: Reader,
  version: number,
): DescribeTransactionsResponseTransactionState {
  return {
    errorCode: reader.int16(),
    transactionalId: reader.string(),
    transactionState: reader.string(),
    transactionTimeoutMs: reader.int32(),
    transactionStartTimeMs: reader.int64(),
    producerId: reader.int64(),
    producerEpoch: reader.int16(),
    topics: reader.array(readDescribeTransactionsResponseTopicData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeTransactionsResponseTransactionState(
  writer: Writer,
  value: Draft<DescribeTransactionsResponseTransactionState>,
  version: number,
): void {
  writer.int16(value.errorCode)
  writer.string(value.transactionalId)
  writer.string(value.transactionState)
  writer.int32(value.transactionTimeoutMs)
  writer.int64(value.transactionStartTimeMs)
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  writer.array(value.topics, writeDescribeTransactionsResponseTopicData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeTransactionsResponseTopicData(
  reader: Reader,
  version: number,
): DescribeTransactionsResponseTopicData {
  return {
    topic: reader.string(),
    partitions: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeTransactionsResponseTopicData(
  writer: Writer,
  value: Draft<DescribeTransactionsResponseTopicData>,
  version: number,
): void {
  writer.string(value.topic)
  writer.array(value.partitions, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeTransactions API. */
export const describeTransactionsApi: Api<DescribeTransactionsRequest, DescribeTransactionsResponse> = {
  key: 65,
  name: 'DescribeTransactions',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readDescribeTransactionsRequest,
  writeRequest: writeDescribeTransactionsRequest,
  readResponse: readDescribeTransactionsResponse,
  writeResponse: writeDescribeTransactionsResponse,
}
