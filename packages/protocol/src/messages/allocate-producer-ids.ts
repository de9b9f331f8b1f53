// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api, Draft, UnknownTag } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** AllocateProducerIdsRequest, version 0. */
export interface AllocateProducerIdsRequest {
  /** The ID of the requesting broker. */
  readonly brokerId: number
  /** The epoch of the requesting broker. */
  readonly brokerEpoch: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AllocateProducerIdsRequest. */
export function readAllocateProducerIdsRequest(reader: Reader, version: number): AllocateProducerIdsRequest {
  reader.begin('AllocateProducerIdsRequest', version, 0, 0, 0)
  return {
    brokerId: reader.int32(),
    brokerEpoch: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AllocateProducerIdsRequest. */
export function writeAllocateProducerIdsRequest(writer: Writer, value: Draft<AllocateProducerIdsRequest>, version: number): void {
  writer.begin('AllocateProducerIdsRequest', version, 0, 0, 0)
  writer.int32(value.brokerId)
  writer.int64(value.brokerEpoch ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

/** AllocateProducerIdsResponse, version 0. */
export interface AllocateProducerIdsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The top level response error code. */
  readonly errorCode: number
  /** The first producer ID in this range, inclusive. */
  readonly producerIdStart: number
  /** The number of producer IDs in this range. */
  readonly producerIdLen: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AllocateProducerIdsResponse. */
export function readAllocateProducerIdsResponse(reader: Reader, version: number): AllocateProducerIdsResponse {
  reader.begin('AllocateProducerIdsResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    producerIdStart: reader.int64(),
    producerIdLen: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AllocateProducerIdsResponse. */
export function writeAllocateProducerIdsResponse(
  writer: Writer,
  value: Draft<AllocateProducerIdsResponse>,
  version: number,
): void {
  writer.begin('AllocateProducerIdsResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.int64(value.producerIdStart)
  writer.int32(value.producerIdLen)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The AllocateProducerIds API. */
export const allocateProducerIdsApi: Api<AllocateProducerIdsRequest, AllocateProducerIdsResponse> = {
  key: 67,
  name: 'AllocateProducerIds',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readAllocateProducerIdsRequest,
  writeRequest: writeAllocateProducerIdsRequest,
  readResponse: readAllocateProducerIdsResponse,
  writeResponse: writeAllocateProducerIdsResponse,
}
