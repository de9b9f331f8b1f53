// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** ResponseHeader, versions 0 to 1. */
export interface ResponseHeader {
  /** The correlation ID of this response. */
  readonly correlationId: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ResponseHeader. */
export function readResponseHeader(reader: Reader, version: number): ResponseHeader {
  reader.begin('ResponseHeader', version, 0, 1, 1)
  return {
    correlationId: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ResponseHeader. */
export function writeResponseHeader(writer: Writer, value: Draft<ResponseHeader>, version: number): void {
  writer.begin('ResponseHeader', version, 0, 1, 1)
  writer.int32(value.correlationId)
  writer.onlyUnknownTags(value.unknownTags)
}
