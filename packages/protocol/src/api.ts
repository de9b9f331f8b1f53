import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** A tagged field that the schema does not know: kept as it came, so that whoever passes a message on loses nothing. */
export interface UnknownTag {
  readonly tag: number
  readonly bytes: Uint8Array
}

/** Bytes to be written, in one piece or in several that belong together. */
export type Pieces = Uint8Array | readonly Uint8Array[]

/**
 * What may be written as a `T`: any field may be left out, at every level, and then has its default from Kafka's schema. Bytes may
 * be given in pieces.
 */
export type Draft<T> = T extends Uint8Array
  ? Pieces
  : T extends UnknownTag
    ? T
    : T extends readonly (infer Element)[]
      ? readonly Draft<Element>[]
      : T extends object
        ? { readonly [Field in keyof T]?: Draft<T[Field]> | undefined }
        : T

/** The same, with fields that may be set: for the reading of messages. */
export type Mutable<T> = { -readonly [Field in keyof T]: T[Field] }

/** What Kafka's schema says of one API, such as Fetch. */
export interface ApiInfo {
  /** The number by which a request names it. */
  readonly key: number
  /** As Kafka spells it: `Fetch`, `ApiVersions`. */
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  /** Up to where brokers offer it: a version beyond is still in development. Below `minVersion` where none is offered. */
  readonly latestStableVersion: number
  /** The first version with compact lengths and tagged fields; `Infinity` where there is none. */
  readonly flexibleFrom: number
}

/** One API with the functions that read and write its messages. */
export interface Api<Request = unknown, Response = unknown> extends ApiInfo {
  readRequest(reader: Reader, version: number): Request
  writeRequest(writer: Writer, request: Draft<Request>, version: number): void
  readResponse(reader: Reader, version: number): Response
  writeResponse(writer: Writer, response: Draft<Response>, version: number): void
}
