import { sealBatch } from '@kasper/protocol'

/** The position of the checksum in a batch. */
const CRC = 17

/** Computes the checksum of a batch that has none. Batches that were written within the process have none at first. */
export function addMissingChecksum(bytes: Uint8Array, at: number): void {
  const crc = at + CRC
  if ((bytes[crc]! | bytes[crc + 1]! | bytes[crc + 2]! | bytes[crc + 3]!) === 0) sealBatch(bytes, at)
}
