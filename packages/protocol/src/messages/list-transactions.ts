// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt64, readString } from '../reader.ts'
import { type Writer, writeInt64, writeString } from '../writer.ts'

/** ListTransactionsRequest, versions 0 to 2. */
export interface ListTransactionsRequest {
  /**
   * The transaction states to filter by: if empty, all transactions are returned; if non-empty, then only transactions matching
   * one of the filtered states will be returned.
   */
  readonly stateFilters: readonly string[]
  /**
   * The producerIds to filter by: if empty, all transactions will be returned; if non-empty, only transactions which match one of
   * the filtered producerIds will be returned.
   */
  readonly producerIdFilters: readonly number[]
  /**
   * Duration (in millis) to filter by: if < 0, all transactions will be returned; otherwise, only transactions running longer
   * than this duration will be returned. In versions from 1.
   */
  readonly durationFilter: number
  /**
   * The transactional ID regular expression pattern to filter by: if it is empty or null, all transactions are returned;
   * Otherwise then only the transactions matching the given regular expression will be returned. In versions from 2.
   */
  readonly transactionalIdPattern: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ListTransactionsRequest. */
export function readListTransactionsRequest(reader: Reader, version: number): ListTransactionsRequest {
  reader.begin('ListTransactionsRequest', version, 0, 2, 0)
  return {
    stateFilters: reader.array(readString, version),
    producerIdFilters: reader.array(readInt64, version),
    durationFilter: version >= 1 ? reader.int64() : -1,
    transactionalIdPattern: version >= 2 ? reader.nullableString() : null,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ListTransactionsRequest. */
export function writeListTransactionsRequest(writer: Writer, value: Draft<ListTransactionsRequest>, version: number): void {
  writer.begin('ListTransactionsRequest', version, 0, 2, 0)
  writer.array(value.stateFilters, writeString, version)
  writer.array(value.producerIdFilters, writeInt64, version)
  if (version >= 1) writer.int64(value.durationFilter ?? -1)
  else if ((value.durationFilter ?? -1) !== -1) writer.refuse('durationFilter')
  if (version >= 2) writer.nullableString(value.transactionalIdPattern ?? null)
  else if ((value.transactionalIdPattern ?? null) !== null) writer.refuse('transactionalIdPattern')
  writer.onlyUnknownTags(value.unknownTags)
}

/** ListTransactionsResponse, versions 0 to 2. */
export interface ListTransactionsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Set of state filters provided in the request which were unknown to the transaction coordinator. */
  readonly unknownStateFilters: readonly string[]
  /** The current state of the transaction for the transactional id. */
  readonly transactionStates: readonly ListTransactionsResponseTransactionState[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ListTransactionsResponse. */
export interface ListTransactionsResponseTransactionState {
  /** The transactional id. */
  readonly transactionalId: string
  /** The producer id. */
  readonly producerId: number
  /** The current transaction state of the producer. */
  readonly transactionState: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ListTransactionsResponse. */
export function readListTransactionsResponse(reader: Reader, version: number): ListTransactionsResponse {
  reader.begin('ListTransactionsResponse', version, 0, 2, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    unknownStateFilters: reader.array(readString, version),
    transactionStates: reader.array(readListTransactionsResponseTransactionState, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ListTransactionsResponse. */
export function writeListTransactionsResponse(writer: Writer, value: Draft<ListTransactionsResponse>, version: number): void {
  writer.begin('ListTransactionsResponse', version, 0, 2, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.array(value.unknownStateFilters, writeString, version)
  writer.array(value.transactionStates, writeListTransactionsResponseTransactionState, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readListTransactionsResponseTransactionState(
  reader: Reader,
  version: number,
): ListTransactionsResponseTransactionState {
  return {
    transactionalId: reader.string(),
    producerId: reader.int64(),
    transactionState: reader.string(),
    unknownTags: reader.unknownTags(),
  }
}

function writeListTransactionsResponseTransactionState(
  writer: Writer,
  value: Draft<ListTransactionsResponseTransactionState>,
  version: number,
): void {
  writer.string(value.transactionalId)
  writer.int64(value.producerId)
  writer.string(value.transactionState)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ListTransactions API. */
export const listTransactionsApi: Api<ListTransactionsRequest, ListTransactionsResponse> = {
  key: 66,
  name: 'ListTransactions',
  minVersion: 0,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 0,
  readRequest: readListTransactionsRequest,
  writeRequest: writeListTransactionsRequest,
  readResponse: readListTransactionsResponse,
  writeResponse: writeListTransactionsResponse,
}
