// What comes before a message in its frame. Which form it has follows from the API and the version that the message has.
import type { ApiInfo } from './api.ts'
import { CorruptMessageError } from './errors.ts'
import { apiInfos } from './messages/api-infos.ts'
import {
  readRequestHeader as readHeader,
  type RequestHeader,
  writeRequestHeader as writeHeader,
} from './messages/request-header.ts'
import { readResponseHeader as readAnswerHeader, writeResponseHeader as writeAnswerHeader } from './messages/response-header.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

export type { RequestHeader } from './messages/request-header.ts'

/** What a header depends on. */
type Versioned = Pick<ApiInfo, 'key' | 'flexibleFrom'>

const API_VERSIONS = 18
const infos: ReadonlyMap<number, ApiInfo> = new Map(apiInfos.map((info) => [info.key, info]))

/** What Kafka's schema says of the API with this key; `undefined` where it knows none. */
export function apiInfo(key: number): ApiInfo | undefined {
  return infos.get(key)
}

/** 2 in front of a message in a flexible version, 1 in front of any other. */
export function requestHeaderVersion(api: Versioned, version: number): number {
  return version >= api.flexibleFrom ? 2 : 1
}

/**
 * 1 in front of a message in a flexible version, 0 in front of any other. ApiVersions always has 0, so that a client can read the
 * answer of a broker that does not know the version it asked in.
 */
export function responseHeaderVersion(api: Versioned, version: number): number {
  return version >= api.flexibleFrom && api.key !== API_VERSIONS ? 1 : 0
}

/** Reads a request's header. An API that nobody knows is a {@link CorruptMessageError}; a version that nobody knows is not. */
export function readRequestHeader(reader: Reader): RequestHeader {
  const start = reader.position
  const key = reader.int16()
  const version = reader.int16()
  reader.position = start
  const info = infos.get(key)
  if (info === undefined) throw new CorruptMessageError(`A request with API key ${key}, which Kafka's brokers do not serve`)
  return readHeader(reader, requestHeaderVersion(info, version))
}

/** Writes a request's header. */
export function writeRequestHeader(
  writer: Writer,
  api: Versioned,
  version: number,
  correlationId: number,
  clientId: string | null,
): void {
  const header = { requestApiKey: api.key, requestApiVersion: version, correlationId, clientId }
  writeHeader(writer, header, requestHeaderVersion(api, version))
}

/** Reads the header of a response to a request of this version, and returns the correlation id. */
export function readResponseHeader(reader: Reader, api: Versioned, version: number): number {
  return readAnswerHeader(reader, responseHeaderVersion(api, version)).correlationId
}

/** Writes the header of a response to a request of this version. */
export function writeResponseHeader(writer: Writer, api: Versioned, version: number, correlationId: number): void {
  writeAnswerHeader(writer, { correlationId }, responseHeaderVersion(api, version))
}
