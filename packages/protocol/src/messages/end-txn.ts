// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** EndTxnRequest, versions 0 to 5. */
export interface EndTxnRequest {
  /** The ID of the transaction to end. */
  readonly transactionalId: string
  /** The producer ID. */
  readonly producerId: number
  /** The current epoch associated with the producer. */
  readonly producerEpoch: number
  /** True if the transaction was committed, false if it was aborted. */
  readonly committed: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an EndTxnRequest. */
export function readEndTxnRequest(reader: Reader, version: number): EndTxnRequest {
  reader.begin('EndTxnRequest', version, 0, 5, 3)
  return {
    transactionalId: reader.string(),
    producerId: reader.int64(),
    producerEpoch: reader.int16(),
    committed: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an EndTxnRequest. */
export function writeEndTxnRequest(writer: Writer, value: Draft<EndTxnRequest>, version: number): void {
  writer.begin('EndTxnRequest', version, 0, 5, 3)
  writer.string(value.transactionalId)
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  writer.boolean(value.committed)
  writer.onlyUnknownTags(value.unknownTags)
}

/** EndTxnResponse, versions 0 to 5. */
export interface EndTxnResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The producer ID. In versions from 5. */
  readonly producerId: number
  /** The current epoch associated with the producer. In versions from 5. */
  readonly producerEpoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an EndTxnResponse. */
export function readEndTxnResponse(reader: Reader, version: number): EndTxnResponse {
  reader.begin('EndTxnResponse', version, 0, 5, 3)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    producerId: version >= 5 ? reader.int64() : -1,
    producerEpoch: version >= 5 ? reader.int16() : -1,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an EndTxnResponse. */
export function writeEndTxnResponse(writer: Writer, value: Draft<EndTxnResponse>, version: number): void {
  writer.begin('EndTxnResponse', version, 0, 5, 3)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  if (version >= 5) writer.int64(value.producerId ?? -1)
  if (version >= 5) writer.int16(value.producerEpoch ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The EndTxn API. */
export const endTxnApi: Api<EndTxnRequest, EndTxnResponse> = {
  key: 26,
  name: 'EndTxn',
  minVersion: 0,
  maxVersion: 5,
  latestStableVersion: 5,
  flexibleFrom: 3,
  readRequest: readEndTxnRequest,
  writeRequest: writeEndTxnRequest,
  readResponse: readEndTxnResponse,
  writeResponse: writeEndTxnResponse,
}
