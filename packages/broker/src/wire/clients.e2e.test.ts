// Unmodified clients of other projects use EmbeddedKafka. Their programs are in test/clients.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serviceNamed } from '../../../../scripts/services/all.ts'
import { run } from '../../../../scripts/services/processes.ts'
import { confluentKafka } from '../../test/clients/confluent-kafka.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'

const programs = fileURLToPath(new URL('../../test/clients/', import.meta.url))
const text = new TextDecoder()

let kafka: EmbeddedKafka
let broker: string

beforeEach(async () => {
  // Several brokers, so that partitions, groups and transactions are not all at the bootstrap broker.
  kafka = await EmbeddedKafka.listen({ brokers: 3 })
  broker = kafka.brokers[0]!
})
afterEach(() => kafka.close())

const values = (topic: string): string[] => kafka.read(topic).map(({ value }) => text.decode(value!))

describe("Kafka's own clients", { timeout: 300_000 }, () => {
  /** Runs Java with the jars of a complete Kafka. */
  let java: string[]

  beforeAll(async () => {
    const { dir, java: program } = await serviceNamed('kafka').install({ say: () => {} })
    const quiet = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-Dlog4j2.level=ERROR']
    java = [program!, '-Xmx256m', '-XX:+UseSerialGC', ...quiet, '-cp', join(dir, '*')]
  }, 300_000)

  const tool = (name: string, ...args: string[]): Promise<string> =>
    run([...java, `org.apache.kafka.tools.${name}`, '--bootstrap-server', broker, ...args])

  it('kafka-clients: topics, idempotent producer, rebalances, transactions, fencing', async () => {
    const printed = JSON.parse(await run([...java, join(programs, 'Clients.java'), broker])) as unknown
    expect(printed).toEqual({
      read: 20_000,
      group: 'Stable 1',
      committed: 20_000,
      fenced: true,
      copied: 9,
      ledger: [0, 2, 4],
      left: 1,
    })
    expect(values('ledger')).toEqual(['0', '2', '4'])
  })

  it('command-line tools: topics, console producer and consumer, groups, performance', async () => {
    await tool('TopicCommand', '--create', '--topic', 'words', '--partitions', '2', '--config', 'cleanup.policy=compact,delete')
    await tool('TopicCommand', '--alter', '--topic', 'words', '--partitions', '3')
    // Pages of two partitions, for a topic with three.
    const described = await tool('TopicCommand', '--describe', '--topic', 'words', '--partition-size-limit-per-response', '2')
    expect(described).toMatch(/PartitionCount: 3.*cleanup.policy=compact,delete/)
    expect(described.match(/Partition: [012]/g)).toHaveLength(3)
    kafka.append([{ topic: 'words', key: 'a', value: '1' }])
    const consume = ['--topic', 'words', '--from-beginning', '--max-messages', '1', '--group', 'readers']
    expect(await tool('consumer.ConsoleConsumer', ...consume)).toBe('1\n')
    const group = await tool('consumer.group.ConsumerGroupCommand', '--describe', '--group', 'readers')
    expect(group.match(/^readers +words .*$/gm)).toHaveLength(3)
    expect(await tool('consumer.group.ConsumerGroupCommand', '--delete', '--group', 'readers')).toContain('was successful')
    expect(kafka.committed('readers', 'words', 0)).toBeUndefined()

    kafka.createTopic('load')
    const load = ['--num-records', '20000', '--record-size', '100', '--throughput', '-1', '--topic', 'load']
    await run([...java, 'org.apache.kafka.tools.ProducerPerformance', ...load, '--producer-props', `bootstrap.servers=${broker}`])
    expect(kafka.read('load')).toHaveLength(20_000)
    const verifiable = ['--max-messages', '1000', '--topic', 'load']
    expect(await tool('VerifiableProducer', ...verifiable)).toContain('"sent":1000,"acked":1000')
    expect(await tool('VerifiableConsumer', ...verifiable, '--group-id', 'verifiers', '--reset-policy', 'earliest')).toContain(
      '"name":"offsets_committed"',
    )
    await tool('TopicCommand', '--delete', '--topic', 'words')
    expect(() => kafka.partitions('words')).toThrow(/does not exist/)
  })
})

it('librdkafka: topics, all compression types, group, transactions', { timeout: 300_000 }, async () => {
  const env = { ...process.env, PYTHONPATH: await confluentKafka() }
  const printed = await run(['python3', join(programs, 'librdkafka.py'), broker], { env })
  expect(JSON.parse(printed)).toEqual({
    again: 'TOPIC_ALREADY_EXISTS',
    failed: [],
    read: 5000,
    group: ['STABLE', 1, 3],
    committed: 5000,
    ledger: ['one', 'three'],
    all: ['one', 'two', 'three'],
    retention: '604800000',
  })
  expect(new Set(values('words')).size).toBe(5000)
  expect(kafka.committed('auditors', 'ledger', 0)).toBeGreaterThan(4)
})

it('franz-go: producer, two members of a group, transactions', { timeout: 300_000 }, async () => {
  const printed = await run(['go', 'run', '.', broker], { cwd: join(programs, 'franz') })
  expect(JSON.parse(printed)).toEqual({ readAll: true, ledger: [true, false, true] })
  expect(new Set(values('words')).size).toBe(10_000)
})
