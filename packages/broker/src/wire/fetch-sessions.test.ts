import { type Draft, errorCodes } from '@kasper/protocol'
import { fetchApi, type FetchRequest, type FetchResponse, metadataApi } from '@kasper/protocol/messages'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { VirtualClock } from '@kasper/testing'
import { RawClient } from '../../test/raw-client.ts'

let clock: VirtualClock
let kafka: EmbeddedKafka
let raw: RawClient

beforeEach(async () => {
  clock = new VirtualClock()
  kafka = await EmbeddedKafka.listen({ clock })
  raw = await RawClient.connect(kafka.brokers[0]!)
  for (const topic of ['t', 'u']) kafka.createTopic(topic, { partitions: 3 })
})
afterEach(async () => {
  await raw[Symbol.asyncDispose]()
  await kafka.close()
})

const append = (topic: string, partition: number): void => void kafka.append([{ topic, partition, value: 'x' }])

/** Topics of a request: `{ t: { 0: 5 } }` is partition 0 of t from offset 5. */
type Offsets = Readonly<Record<string, Readonly<Record<number, number>>>>
const topicsAt = (offsets: Offsets): Draft<FetchRequest>['topics'] =>
  Object.entries(offsets).map(([topic, partitions]) => ({
    topic,
    partitions: Object.entries(partitions).map(([partition, fetchOffset]) => ({
      partition: Number(partition),
      fetchOffset,
      partitionMaxBytes: 1000,
    })),
  }))

const fetch = (request: Draft<FetchRequest>, version: number = 12): Promise<FetchResponse> =>
  raw.call(fetchApi, version, { maxBytes: 1_000_000, ...request })

/** The partitions in an answer. */
const told = ({ responses }: FetchResponse): string[] =>
  responses.flatMap(({ topic, partitions }) => partitions.map(({ partitionIndex }) => `${topic}/${partitionIndex}`))

/** Starts a session, and returns its id. */
async function begin(offsets: Offsets): Promise<number> {
  const { sessionId, errorCode } = await fetch({ sessionEpoch: 0, topics: topicsAt(offsets) })
  expect(errorCode).toBe(errorCodes.NONE)
  return sessionId
}

describe('a fetch session', () => {
  it('returns all partitions at first, then those with news', async () => {
    append('t', 0)
    const first = await fetch({ sessionEpoch: 0, topics: topicsAt({ t: { 0: 0, 1: 0 }, u: { 0: 0 } }) })
    const { sessionId } = first
    expect(sessionId).toBeGreaterThan(0)
    expect(told(first)).toEqual(['t/0', 't/1', 'u/0'])

    const goesOn = await fetch({ sessionId, sessionEpoch: 1, topics: topicsAt({ t: { 0: 1 } }) })
    expect(goesOn).toMatchObject({ errorCode: errorCodes.NONE, sessionId, responses: [] })

    append('u', 0)
    const news = await fetch({ sessionId, sessionEpoch: 2 })
    expect(told(news)).toEqual(['u/0'])
    expect(news.responses[0]!.partitions[0]).toMatchObject({ highWatermark: 1, errorCode: errorCodes.NONE })
    expect(news.responses[0]!.partitions[0]!.records!.length).toBeGreaterThan(61)

    // The client has not confirmed these records, so they are returned again.
    expect(told(await fetch({ sessionId, sessionEpoch: 3 }))).toEqual(['u/0'])
    expect(told(await fetch({ sessionId, sessionEpoch: 4, topics: topicsAt({ u: { 0: 1 } }) }))).toEqual([])
  })

  it('returns a log whose start has moved', async () => {
    append('t', 0)
    append('t', 0)
    const sessionId = await begin({ t: { 0: 2, 1: 0 } })
    kafka.deleteRecordsBefore({ topic: 't', partition: 0, offset: 1 })
    const answer = await fetch({ sessionId, sessionEpoch: 1 })
    expect(told(answer)).toEqual(['t/0'])
    expect(answer.responses[0]!.partitions[0]!.logStartOffset).toBe(1)
    expect(told(await fetch({ sessionId, sessionEpoch: 2 }))).toEqual([])
  })

  it('adds and forgets partitions', async () => {
    const sessionId = await begin({ t: { 0: 0, 1: 0 } })
    const added = await fetch({ sessionId, sessionEpoch: 1, topics: topicsAt({ u: { 2: 0 } }) })
    expect(told(added)).toEqual(['u/2'])
    append('t', 0)
    append('t', 1)
    append('u', 2)
    const forgottenTopicsData = [{ topic: 't', partitions: [0] }]
    expect(told(await fetch({ sessionId, sessionEpoch: 2, forgottenTopicsData })).sort()).toEqual(['t/1', 'u/2'])
  })

  it('returns an error each time, and the partition once more when the error is over', async () => {
    const sessionId = await begin({ t: { 0: 0, 1: 7 } })
    for (const sessionEpoch of [1, 2]) {
      const { responses } = await fetch({ sessionId, sessionEpoch })
      expect(responses).toMatchObject([{ topic: 't', partitions: [{ partitionIndex: 1, errorCode: 1 }] }])
    }
    const { responses } = await fetch({ sessionId, sessionEpoch: 3, topics: topicsAt({ t: { 1: 0 } }) })
    expect(responses).toMatchObject([{ topic: 't', partitions: [{ partitionIndex: 1, errorCode: 0, highWatermark: 0 }] }])
    expect(told(await fetch({ sessionId, sessionEpoch: 4 }))).toEqual([])
  })

  it('finds a topic by name that was created later', async () => {
    const sessionId = await begin({ later: { 0: 0 }, t: { 0: 0 } })
    const known = (responses: FetchResponse['responses']): unknown => responses.find(({ topic }) => topic === 'later')?.partitions
    expect(known((await fetch({ sessionId, sessionEpoch: 1 })).responses)).toMatchObject([{ errorCode: 3 }])
    kafka.createTopic('later')
    append('later', 0)
    expect(known((await fetch({ sessionId, sessionEpoch: 2 })).responses)).toMatchObject([{ errorCode: 0, highWatermark: 1 }])
  })

  it('waits for news of any partition', async () => {
    const sessionId = await begin({ t: { 0: 0, 1: 0 } })
    const waiting = fetch({ sessionId, sessionEpoch: 1, maxWaitMs: 60_000, minBytes: 1 })
    // The answer to another client shows that the request has arrived.
    await using other = await RawClient.connect(kafka.brokers[0]!)
    await other.call(metadataApi, 12, { topics: [] })
    append('t', 1)
    expect(told(await waiting)).toEqual(['t/1'])
  })

  it('rejects a wrong epoch, and an unknown session id', async () => {
    const sessionId = await begin({ t: { 0: 0 } })
    const nothing = { sessionId: 0, responses: [] }
    for (const sessionEpoch of [2, 7, -2]) {
      const answer = await fetch({ sessionId, sessionEpoch })
      expect(answer).toMatchObject({ errorCode: errorCodes.INVALID_FETCH_SESSION_EPOCH, ...nothing })
    }
    const unknown = sessionId === 1 ? 2 : sessionId - 1
    for (const id of [unknown, 0]) {
      const answer = await fetch({ sessionId: id, sessionEpoch: 1 })
      expect(answer).toMatchObject({ errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND, ...nothing })
    }
    expect(await fetch({ sessionId, sessionEpoch: 1 })).toMatchObject({ errorCode: errorCodes.NONE, sessionId })
  })

  it('identifies all topics by id, or all by name', async () => {
    const { topics } = await raw.call(metadataApi, 12, { topics: [{ name: 't' }] })
    const { topicId } = topics[0]!
    const byId = [{ topicId, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }]
    const { sessionId } = await fetch({ sessionEpoch: 0, topics: byId }, 13)
    const mixed = await fetch({ sessionId, sessionEpoch: 1 }, 12)
    expect(mixed).toMatchObject({ errorCode: errorCodes.FETCH_SESSION_TOPIC_ID_ERROR, sessionId: 0 })
    append('t', 0)
    const { responses } = await fetch({ sessionId, sessionEpoch: 1 }, 17)
    expect(responses).toMatchObject([{ topicId, partitions: [{ partitionIndex: 0, highWatermark: 1 }] }])
  })

  it('ends when a new session replaces it, when the client ends it, and with its last partition', async () => {
    const first = await begin({ t: { 0: 0 } })
    const second = await fetch({ sessionId: first, sessionEpoch: 0, topics: topicsAt({ t: { 0: 0 } }) })
    expect(second.sessionId).not.toBe(first)
    const last = await fetch({ sessionId: second.sessionId, sessionEpoch: -1, topics: topicsAt({ t: { 0: 0 } }) })
    expect(last.sessionId).toBe(0)
    expect(told(last)).toEqual(['t/0'])
    const third = await begin({ t: { 0: 0 } })
    const forgottenTopicsData = [{ topic: 't', partitions: [0] }]
    expect(await fetch({ sessionId: third, sessionEpoch: 1, forgottenTopicsData })).toMatchObject({ errorCode: 0, sessionId: 0 })
    for (const [sessionId, sessionEpoch] of [
      [first, 1],
      [second.sessionId, 1],
      [third, 2],
    ] as const) {
      const { errorCode } = await fetch({ sessionId, sessionEpoch })
      expect(errorCode).toBe(errorCodes.FETCH_SESSION_ID_NOT_FOUND)
    }
  })

  it('that continues on another connection fails the request that waits on the first one', async () => {
    const sessionId = await begin({ t: { 0: 0 } })
    await using other = await RawClient.connect(kafka.brokers[0]!)
    const waiting = other.call(fetchApi, 12, { sessionId, sessionEpoch: 1, maxWaitMs: 60_000, minBytes: 1, maxBytes: 1000 })
    for (;;) {
      const { errorCode } = await fetch({ sessionId, sessionEpoch: 2 })
      if (errorCode === errorCodes.NONE) break
      expect(errorCode).toBe(errorCodes.INVALID_FETCH_SESSION_EPOCH) // the first request has not arrived yet
    }
    append('t', 0)
    expect(await waiting).toMatchObject({ errorCode: errorCodes.INVALID_FETCH_SESSION_EPOCH, sessionId, responses: [] })
  })

  it('is not kept if there are 1000 already, until one of them is unused', async () => {
    const first = await begin({ t: { 0: 0 } })
    for (let i = 1; i < 1000; i++) expect(await begin({ t: { 0: 0 } })).toBeGreaterThan(0)
    const beyond = await fetch({ sessionEpoch: 0, topics: topicsAt({ t: { 0: 0, 1: 0 } }) })
    expect(beyond.sessionId).toBe(0)
    expect(told(beyond)).toEqual(['t/0', 't/1'])

    await clock.advance(120_001)
    expect(await begin({ t: { 0: 0 } })).toBeGreaterThan(0)
    expect(await fetch({ sessionId: first, sessionEpoch: 1 })).toMatchObject({
      errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND,
    })
  })

  it('is replaced by a larger one when it is not new, even if it is in use', async () => {
    const ids: number[] = []
    for (let i = 0; i < 1000; i++) ids.push(await begin({ t: i === 500 ? { 0: 0 } : { 0: 0, 1: 0 } }))
    await clock.advance(120_001)
    for (const sessionId of ids) await fetch({ sessionId, sessionEpoch: 1 })
    expect(await begin({ u: { 0: 0 } })).toBe(0)
    expect(await begin({ u: { 0: 0, 1: 0 } })).toBeGreaterThan(0)
    const { errorCode } = await fetch({ sessionId: ids[500]!, sessionEpoch: 2 })
    expect(errorCode).toBe(errorCodes.FETCH_SESSION_ID_NOT_FOUND)
  })

  it('is not kept if all sessions together would have too many partitions', async () => {
    const many = Object.fromEntries(Array.from({ length: 60_000 }, (_, partition) => [partition, 0]))
    const large = await begin({ t: many })
    expect(large).toBeGreaterThan(0)
    expect(await begin({ t: many })).toBe(0)
    expect(await begin({ t: { 0: 0 } })).toBeGreaterThan(0)
    const grown = await fetch({ sessionId: large, sessionEpoch: 1, topics: topicsAt({ u: many }) })
    expect(grown.errorCode).toBe(errorCodes.FETCH_SESSION_ID_NOT_FOUND)
    expect(await begin({ t: many })).toBeGreaterThan(0)
  })
})
