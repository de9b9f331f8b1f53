import { type Draft, errorCodes, ZERO_UUID } from '@kasper/protocol'
import type { FetchRequest, FetchRequestFetchTopic, FetchResponsePartitionData } from '@kasper/protocol/messages'
import type { Clock } from '@kasper/core'

/** Kafka's own limit of sessions. */
const MAX_SESSIONS = 1000
/** Of all sessions together, so that what clients have remembered stays bounded. Who wants more is served without a session. */
const MAX_PARTITIONS = 100_000
/** For how long a session that nobody uses, or that is new, is not replaced by another. */
const EVICTION_MS = 120_000
const MAX_SESSION_ID = 0x7fff_ffff

// A request's session epoch: 1, 2, 3 … as the session goes on, or one of these.
const INITIAL_EPOCH = 0
const FINAL_EPOCH = -1
const NO_SESSION = 0

/** What is to be fetched of a partition, and what the client was last told of it. */
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

/** The partitions that a client fetches, as long as it says only what changes. */
export interface FetchSession {
  /** 0 until it is kept. */
  id: number
  /** That the next request has. */
  epoch: number
  /** Whether topics are named by their ids. */
  readonly byId: boolean
  readonly partitions: Map<string, FetchPartition>
  readonly createdMs: number
  lastUsedMs: number
}

/** Which of the answers a client is given, and in which session. */
export interface SessionAnswer {
  readonly errorCode: number
  readonly sessionId: number
  /** Of partitions by their place in the session. */
  isTold(index: number): boolean
}

/**
 * Sessions of fetching clients (KIP-227): a client names all its partitions once, after that only those that it fetches
 * differently, and is told only of partitions with news.
 */
export class FetchSessions {
  readonly #clock: Clock
  /** The one that was not used for longest first. */
  readonly #sessions = new Map<number, FetchSession>()
  #partitionCount = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The session that a request goes on with, or a new one that is not kept yet; or the error code. */
  open(request: FetchRequest, byId: boolean): FetchSession | number {
    const { sessionId, sessionEpoch } = request
    const nowMs = this.#clock.monotonic()
    if (sessionEpoch === INITIAL_EPOCH || sessionEpoch === FINAL_EPOCH) {
      this.#end(this.#sessions.get(sessionId))
      const fresh = { id: NO_SESSION, epoch: 1, byId, partitions: new Map(), createdMs: nowMs, lastUsedMs: nowMs }
      fetch(fresh, request.topics)
      return fresh
    }
    const session = this.#sessions.get(sessionId)
    if (session === undefined) return errorCodes.FETCH_SESSION_ID_NOT_FOUND
    if (session.epoch !== sessionEpoch) return errorCodes.INVALID_FETCH_SESSION_EPOCH
    if (session.byId !== byId) return errorCodes.FETCH_SESSION_TOPIC_ID_ERROR
    const before = session.partitions.size
    fetch(session, request.topics)
    forget(session, request.forgottenTopicsData)
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

  /** What of this the client has to be told. `answers` are those of the session's partitions, in order. */
  answer(
    session: FetchSession,
    partitions: readonly FetchPartition[],
    { sessionEpoch }: FetchRequest,
    answers: readonly Draft<FetchResponsePartitionData>[],
  ): SessionAnswer {
    if (sessionEpoch === INITIAL_EPOCH) this.#keep(session)
    const { id } = session
    if (id === NO_SESSION) return { errorCode: errorCodes.NONE, sessionId: NO_SESSION, isTold: () => true }
    if (sessionEpoch !== INITIAL_EPOCH && session.epoch !== after(sessionEpoch)) {
      // Another request of the session has come while this one waited.
      return { errorCode: errorCodes.INVALID_FETCH_SESSION_EPOCH, sessionId: id, isTold: () => false }
    }
    const news = answers.map((answer, i) => update(session, partitions[i]!, answer))
    return { errorCode: errorCodes.NONE, sessionId: id, isTold: (i) => sessionEpoch === INITIAL_EPOCH || news[i]! }
  }

  #end(session: FetchSession | undefined): void {
    if (session === undefined) return
    this.#sessions.delete(session.id)
    this.#partitionCount -= session.partitions.size
    session.id = NO_SESSION
  }

  /** Gives the session an id, if there is room for it. */
  #keep(session: FetchSession): void {
    if (this.#sessions.size >= MAX_SESSIONS) this.#end(this.#evictable(session))
    const { size } = session.partitions
    if (this.#sessions.size >= MAX_SESSIONS || this.#partitionCount + size > MAX_PARTITIONS) return
    do session.id = 1 + Math.floor(Math.random() * MAX_SESSION_ID)
    while (this.#sessions.has(session.id))
    this.#sessions.set(session.id, session)
    this.#partitionCount += size
  }

  /** One that nobody uses; or one that is no longer new, and smaller than this. */
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

/** Epochs begin again at 1 behind the largest. */
function after(epoch: number): number {
  return epoch === MAX_SESSION_ID ? 1 : epoch + 1
}

function keyOf(topic: string, topicId: string, partition: number): string {
  return `${topicId === ZERO_UUID ? topic : topicId}/${partition}`
}

function fetch({ partitions }: FetchSession, topics: readonly FetchRequestFetchTopic[]): void {
  for (const { topic, topicId, partitions: wanted } of topics) {
    for (const { partition, fetchOffset, partitionMaxBytes: maxBytes, currentLeaderEpoch: leaderEpoch } of wanted) {
      const key = keyOf(topic, topicId, partition)
      const known = partitions.get(key)
      if (known === undefined) {
        const toldNothing = { highWatermark: -1, logStartOffset: -1 }
        partitions.set(key, { topic, topicId, partition, fetchOffset, maxBytes, leaderEpoch, ...toldNothing })
      } else {
        known.fetchOffset = fetchOffset
        known.maxBytes = maxBytes
        known.leaderEpoch = leaderEpoch
      }
    }
  }
}

function forget({ partitions }: FetchSession, topics: FetchRequest['forgottenTopicsData']): void {
  for (const { topic, topicId, partitions: forgotten } of topics) {
    for (const partition of forgotten) partitions.delete(keyOf(topic, topicId, partition))
  }
}

/** Remembers what the client is told of a partition, and says whether it is news. */
function update({ partitions }: FetchSession, known: FetchPartition, answer: Draft<FetchResponsePartitionData>): boolean {
  const { errorCode = errorCodes.NONE, highWatermark = -1, logStartOffset = -1, records } = answer
  const hasRecords = (records?.length ?? 0) > 0
  const hasMoved = highWatermark !== known.highWatermark || logStartOffset !== known.logStartOffset
  const isNews = errorCode !== errorCodes.NONE || hasRecords || hasMoved
  // With an error these are -1, so that its end is news as well.
  known.highWatermark = highWatermark
  known.logStartOffset = logStartOffset
  if (hasRecords) {
    // Those that had nothing are looked at first the next time.
    const key = keyOf(known.topic, known.topicId, known.partition)
    if (partitions.delete(key)) partitions.set(key, known)
  }
  return isNews
}
