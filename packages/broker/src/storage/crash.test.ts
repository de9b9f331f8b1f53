// npx @kasper/broker --data is killed while clients write to it.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { errorCodes as code } from '@kasper/protocol'
import { createTopicsApi, offsetCommitApi } from '@kasper/protocol/messages'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { RawClient } from '../../test/raw-client.ts'
import { addPartitions, endTransaction, initProducer, produce } from '../../test/test-producer.ts'

const program = new URL('../program/cli.ts', import.meta.url).pathname
const KILLS = 2
const text = new TextDecoder()

type Child = ChildProcessByStdio<null, Readable, Readable>
let directory: string
let children: Child[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kasper-crash-'))
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  rmSync(directory, { recursive: true, maxRetries: 10 })
})

function run(command: string, ...args: string[]): Child {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  return child
}

/** The output of the process, until it ends. */
async function outcome(child: Child): Promise<{ code: number; error: string }> {
  let error = ''
  child.stderr.on('data', (chunk) => (error += String(chunk)))
  const [exitCode] = (await once(child, 'close')) as [number]
  return { code: exitCode, error }
}

/** A broker in a process of its own, which is killed and restarted while clients use it. */
class Victim {
  readonly #options: readonly string[]
  #child: Child | undefined
  #started: Promise<string> | undefined

  constructor(...options: readonly string[]) {
    this.#options = options
  }

  /** The address that it listens on. */
  get address(): Promise<string> {
    this.#started ??= this.#start()
    return this.#started
  }

  async kill(): Promise<void> {
    await this.address
    const ended = this.end('SIGKILL')
    this.#started = ended.then(() => this.#start())
    await ended
  }

  /** Ends the process with this signal. */
  async end(signal: NodeJS.Signals): Promise<void> {
    await this.address
    const closed = once(this.#child!, 'close')
    this.#child!.kill(signal)
    await closed
  }

  /** Calls `work` with a connection, and again with another connection if that breaks. */
  async retry<T>(call: (raw: RawClient) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        await using raw = await RawClient.connect(await this.address)
        return await call(raw)
      } catch (error) {
        if (!/connection was closed|ECONNREFUSED|ECONNRESET/.test((error as Error).message)) throw error
      }
    }
  }

  async #start(): Promise<string> {
    this.#child = run(process.execPath, program, '--port', '0', '--data', directory, ...this.#options)
    const { stdout, stderr } = this.#child
    let error = ''
    stderr.on('data', (chunk) => (error += String(chunk)))
    const [line] = (await Promise.race([once(stdout, 'data'), once(this.#child, 'close').then(() => [error])])) as [unknown]
    const found = /^Kafka listens on (\S+)\n/.exec(String(line))
    if (found === null) throw new Error(`it did not start: ${String(line)}`)
    return found[1]!
  }
}

const createTopics = (raw: RawClient, ...names: string[]): Promise<unknown> =>
  raw.call(createTopicsApi, 7, { topics: names.map((name) => ({ name, numPartitions: 1, replicationFactor: 1 })) })

it('an idempotent producer writes everything once, and committed offsets stay', { timeout: 120_000 }, async () => {
  // Without fsync, the operating system keeps written data even if the process is killed.
  const broker = new Victim('--no-fsync')
  await broker.retry((raw) => createTopics(raw, 't', 'u'))
  let acked = 0
  let over = false
  const producing = ['t', 't', 'u'].map(async (topic, i) => {
    const producer = await broker.retry((raw) => initProducer(raw))
    let sequence = 0
    for (; !over; sequence++) {
      const options = { ...producer, sequence }
      const [errorCode] = await broker.retry((raw) => produce(raw, { topic }, `${i}-${sequence}`, options))
      expect(errorCode).toBe(code.NONE)
      acked++
    }
    return sequence
  })
  let committed = 0
  const committing = (async () => {
    for (; !over; committed++) {
      const partitions = [{ partitionIndex: 0, committedOffset: committed + 1 }]
      const request = { groupId: 'g', generationIdOrMemberEpoch: -1, topics: [{ name: 't', partitions }] }
      const answer = await broker.retry((raw) => raw.call(offsetCommitApi, 8, request))
      expect(answer.topics[0]!.partitions[0]!.errorCode).toBe(code.NONE)
    }
  })()
  for (let kill = 0; kill < KILLS; kill++) {
    const enough = acked + 50
    await expect.poll(() => acked).toBeGreaterThanOrEqual(enough)
    await broker.kill()
  }
  over = true
  const counts = await Promise.all(producing)
  await committing
  await broker.end('SIGKILL')

  await using kafka = await EmbeddedKafka.listen({ data: directory })
  const values = ['t', 'u'].flatMap((topic) => kafka.read(topic).map(({ value }) => text.decode(value!)))
  for (const [i, count] of counts.entries()) {
    const own = values.filter((value) => value.startsWith(`${i}-`))
    expect(own).toEqual(Array.from({ length: count }, (_, sequence) => `${i}-${sequence}`))
  }
  expect(kafka.committed('g', 't', 0)).toBe(committed)
})

it('a transaction takes effect as a whole or not at all, and continues after a crash', { timeout: 120_000 }, async () => {
  const broker = new Victim()
  await broker.retry((raw) => createTopics(raw, 'a', 'b'))
  const wanted: string[] = []
  let kills = 0
  const transactionalId = 'x'
  const producer = await broker.retry((raw) => initProducer(raw, transactionalId))
  let sequence = 0
  for (let i = 0; i < 40; i++) {
    const values = [`${i}.0`, `${i}.1`]
    // The kill can happen before, between and after its requests.
    const killed = i % 14 === 13 ? broker.kill().then(() => kills++) : undefined
    await broker.retry((raw) => addPartitions(raw, transactionalId, producer, 'a', 'b'))
    for (const value of values) {
      const options = { ...producer, sequence, transactionalId }
      for (const topic of ['a', 'b']) {
        const [errorCode] = await broker.retry((raw) => produce(raw, { topic }, value, options))
        expect(errorCode).toBe(code.NONE)
      }
      sequence++
    }
    const commits = i % 3 !== 0
    expect(await broker.retry((raw) => endTransaction(raw, transactionalId, producer, commits))).toBe(code.NONE)
    if (commits) wanted.push(...values)
    await killed
  }
  // A transaction that stays open.
  await broker.retry((raw) => addPartitions(raw, transactionalId, producer, 'a', 'b'))
  await broker.retry((raw) => produce(raw, { topic: 'a' }, 'open', { ...producer, sequence, transactionalId }))
  await broker.kill()
  expect(kills).toBe(KILLS)
  expect(await broker.retry((raw) => endTransaction(raw, transactionalId, producer, true))).toBe(code.NONE)
  await broker.end('SIGTERM')

  await using kafka = await EmbeddedKafka.listen({ data: directory })
  const read = (topic: string): string[] => kafka.read(topic).map(({ value }) => text.decode(value!))
  expect(read('a')).toEqual([...wanted, 'open'])
  expect(read('b')).toEqual(wanted)
})

it('one process at a time can use the directory, and errors say what is wrong', async () => {
  const broker = new Victim()
  await broker.address
  const second = await outcome(run(process.execPath, program, '--port', '0', '--data', directory))
  expect(second.code).toBe(1)
  expect(second.error).toMatch(/^\S+ is in use by process \d+; stop that process, or choose another data directory/)
  await expect(EmbeddedKafka.listen({ data: directory })).rejects.toMatchObject({ code: 'DATA_UNUSABLE' })
  await broker.kill()
  expect(await broker.address).toMatch(/^127/)

  const file = join(directory, 'file')
  writeFileSync(file, '')
  const nowhere = await outcome(run(process.execPath, program, '--port', '0', '--data', join(file, 'data')))
  expect(nowhere.code).toBe(1)
  expect(nowhere.error).toMatch(/^Cannot store data in \S+: ENOTDIR.*; choose a directory that this user may write to/)
})

it('a full disk causes errors, and acknowledged records are there when the disk has room again', async () => {
  // Limits the size of each file to this many blocks of 1024 bytes.
  const child = run('bash', '-c', `ulimit -f 64; exec '${process.execPath}' '${program}' --port 0 --data '${directory}'`)
  const ended = outcome(child)
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const address = /on (\S+)\n/.exec(String(line))![1]!
  await using raw = await RawClient.connect(address)
  await createTopics(raw, 't')
  let acked = 0
  let errorCode = 0
  while (errorCode === 0 && acked < 100) {
    ;[errorCode] = await produce(raw, { topic: 't' }, `${acked} `.padEnd(3000, '.'))
    if (errorCode === 0) acked++
  }
  expect(errorCode).toBe(code.KAFKA_STORAGE_ERROR)
  expect(acked).toBeGreaterThan(10)
  expect(acked).toBeLessThan(30)
  expect((await produce(raw, { topic: 't' }, 'later'))[0]).toBe(code.KAFKA_STORAGE_ERROR)
  child.kill('SIGTERM')
  expect((await ended).error).toMatch(/Cannot write to \S+: EFBIG.*stores and acknowledges nothing/)
  await using kafka = await EmbeddedKafka.listen({ data: directory })
  expect(kafka.read('t').map(({ value }) => text.decode(value!).split(' ')[0])).toEqual(
    Array.from({ length: acked }, (_, i) => `${i}`),
  )
})
