import { type Draft, errorCodes, ZERO_UUID } from '@kasper/protocol'
import type { FetchRequest, FetchRequestFetchTopic, FetchResponsePartitionData } from '@kasper/protocol/messages'
import type { Clock } from '@kasper/core'

/** Kafka's own limit. */
const MAX_SESSIONS = 1000
/** A limit for all sessions together, so that their memory is bounded. Beyond it, clients are served without a session. */
const MAX_PARTITIONS = 100_000
/** For how long a session that is unused, or new, cannot be replaced by another. */
const EVICTION_MS = 120_000
const MAX_SESSION_ID = 0x7fff_ffff

// The session epoch of a request is 1, 2, 3 … in a session, or one of these.
const INITIAL_EPOCH = 0
const FINAL_EPOCH = -1
const NO_SESSION = 0

/** A partition that a client fetches, with the offsets that the client was told last. */
export interface FetchPartition {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  fetchOffset: number
  maxBytes: number
  leaderEpoch: number
  highWatermark: number
  logStartOffset: number
}

/** The partitions that a client fetches. Further requests contain only changes. */
export interface FetchSession {
  /** 0 until the session is kept. */
  id: number
  /** The epoch of the next request. */
  epoch: number
  /** Whether requests identify topics by id. */
  readonly byId: boolean
  readonly partitions: Map<string, FetchPartition>
  readonly createdMs: number
  lastUsedMs: number
}

/** The answer to a request in a session. */
export interface SessionAnswer {
  readonly errorCode: number
  readonly sessionId: number
  /** Whether the answer contains this partition, by its index in the session. */
  isIncluded(index: number): boolean
}

/**
 * Sessions of fetching clients (KIP-227). A client names all its partitions once. After that, a request contains only changes, and an
 * answer only partitions with news.
 */
export class FetchSessions {
  readonly #clock: Clock
  /** The sessions by id, the least recently used first. */
  readonly #sessions = new Map<number, FetchSession>()
  #partitionCount = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The session of a request, or a new session that is not kept yet, or an error code. */
  open(request: FetchRequest, byId: boolean): FetchSession | number {
    const { sessionId, sessionEpoch } = request
    const nowMs = this.#clock.monotonic()
    if (sessionEpoch === INITIAL_EPOCH || sessionEpoch === FINAL_EPOCH) {
      this.#end(this.#sessions.get(sessionId))
      const fresh = { id: NO_SESSION, epoch: 1, byId, partitions: new Map(), createdMs: nowMs, lastUsedMs: nowMs }
      addPartitions(fresh, request.topics)
      return fresh
    }
    const session = this.#sessions.get(sessionId)
    if (session === undefined) return errorCodes.FETCH_SESSION_ID_NOT_FOUND
    if (session.epoch !== sessionEpoch) return errorCodes.INVALID_FETCH_SESSION_EPOCH
    if (session.byId !== byId) return errorCodes.FETCH_SESSION_TOPIC_ID_ERROR
    const before = session.partitions.size
    addPartitions(session, request.topics)
    forgetPartitions(session, request.forgottenTopicsData)
    this.#partitionCount += session.partitions.size - before
    if (this.#partitionCount > MAX_PARTITIONS) {
      this.#end(session)
      return errorCodes.FETCH_SESSION_ID_NOT_FOUND
    }
    if (session.partitions.size === 0) {
      this.#end(session)
      return session
    }
    session.epoch = after(sessionEpoch)
    session.lastUsedMs = nowMs
    this.#sessions.delete(sessionId)
    this.#sessions.set(sessionId, session)
    return session
  }

  /** Decides which of the session's answers the client gets. `answers` has one answer per partition, in the session's order. */
  answer(
    session: FetchSession,
    partitions: readonly FetchPartition[],
    { sessionEpoch }: FetchRequest,
    answers: readonly Draft<FetchResponsePartitionData>[],
  ): SessionAnswer {
    if (sessionEpoch === INITIAL_EPOCH) this.#assignId(session)
    const { id } = session
    if (id === NO_SESSION) return { errorCode: errorCodes.NONE, sessionId: NO_SESSION, isIncluded: () => true }
    if (sessionEpoch !== INITIAL_EPOCH && session.epoch !== after(sessionEpoch)) {
      // Another request of this session has arrived while this one waited.
      return { errorCode: errorCodes.INVALID_FETCH_SESSION_EPOCH, sessionId: id, isIncluded: () => false }
    }
    const news = answers.map((answer, i) => update(session, partitions[i]!, answer))
    return { errorCode: errorCodes.NONE, sessionId: id, isIncluded: (i) => sessionEpoch === INITIAL_EPOCH || news[i]! }
  }

  #end(session: FetchSession | undefined): void {
    if (session === undefined) return
    this.#sessions.delete(session.id)
    this.#partitionCount -= session.partitions.size
    session.id = NO_SESSION
  }

  /** Assigns an id to the session, if there is room for it. */
  #assignId(session: FetchSession): void {
    if (this.#sessions.size >= MAX_SESSIONS) this.#end(this.#evictable(session))
    const { size } = session.partitions
    if (this.#sessions.size >= MAX_SESSIONS || this.#partitionCount + size > MAX_PARTITIONS) return
    do session.id = 1 + Math.floor(Math.random() * MAX_SESSION_ID)
    while (this.#sessions.has(session.id))
    this.#sessions.set(session.id, session)
    this.#partitionCount += size
  }

  /** A session that is unused. Otherwise, one that is not new, and smaller than the given session. */
  #evictable({ partitions, lastUsedMs: nowMs }: FetchSession): FetchSession | undefined {
    const [oldest] = this.#sessions.values()
    if (oldest === undefined || nowMs - oldest.lastUsedMs > EVICTION_MS) return oldest
    let smallest: FetchSession | undefined
    for (const one of this.#sessions.values()) {
      if (nowMs - one.createdMs <= EVICTION_MS || one.partitions.size >= partitions.size) continue
      if (smallest === undefined || one.partitions.size < smallest.partitions.size) smallest = one
    }
    return smallest
  }
}

/** The next epoch. After the largest epoch comes 1. */
function after(epoch: number): number {
  return epoch === MAX_SESSION_ID ? 1 : epoch + 1
}

function partitionKey(topic: string, topicId: string, partition: number): string {
  return `${topicId === ZERO_UUID ? topic : topicId}/${partition}`
}

function addPartitions({ partitions }: FetchSession, topics: readonly FetchRequestFetchTopic[]): void {
  for (const { topic, topicId, partitions: wanted } of topics) {
    for (const { partition, fetchOffset, partitionMaxBytes: maxBytes, currentLeaderEpoch: leaderEpoch } of wanted) {
      const key = partitionKey(topic, topicId, partition)
      const existing = partitions.get(key)
      if (existing === undefined) {
        const unknownOffsets = { highWatermark: -1, logStartOffset: -1 }
        partitions.set(key, { topic, topicId, partition, fetchOffset, maxBytes, leaderEpoch, ...unknownOffsets })
      } else {
        existing.fetchOffset = fetchOffset
        existing.maxBytes = maxBytes
        existing.leaderEpoch = leaderEpoch
      }
    }
  }
}

function forgetPartitions({ partitions }: FetchSession, topics: FetchRequest['forgottenTopicsData']): void {
  for (const { topic, topicId, partitions: forgotten } of topics) {
    for (const partition of forgotten) partitions.delete(partitionKey(topic, topicId, partition))
  }
}

/** Stores what the client is told about a partition, and returns whether it is news. */
function update({ partitions }: FetchSession, existing: FetchPartition, answer: Draft<FetchResponsePartitionData>): boolean {
  const { errorCode = errorCodes.NONE, highWatermark = -1, logStartOffset = -1, records } = answer
  const hasRecords = (records?.length ?? 0) > 0
  const hasMoved = highWatermark !== existing.highWatermark || logStartOffset !== existing.logStartOffset
  const isNews = errorCode !== errorCodes.NONE || hasRecords || hasMoved
  // An error sets these to -1, so the end of the error is news too.
  existing.highWatermark = highWatermark
  existing.logStartOffset = logStartOffset
  if (hasRecords) {
    // Moves the partition to the end, so that partitions without records come first the next time.
    const key = partitionKey(existing.topic, existing.topicId, existing.partition)
    if (partitions.delete(key)) partitions.set(key, existing)
  }
  return isNews
}
