// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** RequestHeader, versions 1 to 2. */
export interface RequestHeader {
  /** The API key of this request. */
  readonly requestApiKey: number
  /** The API version of this request. */
  readonly requestApiVersion: number
  /** The correlation ID of this request. */
  readonly correlationId: number
  /** The client ID string. */
  readonly clientId: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a RequestHeader. */
export function readRequestHeader(reader: Reader, version: number): RequestHeader {
  reader.begin('RequestHeader', version, 1, 2, 2)
  return {
    requestApiKey: reader.int16(),
    requestApiVersion: reader.int16(),
    correlationId: reader.int32(),
    clientId: reader.plainNullableString(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a RequestHeader. */
export function writeRequestHeader(writer: Writer, value: Draft<RequestHeader>, version: number): void {
  writer.begin('RequestHeader', version, 1, 2, 2)
  writer.int16(value.requestApiKey)
  writer.int16(value.requestApiVersion)
  writer.int32(value.correlationId)
  writer.plainNullableString(value.clientId)
  writer.onlyUnknownTags(value.unknownTags)
}
