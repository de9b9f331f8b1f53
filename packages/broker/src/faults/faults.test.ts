import { type Consumer, type ConsumerListener, type FetchedBatch, hasCode, type Producer } from '@kasper/core'
import { describe, expect, it } from 'vitest'
import { MemoryKafka, VirtualClock } from '@kasper/testing'

const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : new TextDecoder().decode(bytes))
const values = (batches: readonly Pick<FetchedBatch, 'messages'>[]): (string | null)[] =>
  batches.flatMap(({ messages }) => messages.map(({ value }) => text(value)))
/** The longest time until a member learns of a rebalance, and between two attempts of a request. */
const HEARTBEAT_MS = 1000
const LONGEST_REST_MS = 2000
const fromStart: ConsumerListener = {
  onAssign: (partitions) => Promise.resolve(partitions.map((partition) => ({ ...partition, offset: 0 }))),
  onRevoke: () => Promise.resolve(),
  onLost() {},
}

/** The present state of a promise. */
function watch<T>(promise: Promise<T>): { state: 'pending' | 'resolved' | 'rejected'; code?: string } {
  const watched: ReturnType<typeof watch> = { state: 'pending' }
  promise.then(
    () => void (watched.state = 'resolved'),
    (error: unknown) => void Object.assign(watched, { state: 'rejected', code: (error as { code?: string }).code }),
  )
  return watched
}

async function setUp(): Promise<
  { kafka: MemoryKafka; clock: VirtualClock; producer: Producer; consumer: Consumer } & AsyncDisposable
> {
  const clock = new VirtualClock()
  const kafka = new MemoryKafka({ clock })
  kafka.createTopic('t', { partitions: 2 })
  kafka.createTopic('u')
  const client = kafka.client()
  const producer = await client.producer()
  const consumer = await client.consumer({ groupId: 'g', topics: ['t'], listener: fromStart, sessionTimeoutMs: 100_000 })
  await clock.settle()
  await consumer.poll()
  return { kafka, clock, producer, consumer, [Symbol.asyncDispose]: () => kafka.close() }
}

describe('faults of writes', () => {
  it('rejects the specified writes only', async () => {
    await using world = await setUp()
    const { kafka, producer } = world
    kafka.faults.failProduce({ topic: 't', partition: 1, after: 1, times: 2 })
    const send = (value: string): Promise<string> =>
      producer
        .send([
          { topic: 't', partition: 1, value },
          { topic: 't', partition: 0, value },
          { topic: 'u', value },
        ])
        .then(
          () => 'ok',
          (error) => (hasCode(error, 'PRODUCE_FAILED') ? `${error.topic}/${error.partition}` : String(error)),
        )
    expect([await send('a'), await send('b'), await send('c'), await send('d')]).toEqual(['ok', 't/1', 't/1', 'ok'])
    expect(kafka.read('t', 1).map(({ value }) => text(value))).toEqual(['a', 'd'])
    expect(kafka.read('t', 0).map(({ value }) => text(value))).toEqual(['a', 'b', 'c', 'd'])
  })

  it('loses an acknowledgement after the write', async () => {
    await using world = await setUp()
    const { kafka, clock, producer } = world
    kafka.faults.loseAcks({ topic: 'u' })
    await producer.send([{ topic: 't', value: 'a' }])
    const repeated = watch(producer.send([{ topic: 'u', value: 'a' }]))
    await clock.settle()
    expect([repeated.state, kafka.read('u').length]).toEqual(['pending', 1])
    await clock.advance(1000)
    expect([repeated.state, kafka.read('u').length]).toEqual(['resolved', 2])
    kafka.faults.loseAcks({ topic: 'u', times: Infinity })
    const lost = watch(producer.send([{ topic: 'u', value: 'b' }]))
    await clock.advance(40_000)
    expect(lost).toEqual({ state: 'rejected', code: 'BROKER_UNREACHABLE' })
  })

  it('holds acknowledgements, but not writes', async () => {
    await using world = await setUp()
    const { kafka, clock, producer } = world
    const other = await kafka.client().producer()
    const hold = kafka.faults.holdAcks({ topic: 't', partition: 0 })
    const slow = watch(producer.send([{ topic: 't', partition: 0, value: 'a' }]))
    const quick = watch(other.send([{ topic: 't', partition: 1, value: 'a' }]))
    const patience = new AbortController()
    const aborted = watch(other.send([{ topic: 't', partition: 0, value: 'b' }], { signal: patience.signal }))
    await clock.settle()
    patience.abort()
    // A producer has one request under way to a broker.
    const waiting = watch(producer.send([{ topic: 't', partition: 1, value: 'c' }]))
    await clock.settle()
    expect([slow, quick, aborted, waiting].map(({ state }) => state)).toEqual(['pending', 'resolved', 'rejected', 'pending'])
    expect([kafka.read('t', 0).length, kafka.read('t', 1).length]).toEqual([2, 1])
    hold.release()
    await clock.settle()
    expect([slow.state, waiting.state]).toEqual(['resolved', 'resolved'])
  })
})

describe('faults of commits', () => {
  it('rejects commits', async () => {
    await using world = await setUp()
    const { kafka, consumer } = world
    kafka.faults.failCommits({ groupId: 'another', times: 9 })
    kafka.faults.failCommits({ groupId: 'g', after: 1 })
    await consumer.commit([{ topic: 't', partition: 0, offset: 0 }])
    await expect(consumer.commit([{ topic: 't', partition: 1, offset: 0 }])).rejects.toSatisfy((e) => hasCode(e, 'COMMIT_FAILED'))
    expect([kafka.committed('g', 't', 0), kafka.committed('g', 't', 1)]).toEqual([0, undefined])
    await consumer.commit([{ topic: 't', partition: 1, offset: 0 }])
    expect(kafka.committed('g', 't', 1)).toBe(0)
  })

  it('holds commits, and keeps their order', async () => {
    await using world = await setUp()
    const { kafka, clock, consumer } = world
    const hold = kafka.faults.holdCommits()
    const first = watch(consumer.commit([{ topic: 't', partition: 0, offset: 1 }]))
    const second = watch(consumer.commit([{ topic: 't', partition: 0, offset: 2 }]))
    await clock.settle()
    expect([first.state, second.state, kafka.committed('g', 't', 0)]).toEqual(['pending', 'pending', undefined])
    hold.release()
    await clock.settle()
    expect([first.state, second.state, kafka.committed('g', 't', 0)]).toEqual(['resolved', 'resolved', 2])
  })

  it('fences a commit that was held during a rebalance', async () => {
    await using world = await setUp()
    const { kafka, clock, consumer } = world
    const hold = kafka.faults.holdCommits()
    const late = watch(consumer.commit([{ topic: 't', partition: 1, offset: 1 }]))
    await kafka.client().consumer({ groupId: 'g', topics: ['t'], listener: fromStart, sessionTimeoutMs: 100_000 })
    await clock.advance(HEARTBEAT_MS)
    hold.release()
    await clock.settle()
    expect([late.state, late.code, kafka.committed('g', 't', 1)]).toEqual(['rejected', 'FENCED', undefined])
  })
})

describe('faults of fetches', () => {
  it('holds the fetches of a partition until the release', async () => {
    await using world = await setUp()
    const { kafka, clock, consumer } = world
    const hold = kafka.faults.holdFetches({ topic: 't', partition: 0 })
    kafka.append([
      { topic: 't', partition: 0, value: 'held' },
      { topic: 't', partition: 1, value: 'free' },
    ])
    expect(values(await consumer.poll())).toEqual(['free'])
    const waiting = consumer.poll()
    const state = watch(waiting)
    await clock.advance(100_000)
    expect(state.state).toBe('pending')
    hold.release()
    expect(values(await waiting)).toEqual(['held'])
  })
})

describe('faults of groups', () => {
  it('rebalances on request', async () => {
    await using world = await setUp()
    const { kafka, clock } = world
    const notes: string[] = []
    await kafka.client().consumer({
      groupId: 'other',
      topics: ['t'],
      listener: {
        ...fromStart,
        onRevoke: () => Promise.resolve(void notes.push('revoke')),
        onAssign: (p) => (notes.push('assign'), fromStart.onAssign(p)),
      },
    })
    await clock.settle()
    kafka.faults.rebalance('other')
    kafka.faults.rebalance('nobody is in it')
    await clock.advance(HEARTBEAT_MS)
    expect(notes).toEqual(['assign', 'revoke', 'assign'])
  })
})

describe('a broker that is away', () => {
  it('makes clients wait, and everything continues in order when it is back', async () => {
    await using world = await setUp()
    const { kafka, clock, producer, consumer } = world
    const away = kafka.faults.brokerAway()
    const poll = consumer.poll()
    const topics = kafka
      .client()
      .admin()
      .then((admin) => admin.listTopics())
    const calls = [watch(poll), watch(topics)]
    // The pauses between attempts grow, so a later call would get through earlier by itself.
    for (const [i, value] of ['a', 'b', 'c'].entries()) {
      calls.push(watch(producer.send([{ topic: 't', partition: 0, value }])))
      calls.push(watch(consumer.commit([{ topic: 't', partition: 0, offset: i }])))
      await clock.advance(i < 2 ? 1500 : 20)
    }
    expect(calls.map(({ state }) => state)).toEqual(Array(8).fill('pending'))
    away.release()
    const last = watch(producer.send([{ topic: 't', partition: 0, value: 'd' }]))
    await clock.advance(LONGEST_REST_MS)
    expect([...calls, last].map(({ state }) => state)).toEqual(Array(9).fill('resolved'))
    expect(values(await poll)[0]).toBe('a')
    expect(await topics).toEqual(['t', 'u'])
    expect(kafka.read('t', 0).map(({ value }) => text(value))).toEqual(['a', 'b', 'c', 'd'])
    expect(kafka.committed('g', 't', 0)).toBe(2)
  })

  it('fails calls in the end, but a later call can succeed', async () => {
    await using world = await setUp()
    const { kafka, clock, producer } = world
    await producer.send([{ topic: 't', value: 'before' }])
    const admin = await kafka.client().admin()
    const away = kafka.faults.brokerAway()
    for (let round = 0; round < 2; round++) {
      const sends = ['a', 'b'].map((value) => watch(producer.send([{ topic: 't', value }])))
      const list = watch(admin.listTopics())
      await clock.advance(9_999)
      expect(list.state).toBe('pending')
      await clock.advance(20_000)
      expect([list.code, ...sends.map(({ state }) => state)]).toEqual(['BROKER_UNREACHABLE', 'pending', 'pending'])
      await clock.advance(20_000)
      expect(sends.map(({ code }) => code)).toEqual(['BROKER_UNREACHABLE', 'BROKER_UNREACHABLE'])
    }
    away.release()
    const last = watch(producer.send([{ topic: 't', value: 'after' }]))
    await clock.advance(LONGEST_REST_MS)
    expect([last.state, values([{ messages: kafka.read('t') }])]).toEqual(['resolved', ['before', 'after']])
  })

  it('fails a consumer that finds no broker for two session timeouts', async () => {
    await using world = await setUp()
    const { kafka, clock, consumer } = world
    kafka.faults.brokerAway()
    const poll = watch(consumer.poll())
    const commit = watch(consumer.commit([{ topic: 't', partition: 0, offset: 0 }]))
    await clock.advance(200_000 - LONGEST_REST_MS)
    expect([poll.state, commit.code]).toEqual(['pending', 'FENCED'])
    await clock.advance(4 * LONGEST_REST_MS)
    expect(poll.code).toBe('BROKER_UNREACHABLE')
  })

  it('keeps sessions, but a member without answers has to assume that its session has expired', async () => {
    await using world = await setUp()
    const { kafka, clock } = world
    const notes: string[] = []
    const consumer = await kafka.client().consumer({
      groupId: 'other',
      topics: ['u'],
      sessionTimeoutMs: 30_000,
      listener: {
        ...fromStart,
        onAssign: (p) => (notes.push('assign'), fromStart.onAssign(p)),
        onLost: () => void notes.push('lost'),
      },
    })
    await clock.advance(3000) // until a heartbeat
    const short = kafka.faults.brokerAway()
    await clock.advance(29_500)
    short.release()
    await clock.advance(30_000)
    await consumer.commit([{ topic: 'u', partition: 0, offset: 1 }])
    expect([kafka.committed('other', 'u', 0), notes]).toEqual([1, ['assign']])
    const long = kafka.faults.brokerAway()
    await clock.advance(33_000)
    expect(notes).toEqual(['assign', 'lost'])
    await expect(consumer.commit([{ topic: 'u', partition: 0, offset: 2 }])).rejects.toSatisfy((e) => hasCode(e, 'FENCED'))
    await clock.advance(20_000)
    long.release()
    await clock.advance(LONGEST_REST_MS)
    expect(notes).toEqual(['assign', 'lost', 'assign'])
    await consumer.commit([{ topic: 'u', partition: 0, offset: 2 }])
    expect(kafka.committed('other', 'u', 0)).toBe(2)
  })

  it('rejects commits of a member whose partitions were lost', async () => {
    await using world = await setUp()
    const { kafka, clock } = world
    const gate = Promise.withResolvers<void>()
    let lost = 0
    const consumer = await kafka.client().consumer({
      groupId: 'other',
      topics: ['u'],
      rebalanceTimeoutMs: 1_000_000,
      listener: { ...fromStart, onRevoke: () => gate.promise, onLost: () => void lost++ },
    })
    await clock.settle()
    kafka.faults.rebalance('other')
    await clock.advance(HEARTBEAT_MS)
    const away = kafka.faults.brokerAway()
    await clock.advance(33_000)
    away.release()
    expect(lost).toBe(1)
    await expect(consumer.commit([{ topic: 'u', partition: 0, offset: 2 }])).rejects.toSatisfy((e) => hasCode(e, 'FENCED'))
    gate.resolve()
    await clock.advance(LONGEST_REST_MS)
    await consumer.commit([{ topic: 'u', partition: 0, offset: 3 }])
    expect(kafka.committed('other', 'u', 0)).toBe(3)
  })

  it('lets calls be aborted, and does not delay closing', async () => {
    const { kafka, clock, producer, consumer } = await setUp()
    kafka.faults.brokerAway()
    const patience = new AbortController()
    const send = watch(producer.send([{ topic: 't', value: 'a' }], { signal: patience.signal }))
    const poll = consumer.poll({ signal: patience.signal })
    patience.abort()
    await clock.settle()
    expect([send.state, await poll]).toEqual(['rejected', []])
    await consumer.close()
    await kafka.close()
    expect(kafka.read('t')).toEqual([])
  })
})
