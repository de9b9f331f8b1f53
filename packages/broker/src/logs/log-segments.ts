// How a broker divides a log into segments. In memory and on disk the log lies otherwise; segments are what cleaning goes by.
import { batchSize, readBatchHeader } from '@kasper/protocol'
import type { PartitionLog } from './partition-log.ts'
import type { TopicSettings } from './topic.ts'

/** A part of a log that is deleted as a whole, and compacted only when nothing is appended to it any more. */
export interface LogSegment {
  readonly baseOffset: number
  /** Behind its last batch. */
  endOffset: number
  sizeInBytes: number
  /** When it began: the time of its first messages, but not later than when it was first seen. */
  readonly begunMs: number
  /** The latest time of a message in it. */
  latestMs: number
}

/** The segments of one log, which takes them up when it is asked to. */
export class LogSegments {
  /** In order; the last is the active one, unless it is {@link closed}. */
  readonly all: LogSegment[] = []
  #activeIsOpen = false
  #nextOffset = 0
  #replacements = 0

  /** The segments to which nothing will be appended any more. */
  get closed(): readonly LogSegment[] {
    return this.#activeIsOpen ? this.all.slice(0, -1) : this.all
  }

  /** Takes up what has been appended, deleted and compacted since the last time. */
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
    // A broker looks only when the next message comes. Who tests compaction should not have to write one for that.
    const active = this.all.at(-1)
    if (active !== undefined && nowMs - active.begunMs >= segmentMs) this.#activeIsOpen = false
  }

  /** Batches have changed: the segments are the same, but what is in them is less. */
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
