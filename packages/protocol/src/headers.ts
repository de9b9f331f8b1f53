// Request and response headers, which come before a message in its frame. Their version depends on the API and the version of the
// message.
import type { ApiInfo } from './api.ts'
import { CorruptMessageError } from './errors.ts'
import { apiInfos } from './messages/api-infos.ts'
import {
  readRequestHeader as readRequestHeaderFields,
  type RequestHeader,
  writeRequestHeader as writeRequestHeaderFields,
} from './messages/request-header.ts'
import {
  readResponseHeader as readResponseHeaderFields,
  writeResponseHeader as writeResponseHeaderFields,
} from './messages/response-header.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

export type { RequestHeader } from './messages/request-header.ts'

type Versioned = Pick<ApiInfo, 'key' | 'flexibleFrom'>

const API_VERSIONS = 18
const infos: ReadonlyMap<number, ApiInfo> = new Map(apiInfos.map((info) => [info.key, info]))

/** The name and versions of the API with this key; `undefined` if Kafka's brokers have no such API. */
export function apiInfo(key: number): ApiInfo | undefined {
  return infos.get(key)
}

/** The version of a request's header: 2 if the request's version is flexible, otherwise 1. */
export function requestHeaderVersion(api: Versioned, version: number): number {
  return version >= api.flexibleFrom ? 2 : 1
}

/**
 * The version of a response's header: 1 if the response's version is flexible, otherwise 0. ApiVersions always has 0, so that a
 * client can read the response of a broker that does not support the requested version.
 */
export function responseHeaderVersion(api: Versioned, version: number): number {
  return version >= api.flexibleFrom && api.key !== API_VERSIONS ? 1 : 0
}

/** Reads a request's header. Throws {@link CorruptMessageError} for an unknown API, but not for an unknown version. */
export function readRequestHeader(reader: Reader): RequestHeader {
  const start = reader.position
  const key = reader.int16()
  const version = reader.int16()
  reader.position = start
  const info = infos.get(key)
  if (info === undefined) throw new CorruptMessageError(`A request with API key ${key}, which Kafka's brokers do not serve`)
  return readRequestHeaderFields(reader, requestHeaderVersion(info, version))
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
  writeRequestHeaderFields(writer, header, requestHeaderVersion(api, version))
}

/** Reads the header of a response to a request of this version. Returns the correlation id. */
export function readResponseHeader(reader: Reader, api: Versioned, version: number): number {
  return readResponseHeaderFields(reader, responseHeaderVersion(api, version)).correlationId
}

/** Writes the header of a response to a request of this version. */
export function writeResponseHeader(writer: Writer, api: Versioned, version: number, correlationId: number): void {
  writeResponseHeaderFields(writer, { correlationId }, responseHeaderVersion(api, version))
}
