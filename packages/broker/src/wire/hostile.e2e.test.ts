// Hostile clients of a broker in a process of its own: its memory stays bounded, and other clients are served.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import process from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { execFileSync } from 'node:child_process'
import * as zlib from 'node:zlib'
import { compressBatch, errorCodes, sealBatch } from '@kasper/protocol'
import { lz4, snappy } from '@kasper/protocol/compression'
import { createTopicsApi, metadataApi, produceApi } from '@kasper/protocol/messages'
import { afterEach, describe, expect, it } from 'vitest'
import { recordBatch } from '../../test/record-batch.ts'
import { RawClient } from '../../test/raw-client.ts'

type Child = ChildProcessByStdio<Writable, Readable, null>

const cli = new URL('../program/cli.ts', import.meta.url).pathname
const attacker = new URL('../../test/hostile/attacker.ts', import.meta.url).pathname
const children: Child[] = []

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
})

function start(command: string, ...args: string[]): Child {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  return child
}

/** The next line that a program prints. */
async function lineOf({ stdout }: Child): Promise<string> {
  return String((await once(stdout, 'data'))[0]).trim()
}

interface TestedBroker {
  readonly process: Child
  readonly address: string
  readonly port: string
}

async function startBroker(...command: string[]): Promise<TestedBroker> {
  const [program, ...args] = command.length > 0 ? command : [process.execPath, cli, '--port', '0']
  const child = start(program!, ...args)
  const address = (await lineOf(child)).replace('Kafka listens on ', '')
  return { process: child, address, port: address.split(':')[1]! }
}

/** The present or the peak memory of a process, in megabytes. */
function megabytes({ process: { pid } }: TestedBroker, what: 'now' | 'most'): number {
  const status = `/proc/${pid}/status`
  if (!existsSync(status)) return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
  const line = what === 'now' ? /^VmRSS:\s+(\d+) kB/m : /^VmHWM:\s+(\d+) kB/m
  return Number(line.exec(readFileSync(status, 'utf8'))![1]) / 1024
}

async function attack(mode: string, { port }: TestedBroker, count: number): Promise<Child> {
  const child = start(process.execPath, attacker, mode, port, String(count))
  expect(await lineOf(child)).toBe('ready')
  return child
}

/** The number of open connections of a process. */
async function openOf(child: Child): Promise<number> {
  child.stdin.write('?\n')
  return Number(await lineOf(child))
}

const topicsOf = async (raw: RawClient): Promise<(string | null)[]> =>
  (await raw.call(metadataApi, 13, { topics: null })).topics.map(({ name }) => name)

/** A client that keeps sending requests, and is answered. */
async function whileBusy<T>(raw: RawClient, attacking: Promise<T>): Promise<T> {
  let under = true
  const end = (): boolean => (under = false)
  attacking.then(end, end)
  while (under) expect(await topicsOf(raw)).toEqual(['large'])
  return await attacking
}

/** Checks that a new client is served, perhaps after some attempts. */
async function expectService({ address }: TestedBroker): Promise<void> {
  await expect
    .poll(async () => {
      await using raw = await RawClient.connect(address)
      return await topicsOf(raw)
    })
    .toContain('large')
}

async function createTopic({ address }: TestedBroker): Promise<void> {
  await using raw = await RawClient.connect(address)
  await raw.call(createTopicsApi, 7, { topics: [{ name: 'large', numPartitions: 100, replicationFactor: 1 }] })
}

const batchOf = (bytes: number): Uint8Array => recordBatch('\0'.repeat(bytes))

describe('memory stays bounded, and other clients are served', { timeout: 180_000 }, () => {
  it('with 10,500 abandoned connections, which is more than the limit', async () => {
    const limit = execFileSync('sh', ['-c', 'ulimit -H -n'], { encoding: 'utf8' }).trim()
    const enough = limit === 'unlimited' || Number(limit) >= 11_000
    expect(enough, `a process has to be allowed 11,000 open files for this test; ulimit -H -n says ${limit}`).toBe(true)
    const broker = await startBroker()
    await createTopic(broker)
    await using early = await RawClient.connect(broker.address)
    await topicsOf(early)
    const before = megabytes(broker, 'now')
    const idle = [await attack('idle', broker, 5000), await whileBusy(early, attack('idle', broker, 5500))]
    await expectService(broker)
    expect(await topicsOf(early)).toEqual(['large'])
    await expect.poll(async () => (await openOf(idle[0]!)) + (await openOf(idle[1]!))).toBeLessThan(10_000)
    expect(await openOf(idle[1]!)).toBe(5500) // the least recently active ones were closed
    expect(megabytes(broker, 'now') - before).toBeLessThan(120)
  })

  it('with 3,000 connections that send a byte from time to time', async () => {
    const broker = await startBroker()
    await createTopic(broker)
    const before = megabytes(broker, 'now')
    const slow = await attack('drops', broker, 3000)
    await expectService(broker)
    expect(await openOf(slow)).toBe(3000)
    expect(megabytes(broker, 'now') - before).toBeLessThan(120)
  })

  it('with 40 connections that send 60 of 100 MB', async () => {
    const broker = await startBroker()
    await createTopic(broker)
    await attack('drops', broker, 1000)
    const half = await attack('half', broker, 40)
    await expectService(broker)
    // As many connections as there is memory for.
    const open = await openOf(half)
    expect(open).toBeLessThan(12)
    expect(open).toBeGreaterThan(3)
    // All of them would need 2.4 GB.
    expect(megabytes(broker, 'most')).toBeLessThan(1500)
  })

  it('with 60 connections that request 40 MB three times, and read nothing', async () => {
    const broker = await startBroker()
    await createTopic(broker)
    await using raw = await RawClient.connect(broker.address)
    const batch = batchOf(10_000)
    for (let i = 0; i < 40; i++) {
      const partitionData = Array.from({ length: 100 }, (_, index) => ({ index, records: batch }))
      await raw.call(produceApi, 9, { acks: -1, topicData: [{ name: 'large', partitionData }] })
    }
    await attack('deaf', broker, 60)
    await expectService(broker)
    expect(megabytes(broker, 'most')).toBeLessThan(1000)
  })

  it('with records that expand to a thousand times their size', async () => {
    const broker = await startBroker()
    await createTopic(broker)
    await using raw = await RawClient.connect(broker.address)
    const zeros = new Uint8Array(200_000_000)
    const repeated = (bytes: Uint8Array, times: number): Uint8Array => Buffer.concat(Array.from({ length: times }, () => bytes))
    const bombs = {
      gzip: repeated(zlib.gzipSync(zeros), 5), // 1 GB
      zstd: repeated(zlib.zstdCompressSync(zeros), 50), // 10 GB
      lz4: lz4.compress(zeros),
      snappy: snappy.compress(zeros).subarray(0, 1_000_000),
    }
    for (const [name, bomb] of Object.entries(bombs)) {
      const codec = { compress: () => bomb, decompress: () => bomb }
      const batch = compressBatch(batchOf(10), 0, name as keyof typeof bombs, { [name]: codec })
      sealBatch(batch, 0)
      expect(batch.length, name).toBeLessThan(1_048_588)
      for (let i = 0; i < 15; i++) {
        const topicData = [{ name: 'large', partitionData: [{ index: 0, records: batch }] }]
        const answer = await raw.call(produceApi, 9, { acks: -1, topicData })
        expect(answer.responses[0]!.partitionResponses[0]!.errorCode, name).toBe(errorCodes.INVALID_RECORD)
      }
    }
    await expectService(broker)
    // Each may expand to 100 MB before it is rejected, and some wait for garbage collection. All together would need 6 GB.
    expect(megabytes(broker, 'most')).toBeLessThan(2000)
  })

  it('with requests that name millions of topics', async () => {
    const broker = await startBroker()
    await createTopic(broker)
    // Empty names, which take two bytes each.
    const names = 4_000_000
    const frame = new Uint8Array(4 + 10 + 4 + names * 2)
    const view = new DataView(frame.buffer)
    view.setInt32(0, frame.length - 4)
    view.setInt16(4, metadataApi.key)
    view.setInt16(6, 1)
    view.setInt16(12, -1)
    view.setInt32(14, names)
    for (let i = 0; i < 3; i++) {
      await using raw = await RawClient.connect(broker.address)
      expect(await raw.send(frame)).toBeUndefined()
    }
    await expectService(broker)
    expect(megabytes(broker, 'most')).toBeLessThan(500)
  })

  it('when the process runs out of files', async () => {
    const broker = await startBroker('sh', '-c', `ulimit -n 1024 && exec "$0" "$1" --port 0`, process.execPath, cli)
    await createTopic(broker)
    await using early = await RawClient.connect(broker.address)
    await whileBusy(early, attack('idle', broker, 2500))
    await expectService(broker)
    expect(await topicsOf(early)).toEqual(['large'])
  })
})
