// Cleans logs as their topics are configured, now and then, as a broker does. It goes by the broker's own rules:
//   - retention deletes whole segments, the active one too when all of it is old enough
//   - compaction leaves the active segment alone; it comes about when enough of the others is new (min.cleanable.dirty.ratio), or
//     new for long enough (max.compaction.lag.ms), and leaves alone what is newer than min.compaction.lag.ms
//   - tombstones, and markers of transactions of which nothing is left, go delete.retention.ms after a compaction has seen them
// A segment is closed by segment.bytes and segment.ms, as on a broker, but also when no other message comes.
import type { Clock, Timer } from '@kasper/core'
import { applyCompaction, compacting } from './log-cleanup.ts'
import { LogSegments } from './log-segments.ts'
import type { PartitionLog } from './partition-log.ts'
import type { Topic } from './topic.ts'

// Not in the DOM's types, but in every runtime that we run on.
declare const setImmediate: (callback: () => void) => unknown

/** How often it looks. A broker takes its time: 15 seconds for compaction, 5 minutes for retention. */
const CHECK_INTERVAL_MS = 5000
/** How long it may keep others waiting. */
const TURN_MS = 10

/** What is known of one log. */
interface CleanedLog {
  readonly segments: LogSegments
  /** Up to where it is compacted. */
  cleanUntil: number
  /** Compactions: up to where, and when; as far as they matter for tombstones. */
  passes: { readonly until: number; readonly atMs: number }[]
  firstTombstone: number | undefined
}

/** The log cleaner of a broker. */
export class LogCleaner {
  readonly #clock: Clock
  readonly #topics: ReadonlyMap<string, Topic>
  readonly #logs = new WeakMap<PartitionLog, CleanedLog>()
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
    let known = this.#logs.get(log)
    if (known === undefined) {
      known = { segments: new LogSegments(), cleanUntil: 0, passes: [], firstTombstone: undefined }
      this.#logs.set(log, known)
    }
    known.segments.update(log, topic, nowMs)
    if (topic.deletes) retain(log, topic, known.segments, nowMs)
    if (topic.compacted) await this.#compact(log, topic, known, nowMs)
  }

  async #compact(log: PartitionLog, topic: Topic, known: CleanedLog, nowMs: number): Promise<void> {
    const until = cleanableUntil(log, topic, known.segments, nowMs)
    const tombstonesUntil = known.passes.findLast(({ atMs }) => atMs + topic.deleteRetentionMs <= nowMs)?.until ?? 0
    const hasOldTombstone = known.firstTombstone !== undefined && known.firstTombstone < tombstonesUntil
    if (!hasOldTombstone && !isDirty(topic, known, until, nowMs)) return
    const { replacements } = log
    const compaction = compacting(log, { dirtyFrom: known.cleanUntil, until, tombstonesUntil })
    for (let turnMs = this.#clock.monotonic(); ;) {
      const { done, value } = compaction.next()
      if (done === true) {
        // Somebody compacted it by hand meanwhile, or the topic is gone.
        if (log.replacements !== replacements || this.#topics.get(topic.name) !== topic) return
        applyCompaction(log, until, value)
        known.firstTombstone = value.firstTombstone
        break
      }
      if (this.#clock.monotonic() - turnMs < TURN_MS) continue
      await new Promise<void>((resolve) => setImmediate(resolve))
      turnMs = this.#clock.monotonic()
    }
    known.cleanUntil = Math.max(known.cleanUntil, until)
    const settled = known.passes.findLastIndex(({ atMs }) => atMs + topic.deleteRetentionMs <= nowMs)
    known.passes = [...known.passes.slice(Math.max(0, settled)), { until, atMs: nowMs }]
  }
}

/** Up to where a log may be compacted. */
function cleanableUntil(log: PartitionLog, { minCompactionLagMs }: Topic, { closed }: LogSegments, nowMs: number): number {
  const tooNew = minCompactionLagMs > 0 ? closed.find(({ latestMs }) => nowMs - latestMs < minCompactionLagMs) : undefined
  const end = tooNew?.baseOffset ?? closed.at(-1)?.endOffset ?? 0
  return Math.min(end, log.lastStableOffset)
}

/** Whether there is enough that is new. */
function isDirty({ minDirtyRatio, maxCompactionLagMs }: Topic, known: CleanedLog, until: number, nowMs: number): boolean {
  const segments = known.segments.closed.filter(({ baseOffset }) => baseOffset < until)
  const dirty = segments.filter(({ endOffset }) => endOffset > known.cleanUntil)
  if (dirty.length === 0) return false
  if (nowMs - dirty[0]!.begunMs > maxCompactionLagMs) return true
  const bytes = (of: typeof segments): number => of.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0)
  const dirtyBytes = bytes(dirty)
  return dirtyBytes > 0 && dirtyBytes / bytes(segments) > minDirtyRatio
}

/** Deletes segments from the front that are too old, or too much. */
function retain(log: PartitionLog, { retentionMs, retentionBytes }: Topic, { all }: LogSegments, nowMs: number): void {
  let sizeInBytes = all.reduce((sum, segment) => sum + segment.sizeInBytes, 0)
  let keepFrom = log.startOffset
  for (const segment of all) {
    if (segment.endOffset > log.lastStableOffset) break // not below a transaction that is under way
    const tooOld = retentionMs >= 0 && nowMs - segment.latestMs > retentionMs
    const tooMuch = retentionBytes >= 0 && sizeInBytes - segment.sizeInBytes >= retentionBytes
    if (!tooOld && !tooMuch) break
    sizeInBytes -= segment.sizeInBytes
    keepFrom = segment.endOffset
  }
  if (keepFrom > log.startOffset) log.deleteBefore(keepFrom)
}
