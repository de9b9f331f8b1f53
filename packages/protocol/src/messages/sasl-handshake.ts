// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft } from '../draft.ts'
import { type Reader, readString } from '../reader.ts'
import { type Writer, writeString } from '../writer.ts'

/** SaslHandshakeRequest, versions 0 to 1. */
export interface SaslHandshakeRequest {
  /** The SASL mechanism chosen by the client. */
  readonly mechanism: string
}

/** Reads a SaslHandshakeRequest. */
export function readSaslHandshakeRequest(reader: Reader, version: number): SaslHandshakeRequest {
  reader.begin('SaslHandshakeRequest', version, 0, 1, Infinity)
  return {
    mechanism: reader.string(),
  }
}

/** Writes a SaslHandshakeRequest. */
export function writeSaslHandshakeRequest(writer: Writer, value: Draft<SaslHandshakeRequest>, version: number): void {
  writer.begin('SaslHandshakeRequest', version, 0, 1, Infinity)
  writer.string(value.mechanism)
}

/** SaslHandshakeResponse, versions 0 to 1. */
export interface SaslHandshakeResponse {
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The mechanisms enabled in the server. */
  readonly mechanisms: readonly string[]
}

/** Reads a SaslHandshakeResponse. */
export function readSaslHandshakeResponse(reader: Reader, version: number): SaslHandshakeResponse {
  reader.begin('SaslHandshakeResponse', version, 0, 1, Infinity)
  return {
    errorCode: reader.int16(),
    mechanisms: reader.array(readString, version),
  }
}

/** Writes a SaslHandshakeResponse. */
export function writeSaslHandshakeResponse(writer: Writer, value: Draft<SaslHandshakeResponse>, version: number): void {
  writer.begin('SaslHandshakeResponse', version, 0, 1, Infinity)
  writer.int16(value.errorCode)
  writer.array(value.mechanisms, writeString, version)
}

/** The SaslHandshake API. */
export const saslHandshakeApi: Api<SaslHandshakeRequest, SaslHandshakeResponse> = {
  key: 17,
  name: 'SaslHandshake',
  minVersion: 0,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: Infinity,
  readRequest: readSaslHandshakeRequest,
  writeRequest: writeSaslHandshakeRequest,
  readResponse: readSaslHandshakeResponse,
  writeResponse: writeSaslHandshakeResponse,
}
