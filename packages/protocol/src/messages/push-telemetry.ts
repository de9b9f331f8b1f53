// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** PushTelemetryRequest, version 0. */
export interface PushTelemetryRequest {
  /** Unique id for this client instance. */
  readonly clientInstanceId: string
  /** Unique identifier for the current subscription. */
  readonly subscriptionId: number
  /** Client is terminating the connection. */
  readonly terminating: boolean
  /** Compression codec used to compress the metrics. */
  readonly compressionType: number
  /** Metrics encoded in OpenTelemetry MetricsData v1 protobuf format. */
  readonly metrics: Uint8Array
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a PushTelemetryRequest. */
export function readPushTelemetryRequest(reader: Reader, version: number): PushTelemetryRequest {
  reader.begin('PushTelemetryRequest', version, 0, 0, 0)
  return {
    clientInstanceId: reader.uuid(),
    subscriptionId: reader.int32(),
    terminating: reader.boolean(),
    compressionType: reader.int8(),
    metrics: reader.bytesField(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a PushTelemetryRequest. */
export function writePushTelemetryRequest(writer: Writer, value: Draft<PushTelemetryRequest>, version: number): void {
  writer.begin('PushTelemetryRequest', version, 0, 0, 0)
  writer.uuid(value.clientInstanceId)
  writer.int32(value.subscriptionId)
  writer.boolean(value.terminating)
  writer.int8(value.compressionType)
  writer.bytesField(value.metrics)
  writer.onlyUnknownTags(value.unknownTags)
}

/** PushTelemetryResponse, version 0. */
export interface PushTelemetryResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a PushTelemetryResponse. */
export function readPushTelemetryResponse(reader: Reader, version: number): PushTelemetryResponse {
  reader.begin('PushTelemetryResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a PushTelemetryResponse. */
export function writePushTelemetryResponse(writer: Writer, value: Draft<PushTelemetryResponse>, version: number): void {
  writer.begin('PushTelemetryResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The PushTelemetry API. */
export const pushTelemetryApi: Api<PushTelemetryRequest, PushTelemetryResponse> = {
  key: 72,
  name: 'PushTelemetry',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readPushTelemetryRequest,
  writeRequest: writePushTelemetryRequest,
  readResponse: readPushTelemetryResponse,
  writeResponse: writePushTelemetryResponse,
}
