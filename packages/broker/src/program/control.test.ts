import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { metadataApi } from '@kasper/protocol/messages'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { controlHandler } from './control.ts'
import { type ControlServer, serveControl } from './control-server.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { RawClient } from '../../test/raw-client.ts'

let kafka: EmbeddedKafka
let control: ControlServer

beforeEach(async () => {
  kafka = await EmbeddedKafka.listen()
  kafka.createTopic('orders', { partitions: 2 })
  control = await serveControl(kafka.faults, 0)
})
afterEach(async () => {
  await control.close()
  await kafka.close()
})

interface Answer {
  readonly status: number
  readonly body: unknown
}

async function ask(method: string, path: string, json?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const body = json === undefined ? {} : { body: JSON.stringify(json) }
  const type = json === undefined ? {} : { 'content-type': 'application/json' }
  const response = await fetch(control.url + path, { method, headers: { ...type, ...headers }, ...body })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

async function errorOfMetadata(): Promise<number> {
  await using raw = await RawClient.connect(kafka.brokers[0]!)
  return (await raw.call(metadataApi, 12, { topics: [{ name: 'orders' }] })).topics[0]!.errorCode
}

describe('faults', () => {
  it('can be set, listed and released', async () => {
    const given = { fault: 'failRequests', api: 'Metadata', topic: 'orders', error: 'LEADER_NOT_AVAILABLE', times: null }
    expect(await ask('POST', '/faults', given)).toEqual({ status: 201, body: { id: 1, ...given, struck: 0 } })
    expect(await errorOfMetadata()).toBe(5)
    expect(await ask('GET', '/faults/1')).toEqual({ status: 200, body: { id: 1, ...given, struck: 1 } })
    expect((await ask('POST', '/faults', { fault: 'holdCommits', groupId: 'g' })).body).toEqual({
      id: 2,
      fault: 'holdCommits',
      groupId: 'g',
    })
    expect((await ask('GET', '/faults')).body).toMatchObject([{ id: 1 }, { id: 2 }])
    expect(await ask('DELETE', '/faults/1')).toEqual({ status: 204, body: undefined })
    expect([await errorOfMetadata(), (await ask('GET', '/faults/1')).status]).toEqual([0, 404])
    await ask('DELETE', '/faults')
    expect((await ask('GET', '/faults')).body).toEqual([])
  })

  it('still tell how many operations they have hit when they are used up', async () => {
    await ask('POST', '/faults', { fault: 'failRequests', api: 'Metadata', error: 'LEADER_NOT_AVAILABLE', times: 2 })
    expect([await errorOfMetadata(), await errorOfMetadata(), await errorOfMetadata()]).toEqual([5, 5, 0])
    expect((await ask('GET', '/faults/1')).body).toMatchObject({ struck: 2 })
  })

  it('can be of every kind', async () => {
    const kinds = [
      ...['failProduce', 'loseAcks', 'failCommits', 'holdFetches', 'holdAcks', 'holdCommits'].map((fault) => ({ fault })),
      { fault: 'loseRequests', api: 'Produce', topic: 'orders', partition: 1, clientId: 'x' },
      { fault: 'loseResponses', api: 'EndTxn', transactionalId: 'x' },
      { fault: 'delayResponses', api: 'Fetch', delayMs: 50 },
      { fault: 'brokerAway' },
      { fault: 'cutOff', clientId: 'x' },
    ]
    for (const given of kinds) expect(await ask('POST', '/faults', given)).toMatchObject({ status: 201, body: given })
    expect(await ask('POST', '/faults', { fault: 'rebalance', groupId: 'g' })).toEqual({ status: 204, body: undefined })
    await ask('DELETE', '/faults')
    expect(await errorOfMetadata()).toBe(0)
    const move = { fault: 'moveLeader', topic: 'orders', partition: 0, broker: 1 }
    expect(await ask('POST', '/faults', move)).toEqual({ status: 204, body: undefined })
    expect(await ask('POST', '/faults', { ...move, topic: 'none' })).toMatchObject({ status: 400 })
  })

  it('are limited in number', async () => {
    const handle = controlHandler(kafka.faults)
    const headers = { 'content-type': 'application/json' }
    const set = async (): Promise<number> => {
      const body = JSON.stringify({ fault: 'loseAcks' })
      return (await handle(new Request('http://localhost/faults', { method: 'POST', headers, body }))).status
    }
    for (let i = 0; i < 1000; i++) expect(await set()).toBe(201)
    expect(await set()).toBe(409)
    await handle(new Request('http://localhost/faults/500', { method: 'DELETE' }))
    expect(await set()).toBe(201)
  })
})

describe('invalid requests', () => {
  it.each<[string, string, string, unknown, number, RegExp]>([
    ['another path', 'GET', '/', undefined, 404, /no \/; the paths are \/faults and/],
    ['no such fault', 'DELETE', '/faults/7', undefined, 404, /no fault 7/],
    ['another method', 'PUT', '/faults/7', {}, 405, /no PUT \/faults\/\{id\}; use GET/],
    ['no object', 'POST', '/faults', [1], 400, /JSON object, such as/],
    ['no name', 'POST', '/faults', {}, 400, /fault must be one of failProduce, .*cutOff, moveLeader, rebalance, but is missing/],
    ['another name', 'POST', '/faults', { fault: 'constructor' }, 400, /fault must be one of .*, but is "constructor"/],
    ['no error', 'POST', '/faults', { fault: 'failRequests', api: 'Fetch' }, 400, /needs error: one of .*NOT_LEADER_OR_FOLLOWER/],
    [
      'another API',
      'POST',
      '/faults',
      { fault: 'loseRequests', api: 'fetch' },
      400,
      /api must be one of Produce, .*, but is "fetch"/,
    ],
    ['no such broker', 'POST', '/faults', { fault: 'brokerAway', broker: 2 }, 400, /no broker 2, only 1/],
    ['an unknown property', 'POST', '/faults', { fault: 'cutOff', clientId: 'x', topic: 't' }, 400, /cutOff has no topic/],
    ['a client id that is a number', 'POST', '/faults', { fault: 'cutOff', clientId: 7 }, 400, /cutOff needs clientId: a string/],
  ])('%s', async (_, method, path, json, status, message) => {
    const answer = await ask(method, path, json)
    expect(answer).toEqual({ status, body: { error: expect.stringMatching(message) as string } })
  })

  it('malformed JSON, a body that is too long, another content type', async () => {
    const post = (body: string, type: string = 'application/json'): Promise<Response> =>
      fetch(`${control.url}/faults`, { method: 'POST', body, headers: { 'content-type': type } })
    expect((await post('{')).status).toBe(400)
    expect((await post(JSON.stringify({ fault: 'loseAcks' }), 'text/plain')).status).toBe(415)
    const long = JSON.stringify({ fault: 'loseAcks', topic: 'x'.repeat(70_000) })
    expect((await post(long)).status).toBe(413)
    expect((await ask('GET', '/faults')).body).toEqual([])
  })
})

/** Sends a request with headers that a script in a browser could not set. Returns the status. */
function raw(headers: Record<string, string>, path: string = '/faults'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(control.url, { method: 'DELETE', path, headers }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode!))
    })
    sent.on('error', reject)
    sent.end()
  })
}

it('refuses requests of web pages, under any name of this machine', async () => {
  const { host } = new URL(control.url)
  await ask('POST', '/faults', { fault: 'loseAcks' })
  expect(await raw({ host, origin: 'https://example.com' })).toBe(403)
  expect(await raw({ host, 'sec-fetch-site': 'cross-site' })).toBe(403)
  expect(await raw({ host: 'example.com' })).toBe(403)
  expect(await raw({ host: `rebound.example.com:${host.split(':')[1]}` })).toBe(403)
  expect(await raw({ host }, 'http://example.com/faults')).toBe(403)
  expect(await raw({ host: '::nonsense' })).toBe(400)
  expect((await ask('GET', '/faults')).body).toHaveLength(1)
  expect(await raw({ host: host.replace('127.0.0.1', 'localhost') })).toBe(204)
})

it('refuses a body that is too long before it ends', async () => {
  const { port } = new URL(control.url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    `POST /faults HTTP/1.1\r\nHost: ${control.url.slice(7)}\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n`,
  )
  socket.write(new Uint8Array(100_000))
  const answer = await new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(String(chunk))))
  expect(answer).toMatch(/^HTTP\/1.1 413/)
  socket.destroy()
  expect((await ask('GET', '/faults')).status).toBe(200)
})

it('rejects if the port is taken', async () => {
  const port = Number(new URL(control.url).port)
  await expect(serveControl(kafka.faults, port)).rejects.toThrow(/Cannot listen on 127\.0\.0\.1:\d+ for control: .*EADDRINUSE/)
})

it('runs the commands of the README', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const script = /```sh\n(curl [^`]*)```/.exec(readme)![1]!.replaceAll('http://127.0.0.1:9091', control.url)
  const { stdout } = await promisify(execFile)('sh', ['-euc', script.replaceAll('curl ', 'curl --fail-with-body --silent ')])
  expect(stdout).toContain('"struck":0')
  expect((await ask('GET', '/faults')).body).toEqual([])
})
