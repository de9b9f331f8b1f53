import type { Draft } from './draft.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** The key, name and versions of one API, such as Fetch, from Kafka's schema. */
export interface ApiInfo {
  /** The number that stands for the API in a request. */
  readonly key: number
  /** Kafka's name: `Fetch`, `ApiVersions`. */
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  /**
   * The newest version that brokers offer by default; later ones are still in development. Below `minVersion` if brokers offer no
   * version.
   */
  readonly latestStableVersion: number
  /** The first version with compact lengths and tagged fields; `Infinity` if there is none. */
  readonly flexibleFrom: number
}

/** One API with the functions that read and write its messages. */
export interface Api<Request = unknown, Response = unknown> extends ApiInfo {
  readRequest(reader: Reader, version: number): Request
  writeRequest(writer: Writer, request: Draft<Request>, version: number): void
  readResponse(reader: Reader, version: number): Response
  writeResponse(writer: Writer, response: Draft<Response>, version: number): void
}
