// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** AddOffsetsToTxnRequest, versions 0 to 4. */
export interface AddOffsetsToTxnRequest {
  /** The transactional id corresponding to the transaction. */
  readonly transactionalId: string
  /** Current producer id in use by the transactional id. */
  readonly producerId: number
  /** Current epoch associated with the producer id. */
  readonly producerEpoch: number
  /** The unique group identifier. */
  readonly groupId: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AddOffsetsToTxnRequest. */
export function readAddOffsetsToTxnRequest(reader: Reader, version: number): AddOffsetsToTxnRequest {
  reader.begin('AddOffsetsToTxnRequest', version, 0, 4, 3)
  return {
    transactionalId: reader.string(),
    producerId: reader.int64(),
    producerEpoch: reader.int16(),
    groupId: reader.string(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AddOffsetsToTxnRequest. */
export function writeAddOffsetsToTxnRequest(writer: Writer, value: Draft<AddOffsetsToTxnRequest>, version: number): void {
  writer.begin('AddOffsetsToTxnRequest', version, 0, 4, 3)
  writer.string(value.transactionalId)
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  writer.string(value.groupId)
  writer.onlyUnknownTags(value.unknownTags)
}

/** AddOffsetsToTxnResponse, versions 0 to 4. */
export interface AddOffsetsToTxnResponse {
  /**
   * Duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not violate
   * any quota.
   */
  readonly throttleTimeMs: number
  /** The response error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AddOffsetsToTxnResponse. */
export function readAddOffsetsToTxnResponse(reader: Reader, version: number): AddOffsetsToTxnResponse {
  reader.begin('AddOffsetsToTxnResponse', version, 0, 4, 3)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AddOffsetsToTxnResponse. */
export function writeAddOffsetsToTxnResponse(writer: Writer, value: Draft<AddOffsetsToTxnResponse>, version: number): void {
  writer.begin('AddOffsetsToTxnResponse', version, 0, 4, 3)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The AddOffsetsToTxn API. */
export const addOffsetsToTxnApi: Api<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse> = {
  key: 25,
  name: 'AddOffsetsToTxn',
  minVersion: 0,
  maxVersion: 4,
  latestStableVersion: 4,
  flexibleFrom: 3,
  readRequest: readAddOffsetsToTxnRequest,
  writeRequest: writeAddOffsetsToTxnRequest,
  readResponse: readAddOffsetsToTxnResponse,
  writeResponse: writeAddOffsetsToTxnResponse,
}
