// Deletes and compacts old records according to the topics' configuration, by Kafka's rules:
//   - retention deletes whole segments; it deletes the active segment too, if all its records are old enough
//   - compaction does not change the active segment; it starts when enough of the log is new (min.cleanable.dirty.ratio), or after
//     max.compaction.lag.ms, and does not change records that are newer than min.compaction.lag.ms
//   - delete.retention.ms after a compaction has processed them, tombstones are deleted, and markers of transactions without records
// As in Kafka, segment.bytes and segment.ms close a segment. Unlike in Kafka, segment.ms does so without another message.
import type { Clock, Timer } from '@kasper/core'
import { applyCompaction, compacting } from './log-cleanup.ts'
import { LogSegments } from './log-segments.ts'
import type { PartitionLog } from './partition-log.ts'
import type { Topic } from './topic.ts'

// Every runtime has this function, but the types of the DOM do not.
declare const setImmediate: (callback: () => void) => unknown

/** How often the cleaner runs. A real broker compacts every 15 seconds, and applies retention every 5 minutes. */
const CHECK_INTERVAL_MS = 5000
/** For how long the cleaner works before it yields to the event loop. */
const TURN_MS = 10

/** The cleaner's state of one log. */
interface CleanerState {
  readonly segments: LogSegments
  /** The log is compacted before this offset. */
  cleanUntil: number
  /** Earlier compactions: until which offset, and when. Kept only as long as tombstones need them. */
  passes: { readonly until: number; readonly atMs: number }[]
  firstTombstone: number | undefined
}

/** The log cleaner of a broker. */
export class LogCleaner {
  readonly #clock: Clock
  readonly #topics: ReadonlyMap<string, Topic>
  readonly #logs = new WeakMap<PartitionLog, CleanerState>()
  #timer: Timer | undefined
  #closed = false

  constructor({ clock, topics }: { readonly clock: Clock; readonly topics: ReadonlyMap<string, Topic> }) {
    this.#clock = clock
    this.#topics = topics
    this.#schedule()
  }

  close(): void {
    this.#closed = true
    this.#timer?.cancel()
  }

  #schedule(): void {
    if (!this.#closed) this.#timer = this.#clock.setTimer(() => void this.#cleanAll(), CHECK_INTERVAL_MS)
  }

  async #cleanAll(): Promise<void> {
    for (const topic of this.#topics.values()) {
      for (const log of topic.logs) {
        if (log.logEndOffset > log.startOffset) await this.#clean(topic, log)
        if (this.#closed) return
      }
    }
    this.#schedule()
  }

  async #clean(topic: Topic, log: PartitionLog): Promise<void> {
    const nowMs = this.#clock.now()
    let state = this.#logs.get(log)
    if (state === undefined) {
      state = { segments: new LogSegments(), cleanUntil: 0, passes: [], firstTombstone: undefined }
      this.#logs.set(log, state)
    }
    state.segments.update(log, topic, nowMs)
    if (topic.deletes) retain(log, topic, state.segments, nowMs)
    if (topic.compacted) await this.#compact(log, topic, state, nowMs)
  }

  async #compact(log: PartitionLog, topic: Topic, state: CleanerState, nowMs: number): Promise<void> {
    const until = cleanableUntil(log, topic, state.segments, nowMs)
    const tombstonesUntil = state.passes.findLast(({ atMs }) => atMs + topic.deleteRetentionMs <= nowMs)?.until ?? 0
    const hasOldTombstone = state.firstTombstone !== undefined && state.firstTombstone < tombstonesUntil
    if (!hasOldTombstone && !isDirty(topic, state, until, nowMs)) return
    const { replacements } = log
    const compaction = compacting(log, { dirtyFrom: state.cleanUntil, until, tombstonesUntil })
    for (let turnMs = this.#clock.monotonic(); ;) {
      const { done, value } = compaction.next()
      if (done === true) {
        // Meanwhile, the log was compacted by a call, or the topic was deleted.
        if (log.replacements !== replacements || this.#topics.get(topic.name) !== topic) return
        applyCompaction(log, until, value)
        state.firstTombstone = value.firstTombstone
        break
      }
      if (this.#clock.monotonic() - turnMs < TURN_MS) continue
      await new Promise<void>((resolve) => setImmediate(resolve))
      turnMs = this.#clock.monotonic()
    }
    state.cleanUntil = Math.max(state.cleanUntil, until)
    const lastExpired = state.passes.findLastIndex(({ atMs }) => atMs + topic.deleteRetentionMs <= nowMs)
    state.passes = [...state.passes.slice(Math.max(0, lastExpired)), { until, atMs: nowMs }]
  }
}

/** The offset before which the log may be compacted. */
function cleanableUntil(log: PartitionLog, { minCompactionLagMs }: Topic, { closed }: LogSegments, nowMs: number): number {
  const tooNew = minCompactionLagMs > 0 ? closed.find(({ latestMs }) => nowMs - latestMs < minCompactionLagMs) : undefined
  const end = tooNew?.baseOffset ?? closed.at(-1)?.endOffset ?? 0
  return Math.min(end, log.lastStableOffset)
}

/** Whether enough of the log is new. */
function isDirty({ minDirtyRatio, maxCompactionLagMs }: Topic, state: CleanerState, until: number, nowMs: number): boolean {
  const segments = state.segments.closed.filter(({ baseOffset }) => baseOffset < until)
  const dirty = segments.filter(({ endOffset }) => endOffset > state.cleanUntil)
  if (dirty.length === 0) return false
  if (nowMs - dirty[0]!.begunMs > maxCompactionLagMs) return true
  const bytes = (of: typeof segments): number => of.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0)
  const dirtyBytes = bytes(dirty)
  return dirtyBytes > 0 && dirtyBytes / bytes(segments) > minDirtyRatio
}

/** Deletes the oldest segments, if they are too old or the log is too large. */
function retain(log: PartitionLog, { retentionMs, retentionBytes }: Topic, { all }: LogSegments, nowMs: number): void {
  let sizeInBytes = all.reduce((sum, segment) => sum + segment.sizeInBytes, 0)
  let keepFrom = log.startOffset
  for (const segment of all) {
    if (segment.endOffset > log.lastStableOffset) break // an open transaction
    const tooOld = retentionMs >= 0 && nowMs - segment.latestMs > retentionMs
    const tooMuch = retentionBytes >= 0 && sizeInBytes - segment.sizeInBytes >= retentionBytes
    if (!tooOld && !tooMuch) break
    sizeInBytes -= segment.sizeInBytes
    keepFrom = segment.endOffset
  }
  if (keepFrom > log.startOffset) log.deleteBefore(keepFrom)
}
