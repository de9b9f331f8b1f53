// The segments of a log, as in Kafka. The log is stored in other units; only the cleaner works with segments.
import { batchSize, readBatchHeader } from '@kasper/protocol'
import type { PartitionLog } from './partition-log.ts'
import type { TopicSettings } from './topic.ts'

/** A part of a log. Retention deletes it as a whole, and compaction starts when it is closed. */
export interface LogSegment {
  readonly baseOffset: number
  /** The offset after the last batch. */
  endOffset: number
  sizeInBytes: number
  /** When the segment began: the timestamp of its first batch, but not later than the time when the cleaner first saw it. */
  readonly begunMs: number
  /** The latest timestamp in the segment. */
  latestMs: number
}

/** The segments of one log. {@link update} has to be called first. */
export class LogSegments {
  /** All segments in order. The last one is active, unless it is {@link closed}. */
  readonly all: LogSegment[] = []
  #activeIsOpen = false
  #nextOffset = 0
  #replacements = 0

  /** The segments that get no further records. */
  get closed(): readonly LogSegment[] {
    return this.#activeIsOpen ? this.all.slice(0, -1) : this.all
  }

  /** Applies all changes of the log since the last call. */
  update(log: PartitionLog, settings: TopicSettings, nowMs: number): void {
    if (log.replacements !== this.#replacements) this.#recount(log)
    while (this.all.length > 0 && this.all[0]!.endOffset <= log.startOffset) this.all.shift()
    if (this.all.length === 0) this.#activeIsOpen = false
    const segmentMs = settings.compacted ? Math.min(settings.segmentMs, settings.maxCompactionLagMs) : settings.segmentMs
    for (const { bytes, at } of log.batchesFrom(Math.max(this.#nextOffset, log.startOffset))) {
      const { baseOffset, lastOffset, maxTimestamp } = readBatchHeader(bytes, at)
      if (lastOffset >= log.highWatermark) break
      const size = batchSize(bytes, at)
      let active = this.#activeIsOpen ? this.all.at(-1) : undefined
      const isFull = active !== undefined && active.sizeInBytes + size > settings.segmentBytes
      if (active === undefined || isFull || maxTimestamp - active.begunMs > segmentMs) {
        const begunMs = maxTimestamp >= 0 ? Math.min(maxTimestamp, nowMs) : nowMs
        active = { baseOffset, endOffset: baseOffset, sizeInBytes: 0, begunMs, latestMs: begunMs }
        this.all.push(active)
        this.#activeIsOpen = true
      }
      active.endOffset = this.#nextOffset = lastOffset + 1
      active.sizeInBytes += size
      active.latestMs = Math.max(active.latestMs, maxTimestamp)
    }
    // Kafka closes a segment when the next message arrives. Here, tests of compaction need not write another message.
    const active = this.all.at(-1)
    if (active !== undefined && nowMs - active.begunMs >= segmentMs) this.#activeIsOpen = false
  }

  /** After a compaction: computes the sizes of the segments again. */
  #recount(log: PartitionLog): void {
    this.#replacements = log.replacements
    for (const segment of this.all) segment.sizeInBytes = 0
    let i = 0
    for (const { bytes, at } of log.batches()) {
      const { lastOffset } = readBatchHeader(bytes, at)
      while (i < this.all.length && this.all[i]!.endOffset <= lastOffset) i++
      const segment = this.all[i]
      if (segment === undefined) break
      segment.sizeInBytes += batchSize(bytes, at)
    }
    const active = this.#activeIsOpen ? this.all.at(-1) : undefined
    this.all.splice(0, Infinity, ...this.all.filter((segment) => segment.sizeInBytes > 0 || segment === active))
  }
}
