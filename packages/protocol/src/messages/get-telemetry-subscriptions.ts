// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt8, readString } from '../reader.ts'
import { type Writer, writeInt8, writeString } from '../writer.ts'

/** GetTelemetrySubscriptionsRequest, version 0. */
export interface GetTelemetrySubscriptionsRequest {
  /** Unique id for this client instance, must be set to 0 on the first request. */
  readonly clientInstanceId: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a GetTelemetrySubscriptionsRequest. */
export function readGetTelemetrySubscriptionsRequest(reader: Reader, version: number): GetTelemetrySubscriptionsRequest {
  reader.begin('GetTelemetrySubscriptionsRequest', version, 0, 0, 0)
  return {
    clientInstanceId: reader.uuid(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a GetTelemetrySubscriptionsRequest. */
export function writeGetTelemetrySubscriptionsRequest(
  writer: Writer,
  value: Draft<GetTelemetrySubscriptionsRequest>,
  version: number,
): void {
  writer.begin('GetTelemetrySubscriptionsRequest', version, 0, 0, 0)
  writer.uuid(value.clientInstanceId)
  writer.onlyUnknownTags(value.unknownTags)
}

/** GetTelemetrySubscriptionsResponse, version 0. */
export interface GetTelemetrySubscriptionsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Assigned client instance id if ClientInstanceId was 0 in the request, else 0. */
  readonly clientInstanceId: string
  /** Unique identifier for the current subscription set for this client instance. */
  readonly subscriptionId: number
  /** Compression types that broker accepts for the PushTelemetryRequest. */
  readonly acceptedCompressionTypes: readonly number[]
  /** Configured push interval, which is the lowest configured interval in the current subscription set. */
  readonly pushIntervalMs: number
  /** The maximum bytes of binary data the broker accepts in PushTelemetryRequest. */
  readonly telemetryMaxBytes: number
  /** Flag to indicate monotonic/counter metrics are to be emitted as deltas or cumulative values. */
  readonly deltaTemporality: boolean
  /** Requested metrics prefix string match. Empty array: No metrics subscribed, Array[0] empty string: All metrics subscribed. */
  readonly requestedMetrics: readonly string[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a GetTelemetrySubscriptionsResponse. */
export function readGetTelemetrySubscriptionsResponse(reader: Reader, version: number): GetTelemetrySubscriptionsResponse {
  reader.begin('GetTelemetrySubscriptionsResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    clientInstanceId: reader.uuid(),
    subscriptionId: reader.int32(),
    acceptedCompressionTypes: reader.array(readInt8, version),
    pushIntervalMs: reader.int32(),
    telemetryMaxBytes: reader.int32(),
    deltaTemporality: reader.boolean(),
    requestedMetrics: reader.array(readString, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a GetTelemetrySubscriptionsResponse. */
export function writeGetTelemetrySubscriptionsResponse(
  writer: Writer,
  value: Draft<GetTelemetrySubscriptionsResponse>,
  version: number,
): void {
  writer.begin('GetTelemetrySubscriptionsResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.uuid(value.clientInstanceId)
  writer.int32(value.subscriptionId)
  writer.array(value.acceptedCompressionTypes, writeInt8, version)
  writer.int32(value.pushIntervalMs)
  writer.int32(value.telemetryMaxBytes)
  writer.boolean(value.deltaTemporality)
  writer.array(value.requestedMetrics, writeString, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The GetTelemetrySubscriptions API. */
export const getTelemetrySubscriptionsApi: Api<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse> = {
  key: 71,
  name: 'GetTelemetrySubscriptions',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readGetTelemetrySubscriptionsRequest,
  writeRequest: writeGetTelemetrySubscriptionsRequest,
  readResponse: readGetTelemetrySubscriptionsResponse,
  writeResponse: writeGetTelemetrySubscriptionsResponse,
}
