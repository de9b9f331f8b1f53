import { RecordEncoder, sealBatch } from '@kasper/protocol'

/** A batch with one record of this value, as a producer sends it. */
export function recordBatch(value: string): Uint8Array {
  const room = 1000 + 3 * value.length
  const encoder = new RecordEncoder(room, room)
  encoder.add(null, value, Date.now())
  encoder.finish()
  const bytes = encoder.bytes.slice(0, encoder.length)
  sealBatch(bytes, 0)
  return bytes
}
