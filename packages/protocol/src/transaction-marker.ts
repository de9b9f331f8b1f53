// Transaction markers: control batches of one record. The coordinator writes one to every partition of a transaction.
import { BATCH_HEADER_BYTES, readBatchHeader, sealBatch, setBatchOffset } from './record-batch.ts'
import { CorruptBatchError } from './errors.ts'
import { RecordEncoder } from './record-encoder.ts'
import { readEndTxnMarker, writeEndTxnMarker } from './messages/end-txn-marker.ts'
import { Reader } from './reader.ts'
import { readVarint, readVarlong, type VarintCursor } from './varint.ts'
import { Writer } from './writer.ts'

/** The end of a transaction. */
export interface TransactionMarker {
  /** `false` if the transaction was aborted. */
  readonly committed: boolean
  readonly producerId: number
  readonly producerEpoch: number
  /** The epoch of the coordinator that wrote the marker. */
  readonly coordinatorEpoch: number
}

const ABORT = 0
const COMMIT = 1

/** A sealed control batch with this marker, at offset 0. */
export function encodeTransactionMarker(marker: TransactionMarker, timestamp: number): Uint8Array {
  const { producerId, producerEpoch } = marker
  const encoder = new RecordEncoder(1024, 1024, { transactional: true, control: true, producerId, producerEpoch })
  const writer = new Writer()
  writer.int16(0)
  writer.int16(marker.committed ? COMMIT : ABORT)
  const key = writer.take()
  writer.int16(0)
  writeEndTxnMarker(writer, { coordinatorEpoch: marker.coordinatorEpoch }, 0)
  encoder.add(key, writer.take(), timestamp)
  encoder.finish()
  const batch = encoder.bytes.slice(0, encoder.length)
  setBatchOffset(batch, 0, 0, -1)
  sealBatch(batch, 0)
  return batch
}

/** The marker in the batch at this position; `undefined` for a batch of messages or another control record. */
export function readTransactionMarker(bytes: Uint8Array, at: number): TransactionMarker | undefined {
  const { control, recordCount, sizeInBytes, producerId, producerEpoch } = readBatchHeader(bytes, at)
  if (!control) return undefined
  const end = at + sizeInBytes
  if (recordCount !== 1 || end > bytes.length)
    throw new CorruptBatchError(`The control batch at byte ${at} does not have exactly one record`)
  const cursor: VarintCursor = { position: at + BATCH_HEADER_BYTES }
  readVarint(bytes, cursor) // size
  cursor.position++ // attributes
  readVarlong(bytes, cursor) // timestamp
  readVarint(bytes, cursor) // offset
  const key = fieldReader(bytes, cursor, end)
  key.int16() // version
  const type = key.int16()
  if (type !== ABORT && type !== COMMIT) return undefined
  const value = fieldReader(bytes, cursor, end)
  value.int16() // version; later versions add fields at the end
  const { coordinatorEpoch } = readEndTxnMarker(value, 0)
  return { committed: type === COMMIT, producerId, producerEpoch, coordinatorEpoch }
}

function fieldReader(bytes: Uint8Array, cursor: VarintCursor, end: number): Reader {
  const size = readVarint(bytes, cursor)
  const start = cursor.position
  if (size < 0 || start + size > end) throw new CorruptBatchError('A control record has no key or no value')
  cursor.position += size
  return new Reader(bytes, start, start + size)
}
