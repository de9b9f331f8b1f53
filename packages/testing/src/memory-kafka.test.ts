import {
  type Clock,
  type Consumer,
  type ConsumerListener,
  hasCode,
  type KafkaClient,
  type Message,
  type TopicPartition,
} from '@kasper/core'
import { describe, expect, it } from 'vitest'
import { MemoryKafka } from './memory-kafka.ts'
import { VirtualClock } from '@kasper/testing'

const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : new TextDecoder().decode(bytes))
const values = (messages: readonly Message[]): (string | null)[] => messages.map(({ value }) => text(value))

/** The longest time until a member learns of a rebalance. */
const HEARTBEAT_MS = 1000

/** A listener that starts at the beginning and records its calls. */
function listener(notes: string[] = []): ConsumerListener {
  const list = (partitions: readonly TopicPartition[]): string => partitions.map((p) => `${p.topic}/${p.partition}`).join(' ')
  return {
    onAssign(partitions) {
      notes.push(`assign ${list(partitions)}`)
      return Promise.resolve(partitions.map((partition) => ({ ...partition, offset: 0 })))
    },
    onRevoke(partitions) {
      notes.push(`revoke ${list(partitions)}`)
      return Promise.resolve()
    },
    onLost(partitions) {
      notes.push(`lost ${list(partitions)}`)
    },
  }
}

describe('MemoryKafka', () => {
  it('keeps appended messages, by partition', async () => {
    const clock = new VirtualClock(5000)
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { partitions: 2 })
    const acks = kafka.append([
      { topic: 't', partition: 1, value: 'a' },
      { topic: 't', partition: 0, value: 'b', timestamp: 77 },
      { topic: 't', partition: 1, key: 'k', value: null },
    ])
    expect(acks).toMatchObject([
      { topic: 't', partition: 1, baseOffset: 0, count: 2 },
      { topic: 't', partition: 0, baseOffset: 0, count: 1 },
    ])
    expect(kafka.append([{ topic: 't', partition: 1, value: 'c' }])).toMatchObject([
      { topic: 't', partition: 1, baseOffset: 2, count: 1 },
    ])
    expect(values(kafka.read('t'))).toEqual(['b', 'a', null, 'c'])
    expect(kafka.read('t', 1).map((m) => [m.topic, m.partition, m.offset, m.timestamp, text(m.key)])).toEqual([
      ['t', 1, 0, 5000, null],
      ['t', 1, 1, 5000, 'k'],
      ['t', 1, 2, 5000, null],
    ])
    expect(kafka.read('t', 0)[0]!.timestamp).toBe(77)
  })

  it('appends all messages or none', async () => {
    await using kafka = new MemoryKafka()
    kafka.createTopic('t')
    const good = { topic: 't', value: 'good' }
    expect(() => kafka.append([good, { topic: 'nowhere', value: 'x' }])).toThrow(/nowhere does not exist/)
    expect(() => kafka.append([good, { topic: 't', partition: 1, value: 'x' }])).toThrow(/no partition 1/)
    expect(() => kafka.append([good, { ...kafka.read('t')[0], topic: 't' } as never])).toThrow(/has no value/)
    expect(kafka.read('t')).toEqual([])
    kafka.append([good])
    expect(values(kafka.read('t'))).toEqual(['good'])
  })

  it('closes all consumers, producers and admin clients of its clients', async () => {
    const kafka = new MemoryKafka()
    kafka.createTopic('t')
    const client = kafka.client()
    const producer = await client.producer()
    const consumer = await client.consumer({ groupId: 'g', topics: ['t'], listener: listener() })
    const poll = consumer.poll()
    await kafka.close()
    await kafka.close()
    await poll
    const isClosed = (error: unknown): boolean => hasCode(error, 'CLOSED')
    await expect(producer.send([{ topic: 't', value: 'a' }])).rejects.toSatisfy(isClosed)
    await expect(client.admin()).rejects.toSatisfy(isClosed)
    await expect(kafka.client().producer()).rejects.toSatisfy(isClosed)
    expect(kafka.read('t')).toEqual([])
  })

  it('sets the time of appending if the topic is configured so', async () => {
    await using kafka = new MemoryKafka({ clock: new VirtualClock(1234) })
    kafka.createTopic('t', { config: { 'message.timestamp.type': 'LogAppendTime' } })
    kafka.append([{ topic: 't', value: 'a', timestamp: 1 }])
    expect(kafka.read('t')[0]!.timestamp).toBe(1234)
  })

  it('forgets the committed offsets of a deleted topic, and fails its consumers', async () => {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t')
    const client = kafka.client()
    const consumer = await client.consumer({ groupId: 'g', topics: ['t'], listener: listener() })
    await consumer.poll()
    await consumer.commit([{ topic: 't', partition: 0, offset: 0 }])
    const waiting = consumer.poll()
    const admin = await client.admin()
    await admin.deleteTopics(['t'])
    // The consumer looks for the topic until its session timeout is over.
    const failed = expect(waiting).rejects.toThrow(/cannot read the metadata of t: topic t does not exist/)
    await clock.advance(40_000)
    await failed
    await expect(admin.deleteTopics(['t'])).rejects.toSatisfy((e) => hasCode(e, 'TOPIC_UNKNOWN'))
    kafka.createTopic('t')
    expect(kafka.committed('g', 't', 0)).toBeUndefined()
  })

  it('delivers messages to a consumer and keeps its commits', async () => {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { partitions: 2 })
    kafka.append([0, 1, 2, 3].map((i) => ({ topic: 't', partition: i % 2, value: `v${i}` })))
    const consumer = await kafka.client().consumer({ groupId: 'g', topics: ['t'], listener: listener() })
    const batches = await consumer.poll()
    expect(batches.map((b) => [b.topic, b.partition, values(b.messages), b.nextOffset, b.endOffset])).toEqual([
      ['t', 0, ['v0', 'v2'], 2, 2],
      ['t', 1, ['v1', 'v3'], 2, 2],
    ])
    await consumer.commit([{ topic: 't', partition: 0, offset: 2 }])
    expect([kafka.committed('g', 't', 0), kafka.committed('g', 't', 1)]).toEqual([2, undefined])
    const waiting = consumer.poll()
    await clock.settle()
    kafka.append([{ topic: 't', partition: 1, value: 'later' }])
    expect((await waiting).map((b) => [b.partition, values(b.messages), b.nextOffset])).toEqual([[1, ['later'], 3]])
  })

  it('fetches one batch ahead, and no more', async () => {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t')
    const consumer = await kafka.client().consumer({ groupId: 'g', topics: ['t'], listener: listener() })
    expect((await consumer.poll()).map((b) => [b.messages.length, b.endOffset])).toEqual([[0, 0]])
    kafka.append([{ topic: 't', value: 'a' }])
    await clock.settle()
    kafka.append([{ topic: 't', value: 'b' }])
    await clock.settle()
    const [first] = await consumer.poll()
    expect([values(first!.messages), first!.endOffset]).toEqual([['a'], 1])
    await clock.settle()
    consumer.pause([{ topic: 't', partition: 0 }])
    kafka.append([{ topic: 't', value: 'c' }])
    expect((await consumer.poll()).map((b) => [values(b.messages), b.endOffset])).toEqual([[['b'], 2]])
    const patience = new AbortController()
    const waiting = consumer.poll({ signal: patience.signal })
    await clock.advance(1000)
    patience.abort()
    expect(await waiting).toEqual([])
    consumer.resume([{ topic: 't', partition: 0 }])
    expect((await consumer.poll()).map((b) => [values(b.messages), b.endOffset])).toEqual([[['c'], 3]])
  })

  it('holds large logs in many segments, and reads them from any offset', async () => {
    await using kafka = new MemoryKafka()
    kafka.createTopic('t')
    const value = new Uint8Array(1000)
    for (let i = 0; i < 50; i++)
      kafka.append(Array.from({ length: 100 }, (_, n) => ({ topic: 't', key: `${i * 100 + n}`, value })))
    expect(kafka.read('t').map(({ offset, key }) => offset === Number(text(key)))).toEqual(Array(5000).fill(true))
    for (const offset of [0, 1, 64, 65, 99, 100, 101, 2500, 4999]) {
      const consumer = await kafka.client().consumer({
        groupId: `g${offset}`,
        topics: ['t'],
        listener: { ...listener(), onAssign: (p) => Promise.resolve(p.map((partition) => ({ ...partition, offset }))) },
        maxPartitionBytes: 100_000,
      })
      const [batch] = await consumer.poll()
      expect([batch!.messages[0]!.offset, text(batch!.messages[0]!.key), batch!.bytes > 100_000]).toEqual([
        offset,
        `${offset}`,
        false,
      ])
      expect(batch!.nextOffset).toBe(offset + batch!.messages.length)
      await consumer.close()
    }
  })
})

describe('MemoryKafka under a virtual clock', () => {
  /** The events of members that join and leave under faults, with their times. */
  async function story(): Promise<string[]> {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { partitions: 6 })
    const told: string[] = []
    const tell = (what: string): void => void told.push(`${clock.monotonic()} ${what}`)
    const producer = await kafka.client().producer({ onRetry: () => tell('send again') })
    const open = async (name: string): Promise<Consumer> => {
      const consumer = await kafka.client().consumer({
        groupId: 'g',
        topics: ['t'],
        onRetry: (stage) => tell(`${name} ${stage}es again`),
        listener: {
          async onAssign(partitions) {
            tell(`${name} owns ${partitions.map(({ partition }) => partition).join()}`)
            return partitions.map((one) => ({ ...one, offset: kafka.committed('g', 't', one.partition) ?? 0 }))
          },
          onRevoke: () => Promise.resolve(tell(`${name} gives up`)),
          onLost: () => tell(`${name} has lost`),
        },
      })
      void (async () => {
        for (;;) {
          for (const { partition, messages, nextOffset } of await consumer.poll()) {
            tell(`${name} reads ${partition}: ${values(messages).join()}`)
            await consumer.commit([{ topic: 't', partition, offset: nextOffset }]).catch((error) => tell(`${name} ${error}`))
          }
        }
      })().catch((error) => tell(`${name} ends: ${error}`))
      return consumer
    }
    const names = ['a', 'b', 'c', 'd', 'e']
    const consumers = await Promise.all(names.map(open))
    kafka.faults.loseAcks({ topic: 't', after: 3, times: 2 })
    kafka.faults.failRequests({ api: 'Fetch', topic: 't', error: 'NOT_LEADER_OR_FOLLOWER', after: 5, times: 3 })
    kafka.faults.loseRequests({ api: 'OffsetCommit', after: 4, times: 2 })
    for (let i = 0; i < 40; i++) {
      producer.send([{ topic: 't', key: `${i % 7}`, value: `${i}` }]).catch((error) => tell(`send fails: ${error}`))
      if (i === 10) void consumers[1]!.close()
      if (i === 20) void open('f')
      if (i === 25) setAway(kafka, clock)
      await clock.advance(730)
    }
    await clock.advance(60_000)
    expect(new Set(kafka.read('t').map(({ value }) => text(value))).size).toBe(40)
    return told
  }

  function setAway(kafka: MemoryKafka, clock: VirtualClock): void {
    const { release } = kafka.faults.brokerAway()
    clock.setTimer(release, 3000)
  }

  it('does the same in every run', async () => {
    const [one, two] = [await story(), await story()]
    expect(one.length).toBeGreaterThan(100)
    for (const what of ['send again', 'again', 'gives up', 'f owns']) expect(one.some((line) => line.includes(what))).toBe(true)
    expect(two).toEqual(one)
  })

  it('leaves no timer when it is closed', async () => {
    const time = new VirtualClock()
    let timers = 0
    const clock: Clock = {
      now: () => time.now(),
      monotonic: () => time.monotonic(),
      setTimer(callback, delayMs) {
        timers++
        let runs = true
        const end = (): void => void (runs && timers--, (runs = false))
        const timer = time.setTimer(() => (end(), callback()), delayMs)
        return { cancel: () => (end(), timer.cancel()) }
      },
    }
    const kafka = new MemoryKafka({ clock })
    kafka.createTopic('t')
    const client = kafka.client()
    const [producer, admin] = [await client.producer(), await client.admin()]
    const consumer = await client.consumer({ groupId: 'g', topics: ['t'], listener: listener() })
    await consumer.poll()
    await client.consumer({ groupId: 'g', topics: ['t'], listener: listener() })
    kafka.faults.brokerAway()
    const calls = [
      producer.send([{ topic: 't', value: 'a' }]),
      consumer.commit([{ topic: 't', partition: 0, offset: 0 }]),
      admin.listTopics(),
      client.consumer({ groupId: 'other', topics: ['t'], listener: listener() }),
    ]
    const settled = Promise.allSettled(calls)
    await time.advance(100)
    expect(timers).toBeGreaterThan(5)
    await kafka.close()
    await settled
    expect(timers).toBe(0)
  })

  it('closes clients that are being opened, at whatever moment', async () => {
    for (let turns = 0; turns < 20; turns++) {
      const kafka = new MemoryKafka({ clock: new VirtualClock() })
      kafka.createTopic('t')
      kafka.faults.brokerAway()
      const opening = kafka.client().consumer({ groupId: 'g', topics: ['t'], listener: listener() })
      const refused = expect(opening).rejects.toSatisfy((error) => hasCode(error, 'CLOSED'))
      for (let i = 0; i < turns; i++) await Promise.resolve()
      await kafka.close()
      await refused
    }
  })

  it('closes while a send waits for a partition that does not exist', async () => {
    const clock = new VirtualClock()
    const kafka = new MemoryKafka({ clock })
    kafka.createTopic('t')
    const producer = await kafka.client().producer()
    const refused = expect(producer.send([{ topic: 't', partition: 1, value: 'a' }])).rejects.toSatisfy((error) =>
      hasCode(error, 'PARTITION_UNKNOWN'),
    )
    await clock.settle()
    await kafka.close()
    await refused
  })

  it('uses the clock of each client', async () => {
    await using kafka = new MemoryKafka({ clock: new VirtualClock(1000) })
    kafka.createTopic('t')
    const producer = await kafka.client().producer({ clock: new VirtualClock(77_000) })
    await producer.send([{ topic: 't', value: 'a' }])
    expect(kafka.read('t')[0]!.timestamp).toBe(77_000)
  })
})

describe("MemoryKafka on the runtime's clock", () => {
  it('lets timers run while poll and send are busy', async () => {
    await using kafka = new MemoryKafka()
    kafka.createTopic('t')
    const client = kafka.client()
    const producer = await client.producer()
    const consumer = await client.consumer({ groupId: 'g', topics: ['t'], listener: listener() })
    const message = { topic: 't', value: 'v' }
    for (const work of [() => producer.send([message]), () => (kafka.append([message]), consumer.poll())]) {
      let fired = false
      setTimeout(() => void (fired = true), 1)
      const giveUp = performance.now() + 10_000
      while (!fired && performance.now() < giveUp) await work()
      expect(fired).toBe(true)
    }
  })
})

describe('a group of MemoryKafka', () => {
  const join = (client: KafkaClient, notes: string[], more = {}): ReturnType<KafkaClient['consumer']> =>
    client.consumer({ groupId: 'g', topics: ['t', 'u'], listener: listener(notes), ...more })

  it('shares the partitions, the same numbers of all topics for a member, also after a member leaves', async () => {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { partitions: 3 })
    kafka.createTopic('u', { partitions: 3 })
    const [a, b]: [string[], string[]] = [[], []]
    await join(kafka.client(), a)
    await clock.settle()
    const second = await join(kafka.client(), b)
    await clock.advance(HEARTBEAT_MS)
    expect(a).toEqual(['assign t/0 t/1 t/2 u/0 u/1 u/2', 'revoke t/0 t/1 t/2 u/0 u/1 u/2', 'assign t/0 t/1 u/0 u/1'])
    expect(b).toEqual(['assign t/2 u/2'])
    await second.close()
    await clock.advance(HEARTBEAT_MS)
    expect(a.slice(3)).toEqual(['revoke t/0 t/1 u/0 u/1', 'assign t/0 t/1 t/2 u/0 u/1 u/2'])
  })

  it('settles at once when many members join together', async () => {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { partitions: 6 })
    kafka.createTopic('u', { partitions: 6 })
    const notes: string[][] = [[], [], []]
    await Promise.all(notes.map((one) => join(kafka.client(), one)))
    await clock.settle()
    expect(notes.map((one) => one.at(-1))).toEqual(['assign t/0 t/1 u/0 u/1', 'assign t/2 t/3 u/2 u/3', 'assign t/4 t/5 u/4 u/5'])
    const late: string[] = []
    for (const _ of notes) {
      const consumer = await join(kafka.client(), late)
      await Promise.resolve()
      await consumer.close()
    }
    await clock.settle()
    expect(notes.map((one) => one.at(-1))).toEqual(['assign t/0 t/1 u/0 u/1', 'assign t/2 t/3 u/2 u/3', 'assign t/4 t/5 u/4 u/5'])
  })

  it('notices a new member at any moment', async () => {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { partitions: 2 })
    for (let moment = 0; moment < 40; moment++) {
      const notes: string[][] = [[], []]
      const open = (one: string[]): ReturnType<KafkaClient['consumer']> =>
        kafka.client().consumer({ groupId: `g${moment}`, topics: ['t'], listener: listener(one) })
      const first = open(notes[0]!)
      for (let i = 0; i < moment; i++) await Promise.resolve()
      await Promise.all([first, open(notes[1]!)])
      await clock.advance(HEARTBEAT_MS)
      expect(notes.map((one) => one.at(-1))).toEqual(['assign t/0', 'assign t/1'])
    }
  })

  it('accepts no commit of a member whose onRevoke has resolved, while others are still in theirs', async () => {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { partitions: 2 })
    const gate = Promise.withResolvers<void>()
    const one = await kafka.client().consumer({ groupId: 'g', topics: ['t'], listener: listener() })
    const other = { ...listener(), onRevoke: () => gate.promise }
    await kafka.client().consumer({ groupId: 'g', topics: ['t'], listener: other })
    await clock.advance(HEARTBEAT_MS)
    await one.commit([{ topic: 't', partition: 0, offset: 0 }])
    kafka.faults.rebalance('g')
    await clock.advance(HEARTBEAT_MS)
    await expect(one.commit([{ topic: 't', partition: 0, offset: 1 }])).rejects.toSatisfy((e) => hasCode(e, 'FENCED'))
    gate.resolve()
    await clock.settle()
    await one.commit([{ topic: 't', partition: 0, offset: 1 }])
    expect(kafka.committed('g', 't', 0)).toBe(1)
  })

  it('waits for onRevoke, which may still commit', async () => {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { partitions: 2 })
    const gate = Promise.withResolvers<void>()
    const notes: string[] = []
    const first = await kafka.client().consumer({
      groupId: 'g',
      topics: ['t'],
      listener: { ...listener(), onRevoke: () => gate.promise },
    })
    await clock.settle()
    await kafka.client().consumer({ groupId: 'g', topics: ['t'], listener: listener(notes) })
    await clock.advance(50_000)
    expect(notes).toEqual([])
    await first.commit([{ topic: 't', partition: 1, offset: 0 }])
    gate.resolve()
    await clock.settle()
    expect(notes).toEqual(['assign t/1'])
    await expect(first.commit([{ topic: 't', partition: 1, offset: 0 }])).rejects.toSatisfy((e) => hasCode(e, 'FENCED'))
  })

  it('continues without a member whose onRevoke takes too long', async () => {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { partitions: 2 })
    kafka.append([{ topic: 't', partition: 0, value: 'a' }])
    const gate = Promise.withResolvers<void>()
    const [slow, quick]: [string[], string[]] = [[], []]
    const late = await kafka.client().consumer({
      groupId: 'g',
      topics: ['t'],
      rebalanceTimeoutMs: 10_000,
      listener: { ...listener(slow), onRevoke: () => gate.promise },
    })
    await clock.settle()
    await kafka.client().consumer({ groupId: 'g', topics: ['t'], rebalanceTimeoutMs: 10_000, listener: listener(quick) })
    await clock.advance(9_999)
    expect([slow, quick]).toEqual([['assign t/0 t/1'], []])
    await clock.advance(1)
    expect([slow, quick]).toEqual([['assign t/0 t/1', 'lost t/0 t/1'], ['assign t/0 t/1']])
    await expect(late.commit([{ topic: 't', partition: 0, offset: 1 }])).rejects.toSatisfy((e) => hasCode(e, 'FENCED'))
    expect(kafka.committed('g', 't', 0)).toBeUndefined()
    gate.resolve()
    await clock.advance(HEARTBEAT_MS)
    expect(quick.slice(1)).toEqual(['revoke t/0 t/1', 'assign t/0'])
    expect(slow.slice(2)).toEqual(['assign t/1'])
  })

  it('removes a member that is cut off after the session timeout', async () => {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { partitions: 2 })
    const [a, b]: [string[], string[]] = [[], []]
    const [one, two] = [kafka.client(), kafka.client()]
    await one.consumer({ groupId: 'g', topics: ['t'], sessionTimeoutMs: 9000, listener: listener(a) })
    await clock.settle()
    await two.consumer({ groupId: 'g', topics: ['t'], sessionTimeoutMs: 9000, listener: listener(b) })
    await clock.advance(100_000)
    expect([a.length, b]).toEqual([3, ['assign t/1']])
    const cut = kafka.faults.cutOff(one)
    await clock.advance(12_000)
    expect(b).toEqual(['assign t/1', 'revoke t/1', 'assign t/0 t/1'])
    expect(a.slice(3)).toEqual(['lost t/0'])
    cut.release()
    await clock.advance(3000)
    expect(a.slice(4)).toEqual(['assign t/1'])
    expect(b.slice(3)).toEqual(['revoke t/0 t/1', 'assign t/0'])
  })

  it('refuses a second claim of a partition, and does not disturb the first member', async () => {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { partitions: 3 })
    kafka.append([{ topic: 't', partition: 0, value: 'a' }])
    const notes: string[] = []
    const first = await kafka.client().consumer({ groupId: 'g', topics: ['t'], partitions: [0, 1], listener: listener(notes) })
    await clock.settle()
    const second = await kafka.client().consumer({ groupId: 'g', topics: ['t'], partitions: [1, 2], listener: listener() })
    await clock.advance(HEARTBEAT_MS)
    await expect(second.poll()).rejects.toThrow(/claims t\/1 already: stop it, or/)
    await expect(second.poll()).rejects.toSatisfy((e) => hasCode(e, 'PARTITION_CLAIMED') && e.partition === 1)
    expect((await first.poll()).flatMap((b) => values(b.messages))).toEqual(['a'])
    // The group has rebalanced, but the first member keeps its partitions, and gets no others.
    expect(notes).toEqual(['assign t/0 t/1', 'assign '])
    const third = await kafka.client().consumer({ groupId: 'g', topics: ['t'], listener: listener() })
    await expect(third.poll()).rejects.toThrow(/its members claim fixed partitions or use another assignor/)
  })
})
