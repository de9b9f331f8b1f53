// Reads a partition's files when the broker starts. A crash may have left an incomplete batch at the very end. It was not acknowledged,
// so it is cut off. Any other unexpected content is damage.
import { BATCH_HEADER_BYTES, batchSize, readBatchHeader, verifyBatch } from '@kasper/protocol'
import type { PartitionLog } from '../logs/partition-log.ts'
import { damaged } from './damage.ts'
import { baseOf, generationOf, partitionDirectory, PartitionFiles, type PartitionManifest } from './partition-files.ts'
import type { Storage } from './storage.ts'

const MAGIC = 16
const noBytes = new Uint8Array(0)

/** Fills an empty log from its files. Throws `DATA_UNUSABLE`. */
export async function loadPartition(
  storage: Storage,
  topicId: string,
  log: PartitionLog,
  { start, files }: PartitionManifest,
): Promise<PartitionFiles> {
  const directory = partitionDirectory(storage, topicId, log.partition)
  const loaded: { readonly name: string; readonly bytes: number }[] = []
  let broken: { readonly path: string; readonly at: number } | undefined
  for (const name of files) {
    const path = `${directory}/${name}`
    const bytes = await storage.files.read(path)
    if (broken !== undefined) {
      if (bytes !== undefined && hasBatch(bytes, 0))
        throw damaged(broken.path, broken.at, `the file ends there, but ${name} follows`)
      storage.discard(path)
      continue
    }
    const { positions, end } = scan(bytes ?? noBytes, log.logEndOffset)
    if (loaded.length > 0 && positions.length > 0 && generationOf(name) === 0 && baseOf(name) !== log.logEndOffset) {
      const { name: last, bytes: at } = loaded.at(-1)!
      throw damaged(`${directory}/${last}`, at, `the file ends at offset ${log.logEndOffset}, but ${name} follows`)
    }
    if (bytes !== undefined && end < bytes.length) {
      if (hasBatch(bytes, end + 1)) throw damaged(path, end, 'the batch there is broken, but valid batches follow')
      const file = await storage.open(path)
      await file.truncate(end)
      await file.sync()
    }
    if (bytes === undefined || end < bytes.length) broken = { path, at: end }
    log.restore(bytes ?? noBytes, positions, end)
    loaded.push({ name, bytes: end })
  }
  log.restoreStart(start)
  return new PartitionFiles(storage, topicId, log, loaded)
}

/** The positions of all batches before the first invalid one. */
function scan(bytes: Uint8Array, nextOffset: number): { readonly positions: number[]; readonly end: number } {
  const positions: number[] = []
  let at = 0
  while (at < bytes.length) {
    const end = lastOffsetAt(bytes, at, nextOffset)
    if (end === undefined) break
    nextOffset = end + 1
    positions.push(at)
    at += batchSize(bytes, at)
  }
  return { positions, end: at }
}

/** Whether there is a valid batch anywhere after this position. */
function hasBatch(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at + BATCH_HEADER_BYTES <= bytes.length; at++) {
    if (bytes[at + MAGIC] === 2 && lastOffsetAt(bytes, at, 0) !== undefined) return true
  }
  return false
}

/** The last offset of the batch at this position; `undefined` if there is no valid batch. */
function lastOffsetAt(bytes: Uint8Array, at: number, leastOffset: number): number | undefined {
  if (bytes[at + MAGIC] !== 2 || !verifyBatch(bytes, at)) return undefined
  try {
    const { baseOffset, lastOffset } = readBatchHeader(bytes, at)
    return baseOffset >= leastOffset && lastOffset >= baseOffset ? lastOffset : undefined
  } catch {
    return undefined // impossible numbers
  }
}
