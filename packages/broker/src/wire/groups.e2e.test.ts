// Unmodified clients of other projects are members of the same groups, with the classic protocol, the consumer protocol, and both.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { consumerGroupDescribeApi, describeGroupsApi, incrementalAlterConfigsApi } from '@kasper/protocol/messages'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serviceNamed } from '../../../../scripts/services/all.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { confluentKafka } from '../../test/clients/confluent-kafka.ts'
import { readAssignment } from '../groups/embedded-protocol.ts'
import { RawClient } from '../../test/raw-client.ts'

const programs = fileURLToPath(new URL('../../test/clients/', import.meta.url))
const TOPIC = 't'
const PARTITIONS = 12
const LIMIT_MS = 150_000

let kafka: EmbeddedKafka
let raw: RawClient
let java: string[]
let python: NodeJS.ProcessEnv
const running = new Set<Program>()
/** The values that members have read, by group. */
const read = new Map<string, Set<string>>()
let written = 0

beforeAll(async () => {
  kafka = await EmbeddedKafka.listen()
  kafka.createTopic(TOPIC, { partitions: PARTITIONS })
  raw = await RawClient.connect(kafka.brokers[0]!)
  const { dir, java: program } = await serviceNamed('kafka').install({ say: () => {} })
  const quiet = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-Dlog4j2.level=ERROR']
  java = [program!, '-Xmx256m', '-XX:+UseSerialGC', ...quiet, '-cp', join(dir, '*')]
  python = { ...process.env, PYTHONPATH: await confluentKafka() }
}, 300_000)
afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  await raw[Symbol.asyncDispose]()
  await kafka.close()
})

interface Program {
  readonly child: ChildProcessByStdio<Writable, Readable, null>
  readonly lines: AsyncIterator<string>
}

function start([program, ...args]: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Program {
  const child = spawn(program!, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const started = { child, lines }
  running.add(started)
  child.once('exit', () => running.delete(started))
  return started
}

/** A program with members of groups. */
function crew(command: readonly string[], options?: { cwd?: string; env?: NodeJS.ProcessEnv }): Program {
  const program = start(command, options)
  void (async () => {
    for (let line = await program.lines.next(); !line.done; line = await program.lines.next()) {
      const [group, ...values] = line.value.split(' ')
      const seen = read.get(group!) ?? new Set()
      for (const value of values) seen.add(value)
      read.set(group!, seen)
    }
  })()
  return program
}

async function until(what: string, holds: () => boolean | Promise<boolean>, detail: () => unknown = () => ''): Promise<void> {
  for (const limit = Date.now() + LIMIT_MS; !(await holds()); await sleep(50))
    if (Date.now() > limit) throw new Error(`${what} did not come about: ${JSON.stringify(await detail())}`)
}

/** The number of partitions of each member, while nothing changes. */
async function shares(groupId: string): Promise<{ type: string; shares: number[] } | undefined> {
  const [newer] = (await raw.call(consumerGroupDescribeApi, 1, { groupIds: [groupId] })).groups
  const [older] = (await raw.call(describeGroupsApi, 6, { groups: [groupId] })).groups
  const isNewer = newer!.errorCode === 0
  if ((isNewer ? newer : older)!.groupState !== 'Stable') return undefined
  const assigned = isNewer
    ? newer!.members.map(({ assignment }) => assignment.topicPartitions.flatMap(({ partitions }) => partitions))
    : older!.members.map(({ memberAssignment }) => readAssignment(memberAssignment).flatMap(({ partitions }) => partitions))
  const numbers = assigned.flat()
  // No partition has two owners.
  expect(new Set(numbers).size).toBe(numbers.length)
  if (numbers.length < PARTITIONS) return undefined
  const kinds = isNewer ? newer!.members.map(({ memberType }) => memberType).sort((a, b) => a - b) : []
  return {
    type: isNewer ? `newer ${kinds.join('')}` : 'older',
    shares: assigned.map(({ length }) => length).sort((a, b) => a - b),
  }
}

async function shared(groupId: string, type: string, ...expected: readonly number[]): Promise<void> {
  const wanted = JSON.stringify({ type, shares: expected })
  let last: unknown
  const found = async (): Promise<boolean> => JSON.stringify((last = await shares(groupId))) === wanted
  await until(`Group ${groupId} as ${wanted}`, found, () => last)
}

/** Writes messages, and waits until they have been read in all of these groups. */
async function everythingArrives(...groups: readonly string[]): Promise<void> {
  const messages = Array.from({ length: 600 }, (_, i) => ({ topic: TOPIC, key: String(i), value: String(written + i) }))
  kafka.append(messages)
  written += messages.length
  const missing = (): [string, number][] =>
    groups.map((group): [string, number] => [group, written - (read.get(group)?.size ?? 0)]).filter(([, count]) => count > 0)
  await until('Everything read', () => missing().length === 0, missing)
}

/** Runs one of Kafka's command-line tools, and returns its output. */
async function tool({ child, lines }: Program, ...args: readonly string[]): Promise<string> {
  const [name, ...more] = args
  child.stdin.write(`${[name, '--bootstrap-server', kafka.brokers[0], ...more].join(' ')}\n`)
  let printed = ''
  for (;;) {
    const line = await lines.next()
    if (line.done) throw new Error(`${name} ended: ${printed}`)
    if (line.value === '.') return printed
    printed += `${line.value}\n`
  }
}

// Session timeouts as short as the clients use in the classic protocol, so that a killed member is noticed soon.
async function configure(groupId: string): Promise<void> {
  const setting = (name: string, value: string): object => ({ name, configOperation: 0, value })
  const configs = [setting('consumer.session.timeout.ms', '5000'), setting('consumer.heartbeat.interval.ms', '300')]
  const request = { resources: [{ resourceType: 32, resourceName: groupId, configs: configs as never }] }
  expect((await raw.call(incrementalAlterConfigsApi, 1, request)).responses[0]).toMatchObject({ errorCode: 0 })
}

it(
  'kafka-clients, librdkafka, franz-go and kafkajs share groups of both protocols, and mixed ones',
  { timeout: 400_000 },
  async () => {
    const broker = kafka.brokers[0]!
    await configure('newer')
    await configure('moving')
    const members = [...java, join(programs, 'Members.java'), broker, TOPIC]
    const rdkafka = ['python3', join(programs, 'members.py'), broker, TOPIC]
    const inJava = crew([...members, 'older=classic', 'newer=consumer', 'moving=classic'])
    const inPython = crew([...rdkafka, 'older=classic', 'newer=consumer'], { env: python })
    crew(['go', 'run', './member', broker, TOPIC, 'older=classic', 'newer=consumer'], { cwd: join(programs, 'franz') })
    crew([process.execPath, join(programs, 'kafkajs-member.ts'), broker, TOPIC, 'older'])
    const commands = start([...java, join(programs, 'Commands.java')])
    await shared('older', 'older', 3, 3, 3, 3)
    await shared('newer', 'newer 111', 4, 4, 4)
    await shared('moving', 'older', 12)
    await everythingArrives('older', 'newer', 'moving')

    // A member joins. With the consumer protocol, it converts the whole group.
    const another = crew([...rdkafka, 'newer=consumer', 'moving=consumer'], { env: python })
    await shared('newer', 'newer 1111', 3, 3, 3, 3)
    await shared('moving', 'newer 01', 6, 6)
    await everythingArrives('older', 'newer', 'moving')

    // A member is killed while it works.
    const arrives = everythingArrives('older', 'newer', 'moving')
    another.child.kill('SIGKILL')
    await once(another.child, 'exit')
    await arrives
    await shared('newer', 'newer 111', 4, 4, 4)
    await shared('moving', 'older', 12)
    await everythingArrives('older', 'newer', 'moving')

    // A member leaves.
    inJava.child.stdin.write('older\n')
    inPython.child.stdin.write('newer\n')
    await shared('older', 'older', 4, 4, 4)
    await shared('newer', 'newer 11', 6, 6)
    await everythingArrives('older', 'newer', 'moving')

    // Kafka's own tools.
    const configured = await tool(
      commands,
      'kafka.admin.ConfigCommand',
      '--describe',
      '--entity-type',
      'groups',
      '--entity-name',
      'newer',
    )
    expect(configured).toMatch(/consumer.session.timeout.ms=5000 /)
    const groups = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand'
    expect(await tool(commands, groups, '--list', '--type', 'consumer')).toMatch(/^newer +Consumer\s*$/m)
    expect(await tool(commands, groups, '--describe', '--group', 'newer', '--state')).toMatch(/newer .*uniform +Stable +2\s/)
    const listed = await tool(commands, groups, '--describe', '--group', 'newer', '--members', '--verbose')
    expect(listed).toMatch(/newer .*consumer-newer-\d+ +6 /)
    const offsets = await tool(commands, groups, '--describe', '--group', 'newer')
    expect(offsets.match(/^newer +t +\d+ +\d+ +\d+ +0 /gm)).toHaveLength(PARTITIONS)
    expect(await tool(commands, groups, '--delete', '--group', 'newer')).toContain('GroupNotEmptyException')

    for (const { child } of running) if (child !== commands.child) child.stdin.end()
    await until('Everybody gone', () => running.size === 1)
    const reset = ['--reset-offsets', '--group', 'newer', '--topic', TOPIC, '--to-offset', '7', '--execute']
    expect((await tool(commands, groups, ...reset)).match(/^newer +t +\d+ +7/gm)).toHaveLength(PARTITIONS)
    expect(kafka.committed('newer', TOPIC, 3)).toBe(7)
    expect(await tool(commands, groups, '--delete', '--group', 'newer')).toContain('was successful')
    expect(await tool(commands, groups, '--list')).not.toContain('newer')
  },
)
