import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import { serve } from '@kasper/service'
import kafkajs from 'kafkajs'
import { expect, test, vi } from 'vitest'
import { readSpans } from '../test/spans.ts'

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs
// kafkajs itself has gzip only.
CompressionCodecs[CompressionTypes.ZSTD] = () => ({ decompress: promisify(zstdDecompress) })

// Each test runs the whole program, some run it twice.
vi.setConfig({ testTimeout: 180_000 })

const main = fileURLToPath(new URL('main.ts', import.meta.url))

/** Runs the demo as a process, on the embedded Kafka. Calls `onOutput` with the whole output so far. */
function demo(
  args: readonly string[],
  onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  const seen = (): void => onOutput?.(out + err, (signal) => child.kill(signal))
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    seen()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
    seen()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

test('ends by itself with tables, throughput, an exact result and the peak of memory', async () => {
  const { code, out, err } = await demo(['--messages', '2000'])
  expect(out).toMatch(/^2,000 flights, on the embedded Kafka at 127\.0\.0\.1:\d+, state kept in memory$/m)
  expect(out).toMatch(/^Busiest airports$/m)
  expect(out).toMatch(/^Most delayed airports, of those with \d+ flights or more$/m)
  expect(out).toMatch(/^5,376 messages processed at [\d,]+ messages\/s$/m)
  expect(out).toMatch(/^exact: /m)
  expect(out).toMatch(/^[\d.]+ s in all, \d+ MB of memory at the peak$/m)
  expect(err).toMatch(/^processing +5,376 messages in [\d.]+ s, [\d,]+ messages\/s$/m)
  expect(code).toBe(0)
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it cleanly, with exit code 130', async (signal) => {
  let sent = false
  const { code, out, err } = await demo([], (text, kill) => {
    if (sent || !text.includes('loading')) return
    sent = true
    // A terminal and npm send one Ctrl-C as several signals.
    kill(signal)
    kill(signal)
  })
  expect(err).toContain('Closing: ')
  expect(out).toMatch(/^Interrupted with [\d,]+ .*The embedded Kafka ends with this process: the next run starts over\.$/m)
  expect(code).toBe(130)
})

test('while it runs, any client can look at its topics', async () => {
  let looking: Promise<void> | undefined
  const lines: string[] = []
  /** Reads flights while they are being loaded. */
  const look = async (broker: string, kill: (signal: NodeJS.Signals) => void): Promise<void> => {
    const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING })
    const consumer = kafka.consumer({ groupId: 'looking', allowAutoTopicCreation: false })
    try {
      await consumer.connect()
      const seen = Promise.withResolvers<void>()
      const subscribe = (): Promise<void> => consumer.subscribe({ topic: 'kasper-demo.flights', fromBeginning: true })
      // The topic does not exist yet.
      while (
        !(await subscribe().then(
          () => true,
          () => false,
        ))
      )
        await sleep(20)
      await consumer.run({
        eachMessage: async ({ message }) => {
          lines.push(`${String(message.key)} ${String(message.value)}`)
          if (lines.length >= 100) seen.resolve()
        },
      })
      await seen.promise
      await consumer.disconnect()
    } finally {
      kill('SIGINT')
    }
  }
  const { code, out } = await demo([], (text, kill) => {
    const broker = /^3,000,000 flights, on the embedded Kafka at (\S+),/m.exec(text)?.[1]
    if (broker !== undefined) looking ??= look(broker, kill)
  })
  await looking
  expect(out).toMatch(/^Any Kafka tool can look at its topics there while this runs\.$/m)
  expect(lines[0]).toMatch(/^[A-Z]{3} {"date":"2001-/)
  expect(code).toBe(130)
})

test('--http serves metrics and health while it runs', async () => {
  const pages: Record<string, string> = {}
  let looking: Promise<void> | undefined
  /** Requests the pages until the demo processes. Resolves when all three pages are right. */
  const look = async (port: string, kill: (signal: NodeJS.Signals) => void): Promise<void> => {
    const page = async (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`)
    try {
      while ((await page('/readyz')).status !== 200) await sleep(50)
      while (!/^kasper_incoming_messages_total{.*} [1-9]/m.test((pages['metrics'] = await (await page('/metrics')).text()))) {
        await sleep(50)
      }
      pages['livez'] = await (await page('/livez')).text()
    } finally {
      kill('SIGINT')
    }
  }
  const { code, out } = await demo(['--http', '0', '--messages', '500000'], (text, kill) => {
    const port = /^http:\/\/localhost:(\d+): /m.exec(text)?.[1]
    if (port !== undefined) looking ??= look(port, kill)
  })
  await looking
  expect(pages['metrics']).toMatch(/^kasper_store_calls_total{.*store="memory:delays",operation="putAll".*} [1-9]/m)
  expect(pages['metrics']).toMatch(/^process_resident_memory_bytes [1-9]/m)
  expect(JSON.parse(pages['livez']!)).toMatchObject({ ok: true, processors: [{ processor: 'flight-delays', state: 'running' }] })
  expect(out).toMatch(/^Interrupted with /m)
  expect(code).toBe(130)
})

test('--trace FILE: one connected set of traces, from the first send to the last consumer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flight-delays-'))
  const file = join(folder, 'spans.jsonl')
  const { code, err } = await demo(['--messages', '20000', '--trace', file])
  expect(err).not.toMatch(/traces/)
  expect(code).toBe(0)
  const spans = readSpans(file)
  rmSync(folder, { recursive: true })
  const [airports, flights, delays] = ['kasper-demo.airports', 'kasper-demo.flights', 'kasper-demo.delays']
  const sends = [`send ${airports}`, `send ${flights}`]
  for (const name of sends) expect(spans.origins(name)).toEqual([name]) // The producers of the loader begin the traces.
  for (const name of [`process ${flights}`, `send ${delays}`, `process ${delays}`]) {
    expect(spans.names).toContain(name)
    expect(sends).toEqual(expect.arrayContaining([...spans.origins(name)]))
    expect(spans.origins(name)).toContain(`send ${flights}`)
  }
  expect(spans.names.filter((name) => spans.origins(name).some((origin) => !sends.includes(origin)))).toEqual([])
  expect(spans.broken).toEqual([])
  for (const name of [`send ${flights}`, `send ${delays}`, `process ${delays}`]) expect(spans.messages(name)).toBe(20_000)
})

test('--trace URL: to an OTLP endpoint; one that is not there costs nothing but the traces', async () => {
  const requests: string[] = []
  const collector = createServer((request, response) => {
    void buffer(request).then((body) => {
      requests.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body.toString('latin1')}`)
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
    })
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  expect((await demo(['--messages', '2000', '--trace', url])).code).toBe(0)
  expect(requests.length).toBeGreaterThan(0)
  for (const request of requests) expect(request).toMatch(/^POST \/v1\/traces application\/x-protobuf /)
  for (const name of ['send kasper-demo.flights', 'process kasper-demo.delays']) expect(requests.join()).toContain(name)
  await new Promise((resolve) => collector.close(resolve))
  const { code, out, err } = await demo(['--messages', '2000', '--trace', url])
  expect(out).toMatch(/^exact: /m)
  expect(err).toMatch(new RegExp(`^The traces for ${url} are not complete: .+$`, 'm'))
  expect(code).toBe(0)
})

test('a file for traces that cannot be written is an error before anything is loaded', async () => {
  const { code, out, err } = await demo(['--trace', '/nowhere/spans.jsonl'])
  expect(err).toMatch(/^--trace \/nowhere\/spans.jsonl: ENOENT.*\n$/)
  expect(out).toBe('')
  expect(code).toBe(1)
})

test('a port that is taken is an error before anything is loaded', async () => {
  await using server = await serve(() => new Response(), { port: 0 })
  const { code, out, err } = await demo(['--http', String(server.port)])
  expect(err).toMatch(new RegExp(`^cannot listen on port ${server.port}: .*\\n$`))
  expect(out).toBe('')
  expect(code).toBe(1)
})

test('--help', async () => {
  const { code, out } = await demo(['--help'])
  expect(out).toContain('--messages N')
  expect(code).toBe(0)
})

test('bad arguments are one line, and exit code 2; too many messages, 1', async () => {
  expect(await demo(['--messages', 'x'])).toEqual({
    code: 2,
    out: '',
    err: '--messages x: give a whole number, at least 1\nSee --help.\n',
  })
  expect(await demo(['--messages', '3000001'])).toEqual({
    code: 1,
    out: '',
    err: '--messages 3000001: the file has 3,000,000 flights\n',
  })
})
