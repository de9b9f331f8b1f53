import { VirtualClock } from '@kasper/testing'
import { expect, test } from 'vitest'
import type { Cluster } from './cluster.ts'
import { ClusterError } from './errors.ts'
import { MetadataCache, NO_LEADER } from './metadata-cache.ts'

const p = (topic: string, partition: number) => ({ topic, partition })

/** A cluster whose metadata requests are answered with these leaders, or fail for topics in `errors`. */
function scripted(leaders: Record<string, number[]>, errors: Record<string, ClusterError> = {}) {
  const requests: (readonly string[])[] = []
  const metadata: Cluster['metadata'] = async (topics = []) => {
    requests.push(topics)
    await Promise.resolve()
    for (const topic of topics) if (errors[topic] !== undefined) throw errors[topic]
    const known = topics.filter((topic) => leaders[topic] !== undefined)
    const described = new Map(known.map((topic) => [topic, { internal: false, leaders: leaders[topic]! }]))
    return { brokers: [1, 2], controller: 1, topics: described }
  }
  const clock = new VirtualClock()
  return { cache: new MetadataCache({ metadata } as Partial<Cluster> as Cluster, clock), requests, clock, leaders, errors }
}

test('nothing is known before it is read', async () => {
  const { cache } = scripted({ t: [1, NO_LEADER] })
  expect([cache.partitionCount('t'), cache.leader(p('t', 0))]).toEqual([undefined, undefined])
  await cache.read(['t'])
  expect([cache.partitionCount('t'), cache.leader(p('t', 0)), cache.leader(p('t', 1))]).toEqual([2, 1, NO_LEADER])
  expect(cache.leader(p('t', 2))).toBeUndefined()
})

test('an invalidated leader has to be read again; other partitions are not affected', async () => {
  const { cache, leaders } = scripted({ t: [1, 1] })
  await cache.read(['t'])
  leaders['t'] = [2, 1]
  cache.invalidate([p('t', 0), p('t', 7), p('unknown', 0)])
  expect([cache.partitionCount('t'), cache.leader(p('t', 0)), cache.leader(p('t', 1))]).toEqual([2, undefined, 1])
  await cache.read(['t'])
  expect(cache.leader(p('t', 0))).toBe(2)
})

test('calls that come while a request is under way share the next one', async () => {
  const { cache, requests } = scripted({ a: [1], b: [1], c: [1] })
  const first = cache.read(['a'])
  await Promise.resolve()
  const others = [cache.read(['a', 'b']), cache.read(['c', 'b'])]
  await Promise.all([first, ...others])
  expect(requests).toEqual([['a'], ['a', 'b', 'c']])
})

test('topics that do not exist are named, and do not fail the calls that share the request', async () => {
  const { cache } = scripted({ a: [1] })
  const [found, error] = await Promise.all([cache.read(['a']), cache.read(['x', 'a', 'y', 'x']).catch((it: unknown) => it)])
  expect(found.get('a')).toEqual([1])
  expect(error).toMatchObject({
    code: 'TOPIC_UNKNOWN',
    topic: 'x',
    message: expect.stringContaining('topics x, y do not') as unknown,
  })
})

test.each(['TOPIC_AUTHORIZATION_FAILED', 'LEADER_NOT_AVAILABLE'])(
  'a topic with %s does not fail the calls that share the request',
  async (type) => {
    const refused = new ClusterError('broker', 'no', { type })
    const { cache } = scripted({ a: [1] }, { b: refused })
    const [found, error] = await Promise.all([cache.read(['a']), cache.read(['b']).catch((it: unknown) => it)])
    expect(found.get('a')).toEqual([1])
    expect(error).toBe(refused)
  },
)

test('if no broker was reached, the calls that share the request fail at once', async () => {
  const gone = new ClusterError('connection', 'gone')
  const { cache, requests } = scripted({ a: [1] }, { b: gone })
  const errors = await Promise.all(['a', 'b'].map((topic) => cache.read([topic]).catch((it: unknown) => it)))
  expect(errors).toEqual([gone, gone])
  expect(requests).toEqual([['a', 'b']])
})

test('reading with retries goes on while the cluster is changing, and gives up after 10 seconds', async () => {
  const { cache, clock, requests, errors } = scripted({ t: [1] }, { t: new ClusterError('connection', 'gone') })
  const read = cache.readWithRetries(['t'])
  await clock.advance(1000)
  delete errors['t']
  await clock.advance(1000)
  await read
  const attempts = requests.length
  expect(attempts).toBeGreaterThan(2)
  errors['t'] = new ClusterError('connection', 'gone')
  const fails = expect(cache.readWithRetries(['t'])).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE', retriable: true })
  await clock.advance(15_000)
  await fails
})

test('metadata is read again when it is five minutes old', async () => {
  const { cache, clock, requests, leaders } = scripted({ a: [1], b: [1] })
  await cache.read(['a', 'b'])
  cache.refreshIfOld()
  leaders['a'] = [1, 2]
  await clock.advance(300_000)
  cache.refreshIfOld()
  await clock.advance(1)
  expect(requests).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ])
  expect(cache.partitionCount('a')).toBe(2)
})
