import type { KafkaClient, TopicPartition } from '@kasper/core'
import { json, MapStore, withCodec } from '@kasper/core'
import { noopLogger } from '@kasper/core/adapter'
import { MemoryKafka } from '@kasper/testing'
import { expect, test } from 'vitest'
import type { DemoOptions, Outcome } from './demo.ts'
import { runDemo } from './demo.ts'
import type { Progress } from './progress.ts'
import type { StateStore } from './state-store.ts'
import type { AirportState } from './topics.ts'
import { topics } from './topics.ts'

const LIMIT = 3000
/** The messages in the topics: flights and airports. */
const ALL = '6,376'
const groupId = 'kasper-topic-processor-flight-delays'

function stateIn(store: MapStore, durable = true): StateStore {
  return { store, durable, where: 'in this test', close: () => {} }
}

/** Runs the demo. Calls back with each phase, and the number of messages done in it. */
async function run(
  client: KafkaClient,
  state: StateStore,
  { onProgress, ...changed }: Partial<DemoOptions> & { onProgress?: (phase: string, done: number | 'end') => void } = {},
): Promise<{ outcome: Outcome; text: string; phases: Record<string, number> }> {
  const lines: string[] = []
  const phases: Record<string, number> = {}
  let phase = ''
  const progress: Progress = {
    start: (name) => {
      phase = name
      phases[phase] = 0
    },
    tick: () => {},
    add: (count) => {
      phases[phase]! += count
      onProgress?.(phase, phases[phase]!)
    },
    end: () => {
      onProgress?.(phase, 'end')
      return { done: phases[phase]!, durationMs: 1000 }
    },
  }
  const defaults = {
    client,
    embedded: false,
    topics,
    state,
    limit: LIMIT,
    reset: false,
    signal: new AbortController().signal,
    logger: noopLogger,
  }
  const outcome = await runDemo({ ...defaults, progress, print: (text) => void lines.push(text), ...changed })
  return { outcome, text: lines.join('\n'), phases }
}

/** Interrupts the demo in this phase after so many messages. */
function interruptAfter(
  messages: number,
  inPhase: string,
): Pick<DemoOptions, 'signal'> & { onProgress: (phase: string, done: number | 'end') => void } {
  const controller = new AbortController()
  const onProgress = (phase: string, done: number | 'end'): void => {
    if (phase === inPhase && done !== 'end' && done >= messages) controller.abort()
  }
  return { signal: controller.signal, onProgress }
}

test('the result equals the direct computation, and both topics are spread over several partitions', async () => {
  await using kafka = new MemoryKafka()
  const { outcome, text, phases } = await run(kafka.client(), stateIn(new MapStore()))
  expect(text).toMatch(
    /^exact: \d+ airports, 3,000 flights and [\d,]+ minutes of delay, each airport equal to a direct computation/m,
  )
  expect(text).toMatch(/^exact: 3,000 updates on the output topic, one for each flight/m)
  expect(text).toMatch(/^ {2}ORD {3}Chicago O'Hare International +\d+/m)
  expect(outcome).toBe('exact')
  expect(phases).toEqual({ loading: 6376, processing: 6376, checking: 3000 })
  for (const topic of [topics.flights.name, topics.airports.name]) {
    expect([0, 1, 2, 3].every((partition) => kafka.read(topic, partition).length > 0)).toBe(true)
  }
})

test('changes of the state are reported by airport', async () => {
  await using kafka = new MemoryKafka()
  const store = new MapStore()
  const typed = withCodec(store, json<AirportState>())
  const { delays, offset } = { delays: { name: 'Kalamazoo', flights: 1, late: 0, delaySum: 5, delayMax: 5 }, offset: 3 }
  const { outcome, text } = await run(kafka.client(), stateIn(store), {
    onProgress: (phase, done) => void (phase === 'processing' && done === 'end' && typed.put('ORD', { delays, offset })),
  })
  expect(outcome).toBe('different')
  expect(text).toMatch(/^NOT EXACT: 3 differences between the result and a direct computation over the file:$/m)
  expect(text).toMatch(/^ {2}ORD: the store has 1 flights \(0 late\), 5 minutes in all, 5 at most, the file \d+ flights/m)
  expect(text).toMatch(/^ {2}ORD: the store has the name Kalamazoo, airports.csv Chicago O'Hare International$/m)
  expect(text).not.toMatch(/^exact/m)
})

test('a write that a store has lost is found', async () => {
  await using kafka = new MemoryKafka()
  const store = new MapStore()
  const putAll = store.putAll.bind(store)
  let lost = false
  store.putAll = (entries) => {
    if (lost || !entries.has('ORD')) return putAll(entries)
    lost = true
    return putAll(new Map([...entries].filter(([code]) => code !== 'ORD')))
  }
  const { outcome, text } = await run(kafka.client(), stateIn(store))
  expect(outcome).toBe('different')
  expect(text).toMatch(/^ {2}ORD: the store has/m)
})

test('repeated and missing updates on the output topic are found', async () => {
  await using kafka = new MemoryKafka()
  const value = JSON.stringify({ name: 'Nowhere', flights: 2, late: 0, delaySum: 0, delayMax: 0 })
  const { outcome, text } = await run(kafka.client(), stateIn(new MapStore()), {
    onProgress: (phase, done) =>
      void (phase === 'processing' && done === 'end' && kafka.append([{ topic: topics.delays.name, key: 'XXX', value }])),
  })
  expect(outcome).toBe('different')
  expect(text).toMatch(/^ {2}XXX: the last update says 2 flights .* the store no flights$/m)
  expect(text).toMatch(/^ {2}XXX: after the update of flight 0 comes that of flight 2$/m)
  expect(text).toMatch(/^ {2}3,001 updates were sent for 3,000 flights$/m)
})

test('after interruptions of loading and processing, the result is exact and nothing is done twice', async () => {
  await using kafka = new MemoryKafka()
  const client = kafka.client()
  const state = stateIn(new MapStore())

  const loading = await run(client, state, interruptAfter(1, 'loading'))
  expect(loading.outcome).toBe('interrupted')
  expect(loading.text).toBe('Interrupted with 3,000 messages still to be loaded. Run it again to go on from there.')
  expect(loading.phases).toEqual({ loading: 3376 })

  const processing = await run(client, state, interruptAfter(2000, 'processing'))
  expect(processing.outcome).toBe('interrupted')
  const done = processing.phases['processing']!
  expect(done).toBeLessThan(6376)
  expect(processing.phases).toEqual({ loading: 3000, processing: done })
  expect(processing.text).toBe(
    `Interrupted with ${done.toLocaleString('en-US')} of ${ALL} messages processed, and committed. Run it again to go on from there.`,
  )

  const rest = await run(client, state)
  expect(rest.text).toContain('The topics are loaded already.')
  expect(rest.phases).toEqual({ processing: 6376 - done, checking: 3000 })
  expect(rest.outcome).toBe('exact')

  const again = await run(client, state)
  expect(again.phases).toEqual({ processing: 0, checking: 3000 })
  expect(again.outcome).toBe('exact')
})

test.each([
  ['before', /^exact: 3,\d\d\d updates on the output topic \([\d,]+ of them sent again after a crash\), one for each flight/m],
  ['after', /^exact: 3,000 updates on the output topic, one for each flight/m],
])(
  'after a crash %s the state is stored, and before the commit, the batch is processed again and the result is exact',
  async (moment, updates) => {
    await using kafka = new MemoryKafka()
    const store = new MapStore()
    const putAll = store.putAll.bind(store)
    let writes = 0
    store.putAll = async (entries) => {
      const crash = ++writes === 6
      if (!crash || moment === 'after') await putAll(entries)
      if (crash) throw new Error('power cut')
    }
    await expect(run(kafka.client(), stateIn(store))).rejects.toThrow('power cut')

    const { outcome, text } = await run(kafka.client(), stateIn(store))
    expect(text).toMatch(updates)
    expect(outcome).toBe('exact')
  },
)

test('without the offsets in the store, the same crash makes it count flights twice', async () => {
  await using kafka = new MemoryKafka()
  const store = new MapStore()
  const typed = withCodec(store, json<AirportState>())
  const putAll = store.putAll.bind(store)
  let writes = 0
  store.putAll = async (entries) => {
    await putAll(entries)
    for (const [code, { delays }] of await typed.getAll(entries.keys())) await typed.put(code, { delays, offset: -1 })
    if (++writes === 6) throw new Error('power cut')
  }
  await expect(run(kafka.client(), stateIn(store))).rejects.toThrow('power cut')

  const { outcome, text } = await run(kafka.client(), stateIn(store))
  expect(text).toMatch(/^NOT EXACT: /m)
  expect(outcome).toBe('different')
})

test('lost state is reported: the counts cover this run only', async () => {
  await using kafka = new MemoryKafka()
  const first = await run(kafka.client(), stateIn(new MapStore(), false), interruptAfter(4000, 'processing'))
  const done = first.phases['processing']!
  expect(first.text).toMatch(/Run it again to go on from there. But the state .* was in memory .* --reset\.$/)

  const second = await run(kafka.client(), stateIn(new MapStore(), false))
  expect(second.text).toContain(
    `${done.toLocaleString('en-US')} messages were processed by an earlier run: their state was in memory, and was lost`,
  )
  expect(second.text).toContain('start over with --reset')
  expect(second.text).toMatch(/^exact, for this run's flights: \d+ airports, [\d,]+ flights/m)
  expect(second.phases['processing']).toBe(6376 - done)
  expect(second.outcome).toBe('exact')

  const nothing = await run(kafka.client(), stateIn(new MapStore(), false))
  expect(nothing.text).toMatch(/^6,376 messages were processed by an earlier run: .* --reset\.\nNothing is left to process/ms)
  expect(nothing.outcome).toBe('nothing left')

  const third = await run(kafka.client(), stateIn(new MapStore(), false), { reset: true })
  expect(third.phases).toEqual({ loading: 6376, processing: 6376, checking: 3000 })
  expect(third.text).toMatch(/^exact: \d+ airports, 3,000 flights/m)
  expect(kafka.committed(groupId, topics.flights.name, 0)).toBe(kafka.read(topics.flights.name, 0).length)
})

test('a later run can add flights; fewer flights are an error that says what to do', async () => {
  await using kafka = new MemoryKafka()
  const state = stateIn(new MapStore())
  await run(kafka.client(), state)
  const more = await run(kafka.client(), state, { limit: 4000 })
  expect(more.phases).toEqual({ loading: 1000, processing: 1000, checking: 4000 })
  expect(more.outcome).toBe('exact')
  await expect(run(kafka.client(), state, { limit: 2000 })).rejects.toThrow(
    /^kasper-demo.flights has 4,000 messages, more .* than the 2,000 asked for: .* --reset$/,
  )
})

test('state that belongs to other topics is refused, and --reset clears it', async () => {
  await using before = new MemoryKafka()
  await using after = new MemoryKafka()
  const state = stateIn(new MapStore())
  await run(before.client(), state)
  await expect(run(after.client(), state)).rejects.toThrow(
    /^the store counts 3,000 flights, but kasper-demo.delays has only 0 updates: .* --reset$/,
  )
  expect((await run(after.client(), state, { reset: true })).outcome).toBe('exact')
})

test('partitions of another member are processed after it has left', async () => {
  await using kafka = new MemoryKafka()
  const client = kafka.client()
  for (const { name } of Object.values(topics)) kafka.createTopic(name, { partitions: 4 })
  const fromStart = async (partitions: readonly TopicPartition[]) => partitions.map((owned) => ({ ...owned, offset: 0 }))
  const listener = { onAssign: fromStart, onRevoke: async () => {}, onLost: () => {} }
  const idle = await kafka.client().consumer({ groupId, topics: [topics.airports.name, topics.flights.name], listener })
  let left = false
  const { outcome, phases } = await run(client, stateIn(new MapStore()), {
    onProgress: (phase, done) => {
      if (phase !== 'processing' || left || done === 'end' || done < 3000) return
      left = true
      setTimeout(() => void idle.close(), 200)
    },
  })
  expect(left).toBe(true)
  expect(phases['processing']).toBe(6376)
  expect(outcome).toBe('exact')
})
