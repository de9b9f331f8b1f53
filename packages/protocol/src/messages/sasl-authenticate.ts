// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** SaslAuthenticateRequest, versions 0 to 2. */
export interface SaslAuthenticateRequest {
  /** The SASL authentication bytes from the client, as defined by the SASL mechanism. */
  readonly authBytes: Uint8Array
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a SaslAuthenticateRequest. */
export function readSaslAuthenticateRequest(reader: Reader, version: number): SaslAuthenticateRequest {
  reader.begin('SaslAuthenticateRequest', version, 0, 2, 2)
  return {
    authBytes: reader.bytesField(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a SaslAuthenticateRequest. */
export function writeSaslAuthenticateRequest(writer: Writer, value: Draft<SaslAuthenticateRequest>, version: number): void {
  writer.begin('SaslAuthenticateRequest', version, 0, 2, 2)
  writer.bytesField(value.authBytes)
  writer.onlyUnknownTags(value.unknownTags)
}

/** SaslAuthenticateResponse, versions 0 to 2. */
export interface SaslAuthenticateResponse {
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** The SASL authentication bytes from the server, as defined by the SASL mechanism. */
  readonly authBytes: Uint8Array
  /**
   * Number of milliseconds after which only re-authentication over the existing connection to create a new session can occur. In
   * versions from 1.
   */
  readonly sessionLifetimeMs: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a SaslAuthenticateResponse. */
export function readSaslAuthenticateResponse(reader: Reader, version: number): SaslAuthenticateResponse {
  reader.begin('SaslAuthenticateResponse', version, 0, 2, 2)
  return {
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    authBytes: reader.bytesField(),
    sessionLifetimeMs: version >= 1 ? reader.int64() : 0,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a SaslAuthenticateResponse. */
export function writeSaslAuthenticateResponse(writer: Writer, value: Draft<SaslAuthenticateResponse>, version: number): void {
  writer.begin('SaslAuthenticateResponse', version, 0, 2, 2)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.bytesField(value.authBytes)
  if (version >= 1) writer.int64(value.sessionLifetimeMs)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The SaslAuthenticate API. */
export const saslAuthenticateApi: Api<SaslAuthenticateRequest, SaslAuthenticateResponse> = {
  key: 36,
  name: 'SaslAuthenticate',
  minVersion: 0,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 2,
  readRequest: readSaslAuthenticateRequest,
  writeRequest: writeSaslAuthenticateRequest,
  readResponse: readSaslAuthenticateResponse,
  writeResponse: writeSaslAuthenticateResponse,
}
