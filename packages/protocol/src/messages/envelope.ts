// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api, Draft, UnknownTag } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** EnvelopeRequest, version 0. */
export interface EnvelopeRequest {
  /** The embedded request header and data. */
  readonly requestData: Uint8Array
  /** Value of the initial client principal when the request is redirected by a broker. */
  readonly requestPrincipal: Uint8Array | null
  /** The original client's address in bytes. */
  readonly clientHostAddress: Uint8Array
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an EnvelopeRequest. */
export function readEnvelopeRequest(reader: Reader, version: number): EnvelopeRequest {
  reader.begin('EnvelopeRequest', version, 0, 0, 0)
  return {
    requestData: reader.bytesField(),
    requestPrincipal: reader.nullableBytes(),
    clientHostAddress: reader.bytesField(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an EnvelopeRequest. */
export function writeEnvelopeRequest(writer: Writer, value: Draft<EnvelopeRequest>, version: number): void {
  writer.begin('EnvelopeRequest', version, 0, 0, 0)
  writer.bytesField(value.requestData)
  writer.nullableBytes(value.requestPrincipal)
  writer.bytesField(value.clientHostAddress)
  writer.onlyUnknownTags(value.unknownTags)
}

/** EnvelopeResponse, version 0. */
export interface EnvelopeResponse {
  /** The embedded response header and data. */
  readonly responseData: Uint8Array | null
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an EnvelopeResponse. */
export function readEnvelopeResponse(reader: Reader, version: number): EnvelopeResponse {
  reader.begin('EnvelopeResponse', version, 0, 0, 0)
  return {
    responseData: reader.nullableBytes(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an EnvelopeResponse. */
export function writeEnvelopeResponse(writer: Writer, value: Draft<EnvelopeResponse>, version: number): void {
  writer.begin('EnvelopeResponse', version, 0, 0, 0)
  writer.nullableBytes(value.responseData ?? null)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The Envelope API. */
export const envelopeApi: Api<EnvelopeRequest, EnvelopeResponse> = {
  key: 58,
  name: 'Envelope',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readEnvelopeRequest,
  writeRequest: writeEnvelopeRequest,
  readResponse: readEnvelopeResponse,
  writeResponse: writeEnvelopeResponse,
}
