// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Draft } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** EndTxnMarker, version 0. */
export interface EndTxnMarker {
  /** The coordinator epoch when appending the record. */
  readonly coordinatorEpoch: number
}

/** Reads an EndTxnMarker. */
export function readEndTxnMarker(reader: Reader, version: number): EndTxnMarker {
  reader.begin('EndTxnMarker', version, 0, 0, Infinity)
  return {
    coordinatorEpoch: reader.int32(),
  }
}

/** Writes an EndTxnMarker. */
export function writeEndTxnMarker(writer: Writer, value: Draft<EndTxnMarker>, version: number): void {
  writer.begin('EndTxnMarker', version, 0, 0, Infinity)
  writer.int32(value.coordinatorEpoch)
}
