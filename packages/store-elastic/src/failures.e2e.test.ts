import { Client, type ClientOptions } from '@elastic/elasticsearch'
import { type KasperError, MultiMap } from '@kasper/core'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { count, directCounts, filledKafka, storedCounts } from '../../../scripts/counting/guard-per-key.ts'
import { startProxy } from '../test/proxy.ts'
import { document, serverUrl, uniqueName } from '../test/support.ts'
import { ElasticStore, ElasticWriteError, MultiElasticStore } from './index.ts'

const url = serverUrl()
const client = new Client({ node: url })
afterAll(() => client.close())

const opened: Client[] = []
function newClient(options: ClientOptions): Client {
  opened.push(new Client(options))
  return opened.at(-1)!
}

const made: string[] = []
afterEach(async () => {
  for (const own of opened.splice(0)) await own.close()
  for (const index of made.splice(0)) await client.indices.delete({ index, ignore_unavailable: true })
})

async function newIndex(body: object = { mappings: { dynamic: false } }): Promise<string> {
  const index = uniqueName()
  made.push(index)
  await client.indices.create({ index, ...body })
  return index
}

const one = document('1')
const several = new Map(['a', 'b', 'c', 'd'].map((key) => [key, one]))

/** The error that a write rejects with. */
async function writeError(writing: Promise<void>): Promise<ElasticWriteError> {
  const error: unknown = await writing.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(ElasticWriteError)
  return error as ElasticWriteError
}

describe('The error names the call, the keys, the index and the server', () => {
  test('when no server listens', async () => {
    await using closed = await startProxy(url)
    await closed[Symbol.asyncDispose]()
    const lost = newClient({ node: closed.url })
    const store = new ElasticStore(lost, { index: 'counts' })
    const where = `failed in the store "counts" of Elasticsearch at ${closed.url}: no connection: `
    await expect(store.getAll(['a', 'b'])).rejects.toMatchObject({
      code: 'STORE_FAILED',
      retriable: true,
      message: expect.stringContaining(`getAll of 2 keys ("a", "b") ${where}`),
    })
    const error = await writeError(store.put('a', one))
    // The request was never sent.
    expect(error).toMatchObject({ code: 'STORE_FAILED', failed: [{ key: 'a', mayBeWritten: false }], written: [] })
    expect(error.message).toContain(`put of "a" ${where}`)
  })

  test('when another server listens', async () => {
    await using other = await startProxy(url)
    other.intercept = () => ({ status: 404, body: 'Not Found' })
    const error = await writeError(new ElasticStore(newClient({ node: other.url }), { index: 'counts' }).put('a', one))
    expect(error.message).toBe(`put of "a" failed in the store "counts" of Elasticsearch at ${other.url}: Not Found (status 404)`)
  })

  test('when the password is wrong', async () => {
    await using guarded = await startProxy(url)
    // The proxy answers like Elasticsearch with security, which the test server does not have.
    guarded.intercept = ({ headers }) =>
      headers.authorization === `Basic ${btoa('kasper:right')}`
        ? undefined
        : {
            status: 401,
            body: '{"error":{"root_cause":[],"type":"security_exception","reason":"unable to authenticate user [kasper]"},"status":401}',
          }
    const index = await newIndex()
    const wrong = newClient({ node: guarded.url, auth: { username: 'kasper', password: 'wrong' } })
    await expect(new ElasticStore(wrong, { index }).get('a')).rejects.toMatchObject({
      code: 'STORE_FAILED',
      retriable: false,
      message:
        `get of "a" failed in the store "${index}" of Elasticsearch at ${guarded.url}: ` +
        'wrong user name or password: security_exception: unable to authenticate user [kasper] (status 401)',
    })
    const right = newClient({ node: guarded.url, auth: { username: 'kasper', password: 'right' } })
    await new ElasticStore(right, { index }).put('a', one)
  })

  test('when the index is missing; it is not created by mistake', async () => {
    const index = uniqueName()
    const store = new ElasticStore(client, { index })
    const error = await writeError(store.putAll(several))
    expect(error.message).toBe(
      `putAll of 4 keys ("a", "b", "c", …) failed in the store "${index}" of Elasticsearch at ${url}: ` +
        `the index "${index}" does not exist: create it, or give the store the option create`,
    )
    await expect(store.getAll(['a'])).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining(`index_not_found_exception: no such index [${index}]`),
    })
    expect(await client.indices.exists({ index })).toBe(false)
    made.push(index)
    await client.indices.create({ index })
    await store.putAll(several)
  })

  test('when a document is too large for the server; other requests are written', async () => {
    await using proxy = await startProxy(url)
    const store = new ElasticStore(newClient({ node: proxy.url }), { index: await newIndex(), maxBatchBytes: 1000 })
    // Elasticsearch answers like this, without a body, above 100 MB.
    proxy.intercept = ({ headers }) => (Number(headers['content-length']) > 1000 ? { status: 413 } : undefined)
    const error = await writeError(store.putAll(new Map([...several, ['large', document('x'.repeat(1000))]])))
    expect(error.message).toContain('putAll of "large" failed')
    expect(error.message).toContain(
      ': larger than the server takes: keep documents, and maxBatchBytes, below its http.max_content_length (status 413) (the other 4',
    )
    expect(error.failed).toMatchObject([{ key: 'large', mayBeWritten: false }])
  })

  test('when the reply cannot be parsed; its keys may be written', async () => {
    await using proxy = await startProxy(url)
    const store = new ElasticStore(newClient({ node: proxy.url }), { index: await newIndex(), maxBatchBytes: 1 })
    let bulks = 0
    proxy.intercept = ({ url }) =>
      url!.includes('_bulk') && ++bulks === 2 ? { status: 200, body: '<html>Welcome</html>' } : undefined
    const error = await writeError(store.putAll(several))
    expect(error.failed).toHaveLength(1)
    expect(error.failed[0]).toMatchObject({ mayBeWritten: true, reason: expect.stringContaining('is not valid JSON') })
    expect(error.written).toHaveLength(3)
  })

  test('when a document does not fit the mapping; the others are written, and each key is in one of two lists', async () => {
    const index = await newIndex({ mappings: { properties: { at: { type: 'date' } } } })
    const store = new ElasticStore(client, { index })
    const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
    const error = await writeError(
      store.putAll(
        new Map([
          ['good', bytes({ at: 1 })],
          ['bad', bytes({ at: 'noon' })],
          ['gone', undefined],
          ['worse', bytes([1])],
        ]),
      ),
    )
    expect(error).toMatchObject({
      code: 'STORE_FAILED',
      failed: [
        { key: 'bad', mayBeWritten: false, reason: expect.stringContaining('failed to parse field [at] of type [date]') },
        { key: 'worse', mayBeWritten: false, reason: expect.stringContaining('must start with an object') },
      ],
      written: [{ key: 'good' }, { key: 'gone' }],
    })
    expect(error.message).toContain(
      `putAll of 2 keys ("bad", "worse") failed in the store "${index}" of Elasticsearch at ${url}: "bad": `,
    )
    expect(error.message).toContain('(the other 2 keys succeeded)')
    expect([...(await store.getAll(['good', 'bad', 'worse'])).keys()]).toEqual(['good'])
  })

  test('when the index is blocked for writes, as on a full disk', async () => {
    const index = await newIndex()
    const store = new ElasticStore(client, { index, retryForMs: 1000 })
    await store.put('a', one)
    await client.indices.addBlock({ index, block: 'write' })
    const error = await writeError(store.putAll(several))
    expect(error.failed.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd'])
    expect(error.message).toContain(`cluster_block_exception: index [${index}] blocked by: [FORBIDDEN/8/index write (api)]`)
    expect(await store.get('a')).toEqual(one)
  })

  test('when a push fails for some tenants; it names the tenants too', async () => {
    const name = uniqueName()
    made.push(`${name}-good`, `${name}-bad`)
    await client.indices.create({ index: `${name}-good` })
    await client.indices.create({ index: `${name}-bad`, settings: { 'index.blocks.write': true } })
    const store = new MultiElasticStore(client, { tenancy: (tenant) => `${name}-${tenant}` })
    const error = await writeError(store.push(new MultiMap().set('good', 'a', one).set('bad', 'b', one)))
    expect(error.message).toContain(`push of "bad/b" failed in the store "${name}-bad" of Elasticsearch`)
    expect(error).toMatchObject({ failed: [{ tenant: 'bad', key: 'b' }], written: [{ tenant: 'good', key: 'a' }] })
  })

  test('when two tenants would share an index', () => {
    const store = new MultiElasticStore(client, { tenancy: () => 'same' })
    store.tenant('a')
    expect(() => store.tenant('b')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })

  test('when a key is too long or empty; nothing is sent', async () => {
    const store = new ElasticStore(client, { index: await newIndex() })
    const longest = 'é'.repeat(256)
    await store.put(longest, one)
    expect(await store.get(longest)).toEqual(one)
    const error = await writeError(
      store.putAll(
        new Map([
          ['a', one],
          [`${longest}+`, one],
        ]),
      ),
    )
    expect(error.written).toEqual([])
    expect(error.failed[1]).toMatchObject({
      reason: 'a key must have 1 to 512 bytes, because it is the id of a document, but this one has 513',
    })
    expect(await store.get('a')).toBeUndefined()
    await expect(store.getAll(['a', ''])).rejects.toThrow('but this one has 0')
  })

  test('when a value is not a JSON object', async () => {
    const store = new ElasticStore(client, { index: await newIndex() })
    const texts = ['', ' ', '1', '"a"', '[1]', '{', '{}}', 'hello', '{}\n{"delete":{"_id":"kept"}}', '\u{0}']
    await store.put('kept', one)
    const error = await writeError(store.putAll(new Map(texts.map((text, i) => [`key-${i}`, new TextEncoder().encode(text)]))))
    expect(error.failed).toHaveLength(texts.length)
    expect(await store.getAll(['kept', ...texts.map((_, i) => `key-${i}`)])).toEqual(new Map([['kept', one]]))
  })
})

test('Values come back byte by byte, with line breaks as spaces', async () => {
  const store = new ElasticStore(client, { index: await newIndex() })
  const text =
    '{ "a" : 1.0,\n\t"b": [1e3, 12345678901234567890, {}, [], {"c": "}\\"]\\\\"}],\r\n  "é\\u0041": "😀 \\n", "_": {"_source": null} }'
  await store.put('a', new TextEncoder().encode(text))
  await store.put('b', new TextEncoder().encode('{}'))
  expect(new TextDecoder().decode(await store.get('a'))).toBe(text.replaceAll(/[\n\r]/g, ' '))
  expect(new TextDecoder().decode((await store.getAll(['b', 'none', 'a'])).get('b'))).toBe('{}')
})

test('A batch is split by its bytes', async () => {
  await using proxy = await startProxy(url)
  const slow = newClient({ node: proxy.url })
  const store = new ElasticStore(slow, { index: await newIndex(), maxBatchBytes: 100_000 })
  const all = new Map(Array.from({ length: 30 }, (_, i) => [`key-${i}`, document(`${i}`.repeat(10_000))]))
  all.set('large', document('x'.repeat(300_000)))
  await store.putAll(all)
  expect(proxy.requests.filter((it) => it.includes('/_bulk')).length).toBeGreaterThan(5)
  expect(await store.getAll(all.keys())).toEqual(all)
})

describe('A request with a passing error is repeated', () => {
  test.for([429, 502, 503, 504])('after a status of %i', async (status) => {
    await using proxy = await startProxy(url)
    const balanced = newClient({ node: proxy.url })
    const store = new ElasticStore(balanced, { index: await newIndex() })
    let refusals = 2
    let retries = 0
    const onRetry = (): void => void retries++
    proxy.intercept = () => (refusals-- > 0 ? { status, body: 'try again' } : undefined)
    await store.putAll(several, { onRetry })
    expect(retries).toBe(2)
    refusals = 2
    expect(await store.getAll(several.keys(), { onRetry })).toEqual(several)
    expect(retries).toBe(4)
  })

  test('only for the refused documents, if only some are refused', async () => {
    await using proxy = await startProxy(url)
    const balanced = newClient({ node: proxy.url })
    const index = await newIndex()
    const store = new ElasticStore(balanced, { index })
    await store.put('before', one)
    const refused = { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'queue full' } }
    const bodies: string[] = []
    proxy.intercept = (request) => {
      const first = bodies.push('') === 1
      request.on('data', (part: Buffer) => (bodies[bodies.length - 1] += part.toString()))
      const items = [{ index: { status: 201 } }, { index: refused }, { index: { status: 201 } }, { index: refused }]
      return first ? { status: 200, body: JSON.stringify({ errors: true, items }) } : undefined
    }
    await store.putAll(several)
    expect(bodies).toHaveLength(2)
    expect(bodies[1]!.split('\n').filter((line) => line.includes('_id'))).toEqual([
      '{"index":{"_id":"b"}}',
      '{"index":{"_id":"d"}}',
    ])
  })

  test('and the error says what an earlier attempt may have written', async () => {
    await using proxy = await startProxy(url)
    const store = new ElasticStore(newClient({ node: proxy.url }), { index: await newIndex() })
    await store.put('a', one)
    let bulks = 0
    // Behind a gateway that gave up waiting, the server may still work on the request.
    proxy.intercept = () => ({ status: bulks++ === 0 ? 504 : 403 })
    const error = await writeError(store.putAll(several))
    expect(error.message).toContain('(status 403) (4 of these may have been written)')
    expect((await writeError(store.put('a', one))).failed).toMatchObject([{ mayBeWritten: false }])
  })

  test('once when the connection is cut during the request', async () => {
    await using proxy = await startProxy(url)
    const store = new ElasticStore(newClient({ node: proxy.url }), { index: await newIndex() })
    await store.put('a', one)
    let cuts = 1
    proxy.intercept = ({ socket }) => (cuts-- > 0 ? (socket.destroy(), 'nothing at all') : undefined)
    await store.putAll(several)
    cuts = 2
    const error = await writeError(store.putAll(several))
    expect(error.message).toMatch(/: no connection: .*\(4 of these may have been written\)$/)
    cuts = 1
    proxy.intercept = ({ socket }) => (cuts-- > 0 ? (socket.destroy(), 'nothing at all') : { status: 403, body: 'no' })
    expect((await writeError(store.put('a', one))).failed).toMatchObject([{ mayBeWritten: true }])
  })

  test('until retryForMs is over; then the error says why', async () => {
    await using proxy = await startProxy(url)
    const balanced = newClient({ node: proxy.url })
    const index = await newIndex()
    const store = new ElasticStore(balanced, { index, retryForMs: 1000 })
    await store.put('a', one)
    proxy.intercept = () => ({ status: 503, body: 'upstream gone' })
    const error = await writeError(store.putAll(several))
    expect(error.message).toContain(': upstream gone (status 503)')
    expect(error.retriable).toBe(true)
    await expect(store.getAll(['a'])).rejects.toThrow(': upstream gone (status 503)')
    expect(proxy.requests.length).toBeGreaterThan(3)
  })

  test('until the signal fires', async () => {
    await using proxy = await startProxy(url)
    const balanced = newClient({ node: proxy.url })
    const store = new ElasticStore(balanced, { index: await newIndex() })
    const abort = new AbortController()
    const reason = new Error('given up')
    proxy.intercept = () => {
      if (proxy.requests.length === 2) abort.abort(reason)
      return { status: 503 }
    }
    await expect(store.putAll(several, { signal: abort.signal })).rejects.toBe(reason)
  })
})

test('A request without an answer ends, and the error says that the keys may be written', async () => {
  await using proxy = await startProxy(url)
  const hung = newClient({ node: proxy.url })
  const index = await newIndex()
  const store = new ElasticStore(hung, { index, requestTimeoutMs: 300 })
  proxy.intercept = () => 'nothing at all'
  const error = await writeError(store.putAll(several))
  expect(error.message).toMatch(/: no answer within 300 ms \(4 of these may have been written\)$/)
  expect(error.failed.every(({ mayBeWritten }) => mayBeWritten)).toBe(true)
  await expect(store.get('a')).rejects.toThrow(': no answer within 300 ms')
  const abort = new AbortController()
  const reading = store.get('a', { signal: abort.signal })
  abort.abort('enough')
  await expect(reading).rejects.toBe('enough')
})

describe('With versions', () => {
  const at = (offset: number, text = ''): Uint8Array => new TextEncoder().encode(JSON.stringify({ offset, text }))
  const versionOf = (_: string, value: Uint8Array | undefined): number =>
    value === undefined ? 1000 : (JSON.parse(new TextDecoder().decode(value)) as { offset: number }).offset

  test('an older write changes nothing and is not an error', async () => {
    const store = new ElasticStore(client, { index: await newIndex(), versionOf })
    await store.putAll(
      new Map([
        ['a', at(10)],
        ['b', at(0)],
      ]),
    )
    await store.putAll(
      new Map([
        ['a', at(9)],
        ['b', at(9)],
        ['c', at(9)],
      ]),
    )
    expect(await store.getAll(['a', 'b', 'c'])).toEqual(
      new Map([
        ['a', at(10)],
        ['b', at(9)],
        ['c', at(9)],
      ]),
    )
    await store.put('a', at(10, 'the same offset again'))
    expect(await store.get('a')).toEqual(at(10))
    await store.delete('a')
    await store.put('a', at(999))
    expect(await store.get('a')).toBeUndefined()
    await store.put('a', at(1001))
    expect(await store.get('a')).toEqual(at(1001))
  })

  test('and offsets in the documents, a replay of partly written batches counts exactly', async () => {
    await using proxy = await startProxy(url)
    await using kafka = filledKafka(2000)
    const index = await newIndex()
    // A batch is several requests.
    const options = { index, versionOf, maxBatchBytes: 600, retryForMs: 0 }
    let bulks = 0
    proxy.intercept = ({ url }) => (url!.includes('_bulk') && ++bulks % 29 === 0 ? { status: 503 } : undefined)
    let partly = 0
    for (let life = 0; life < 200; life++) {
      const running = count(kafka, new ElasticStore(newClient({ node: proxy.url }), options), {
        batchSize: 100 - (life % 50),
        guarded: true,
      })
      const error: unknown = await running.then(
        () => undefined,
        (error: KasperError) => error.cause,
      )
      if (error === undefined) break
      expect(error).toBeInstanceOf(ElasticWriteError)
      if ((error as ElasticWriteError).written.length > 0) partly++
    }
    expect(partly).toBeGreaterThan(3)
    expect(await storedCounts(new ElasticStore(client, { index }))).toEqual(directCounts(2000))
  })

  test('an older write without a version replaces a newer one', async () => {
    const store = new ElasticStore(client, { index: await newIndex() })
    await store.put('a', at(10))
    await store.put('a', at(9))
    expect(await store.get('a')).toEqual(at(9))
  })

  test('an invalid version is an error, and nothing is sent', async () => {
    const store = new ElasticStore(client, { index: await newIndex(), versionOf: () => 0.5 })
    await expect(store.put('a', one)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('versionOf returned 0.5 for the key "a"'),
    })
    expect(await store.get('a')).toBeUndefined()
  })
})

test('flush does what its option says', async () => {
  const index = await newIndex({ settings: { refresh_interval: -1 } })
  const count = async (): Promise<number> => (await client.count({ index })).count
  const store = new ElasticStore(client, { index })
  await store.putAll(several)
  await store.flush()
  expect(await count()).toBe(0)
  await new ElasticStore(client, { index, flush: 'refresh' }).flush()
  expect(await count()).toBe(4)
  const flushes = async (): Promise<number> => (await client.indices.stats({ index, metric: 'flush' }))._all.total!.flush!.total
  const before = await flushes()
  await new ElasticStore(client, { index, flush: 'flush' }).flush()
  expect(await flushes()).toBe(before + 1)
})

test('A flush skips an index that is not created yet', async () => {
  const name = uniqueName()
  made.push(`${name}-acme`, `${name}-globex`)
  const store = new MultiElasticStore(client, { tenancy: (tenant) => `${name}-${tenant}`, create: true, flush: 'refresh' })
  await store.push(new MultiMap().set('acme', 'a', one))
  expect(await store.tenant('globex').get('a')).toBeUndefined()
  await store.flush()
  expect((await client.count({ index: `${name}-acme` })).count).toBe(1)
  const missing = new ElasticStore(client, { index: `${name}-globex`, flush: 'refresh' })
  await expect(missing.flush()).rejects.toThrow('index_not_found_exception')
})

test('A flush works for any number of tenants', async () => {
  await using proxy = await startProxy(url)
  const tenancy = (tenant: string): string => `${'long-'.repeat(20)}${tenant}`
  const store = new MultiElasticStore(newClient({ node: proxy.url }), { tenancy, create: true, flush: 'refresh' })
  for (let i = 0; i < 100; i++) store.tenant(`${i}`)
  await store.flush()
  const asked = proxy.requests.flatMap((it) => /\/(.*)\/_refresh/.exec(it)![1]!.split(','))
  expect(asked.sort()).toEqual(Array.from({ length: 100 }, (_, i) => tenancy(`${i}`)).sort())
})

test('The index may be an alias, also with the option create', async () => {
  const index = await newIndex()
  await client.indices.putAlias({ index, name: `${index}-alias` })
  for (const create of [false, true]) {
    const store = new ElasticStore(client, { index: `${index}-alias`, create })
    await store.put('a', document(String(create)))
    expect(await new ElasticStore(client, { index }).get('a')).toEqual(document(String(create)))
  }
})

test('A user who may write, but neither read nor create indices, can write', async () => {
  await using guarded = await startProxy(url)
  const index = await newIndex()
  // The proxy answers like Elasticsearch with security, which the test server does not have.
  guarded.intercept = ({ url }) =>
    url!.includes('_bulk')
      ? undefined
      : { status: 403, body: '{"error":{"type":"security_exception","reason":"action is unauthorized"},"status":403}' }
  for (const create of [false, true])
    await new ElasticStore(newClient({ node: guarded.url }), { index, create }).put(`${create}`, one)
  expect(await new ElasticStore(client, { index }).getAll(['true', 'false'])).toHaveProperty('size', 2)
})

test('Invalid options are refused', () => {
  for (const options of [{ requestTimeoutMs: 0 }, { retryForMs: -1 }, { maxBatchBytes: Number.NaN }])
    expect(() => new ElasticStore(client, { index: 'a', ...options })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
})
