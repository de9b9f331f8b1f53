// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** InitProducerIdRequest, versions 0 to 6. */
export interface InitProducerIdRequest {
  /** The transactional id, or null if the producer is not transactional. */
  readonly transactionalId: string | null
  /**
   * The time in ms to wait before aborting idle transactions sent by this producer. This is only relevant if a TransactionalId
   * has been defined.
   */
  readonly transactionTimeoutMs: number
  /**
   * The producer id. This is used to disambiguate requests if a transactional id is reused following its expiration. In versions
   * from 3.
   */
  readonly producerId: number
  /**
   * The producer's current epoch. This will be checked against the producer epoch on the broker, and the request will return an
   * error if they do not match. In versions from 3.
   */
  readonly producerEpoch: number
  /** True if the client wants to enable two-phase commit (2PC) protocol for transactions. In versions from 6. */
  readonly enable2Pc: boolean
  /** True if the client wants to keep the currently ongoing transaction instead of aborting it. In versions from 6. */
  readonly keepPreparedTxn: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an InitProducerIdRequest. */
export function readInitProducerIdRequest(reader: Reader, version: number): InitProducerIdRequest {
  reader.begin('InitProducerIdRequest', version, 0, 6, 2)
  return {
    transactionalId: reader.nullableString(),
    transactionTimeoutMs: reader.int32(),
    producerId: version >= 3 ? reader.int64() : -1,
    producerEpoch: version >= 3 ? reader.int16() : -1,
    enable2Pc: version >= 6 ? reader.boolean() : false,
    keepPreparedTxn: version >= 6 ? reader.boolean() : false,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an InitProducerIdRequest. */
export function writeInitProducerIdRequest(writer: Writer, value: Draft<InitProducerIdRequest>, version: number): void {
  writer.begin('InitProducerIdRequest', version, 0, 6, 2)
  writer.nullableString(value.transactionalId)
  writer.int32(value.transactionTimeoutMs)
  if (version >= 3) writer.int64(value.producerId ?? -1)
  else if ((value.producerId ?? -1) !== -1) writer.refuse('producerId')
  if (version >= 3) writer.int16(value.producerEpoch ?? -1)
  else if ((value.producerEpoch ?? -1) !== -1) writer.refuse('producerEpoch')
  if (version >= 6) writer.boolean(value.enable2Pc)
  else if ((value.enable2Pc ?? false) !== false) writer.refuse('enable2Pc')
  if (version >= 6) writer.boolean(value.keepPreparedTxn)
  else if ((value.keepPreparedTxn ?? false) !== false) writer.refuse('keepPreparedTxn')
  writer.onlyUnknownTags(value.unknownTags)
}

/** InitProducerIdResponse, versions 0 to 6. */
export interface InitProducerIdResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The current producer id. */
  readonly producerId: number
  /** The current epoch associated with the producer id. */
  readonly producerEpoch: number
  /**
   * The producer id for ongoing transaction when KeepPreparedTxn is used, -1 if there is no transaction ongoing. In versions from
   * 6.
   */
  readonly ongoingTxnProducerId: number
  /**
   * The epoch associated with the producer id for ongoing transaction when KeepPreparedTxn is used, -1 if there is no transaction
   * ongoing. In versions from 6.
   */
  readonly ongoingTxnProducerEpoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an InitProducerIdResponse. */
export function readInitProducerIdResponse(reader: Reader, version: number): InitProducerIdResponse {
  reader.begin('InitProducerIdResponse', version, 0, 6, 2)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    producerId: reader.int64(),
    producerEpoch: reader.int16(),
    ongoingTxnProducerId: version >= 6 ? reader.int64() : -1,
    ongoingTxnProducerEpoch: version >= 6 ? reader.int16() : -1,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an InitProducerIdResponse. */
export function writeInitProducerIdResponse(writer: Writer, value: Draft<InitProducerIdResponse>, version: number): void {
  writer.begin('InitProducerIdResponse', version, 0, 6, 2)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.int64(value.producerId ?? -1)
  writer.int16(value.producerEpoch)
  if (version >= 6) writer.int64(value.ongoingTxnProducerId ?? -1)
  else if ((value.ongoingTxnProducerId ?? -1) !== -1) writer.refuse('ongoingTxnProducerId')
  if (version >= 6) writer.int16(value.ongoingTxnProducerEpoch ?? -1)
  else if ((value.ongoingTxnProducerEpoch ?? -1) !== -1) writer.refuse('ongoingTxnProducerEpoch')
  writer.onlyUnknownTags(value.unknownTags)
}

/** The InitProducerId API. */
export const initProducerIdApi: Api<InitProducerIdRequest, InitProducerIdResponse> = {
  key: 22,
  name: 'InitProducerId',
  minVersion: 0,
  maxVersion: 6,
  latestStableVersion: 5,
  flexibleFrom: 2,
  readRequest: readInitProducerIdRequest,
  writeRequest: writeInitProducerIdRequest,
  readResponse: readInitProducerIdResponse,
  writeResponse: writeInitProducerIdResponse,
}
