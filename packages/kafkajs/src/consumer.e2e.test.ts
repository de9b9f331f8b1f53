// Needs KAFKA_BROKERS. Promises of a consumer that depend on kafkajs and the broker. The conformance suite tests those that are the
// same for every client.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Admin, Consumer, FetchedBatch, KafkaClient, OutgoingMessage, Producer } from '@kasper/core'
import { hasCode } from '@kasper/core'
import kafkajsModule from 'kafkajs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  brokers,
  createTopic,
  numbered,
  pause,
  pollMessages,
  Recorder,
  rejection,
  testClient,
  uniqueName,
  until,
} from '../test/support.ts'
import { kafkajs } from './index.ts'

const client: KafkaClient = testClient()
let admin: Admin
let producer: Producer
const opened: Consumer[] = []
const children: ChildProcess[] = []

beforeAll(async () => {
  admin = await client.admin()
  producer = await client.producer()
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await Promise.all(opened.splice(0).map((consumer) => consumer.close()))
})
afterAll(async () => {
  await producer.close()
  await admin.close()
})

interface Member {
  readonly consumer: Consumer
  readonly listener: Recorder
}

/** With short timeouts, because the tests wait for them. */
async function join(
  groupId: string,
  topic: string,
  options: { partitions?: number[]; sessionTimeoutMs?: number; rebalanceTimeoutMs?: number; listener?: Recorder } = {},
): Promise<Member> {
  const { listener = new Recorder(admin, groupId), ...rest } = options
  const consumer = await client.consumer({
    groupId,
    topics: [topic],
    listener,
    sessionTimeoutMs: 3000,
    rebalanceTimeoutMs: 20_000,
    ...rest,
  })
  opened.push(consumer)
  return { consumer, listener }
}

const assigned = (...members: Member[]): Promise<void> =>
  until('every member has partitions', () => members.every(({ listener }) => listener.owned.length > 0))

async function write(topic: string, partition: number, count: number): Promise<void> {
  const messages = Array.from({ length: count }, (_, i): OutgoingMessage => ({ topic, partition, value: `message ${i}` }))
  await producer.send(messages)
}

test('a partition is assigned to another member only when onRevoke has settled, also if that takes longer than a session', async () => {
  const [topic, groupId] = [await createTopic(admin, 2), uniqueName('group')]
  await write(topic, 0, 10)
  await write(topic, 1, 10)
  const first = await join(groupId, topic)
  await assigned(first)
  await pollMessages(first.consumer, 20)

  let release!: () => void
  const released = new Promise<void>((resolve) => (release = resolve))
  let committed: Promise<void> | undefined
  first.listener.onRevoking = async (partitions) => {
    await released
    committed = first.consumer.commit(partitions.map((partition) => ({ ...partition, offset: 7 })))
    await committed
  }
  const second = await join(groupId, topic)
  await until('the first member is asked to give its partitions up', () => first.listener.count('revoke') === 1)
  await pause(4000)
  expect(second.listener.calls).toEqual([])
  expect(first.listener.count('lost')).toBe(0)
  const polled = await first.consumer.poll({ signal: AbortSignal.timeout(300) })
  expect(polled).toEqual([])

  release()
  await assigned(first, second)
  await committed
  expect([...first.listener.owned, ...second.listener.owned].map(({ partition }) => partition).sort((a, b) => a - b)).toEqual([
    0, 1,
  ])
  const { messages } = await pollMessages(second.consumer, 3)
  expect(messages.map(({ offset }) => offset)).toEqual([7, 8, 9])
})

test('positions that onAssign returns when the partitions are being revoked already are ignored', async () => {
  const [topic, groupId] = [await createTopic(admin, 1), uniqueName('group')]
  await write(topic, 0, 10)
  const listener = new Recorder(admin, groupId)
  let answer!: () => void
  const answered = new Promise<void>((resolve) => (answer = resolve))
  const onAssign = listener.onAssign.bind(listener)
  listener.onAssign = async (partitions) => {
    const positions = await onAssign(partitions)
    await answered
    return positions
  }
  let release!: () => void
  listener.onRevoking = () => new Promise((resolve) => (release = resolve))
  const first = await join(groupId, topic, { listener })
  await assigned(first)
  const second = await join(groupId, topic)
  await until('the newcomer is known to the group', async () => (await members(groupId)).length === 2)
  await pause(2000) // Heartbeats are a second apart at the most: the first knows by now.
  answer()
  await until('the first is asked to give up what it had just got', () => listener.count('revoke') === 1)
  expect(await first.consumer.poll({ signal: AbortSignal.timeout(1000) })).toEqual([])
  release()
  await until('one of them has it', () => listener.owned.length + second.listener.owned.length === 1)
})

test('a member whose onRevoke does not settle in time loses its partitions, and can no longer commit', async () => {
  const [topic, groupId] = [await createTopic(admin, 1), uniqueName('group')]
  const first = await join(groupId, topic, { sessionTimeoutMs: 1500, rebalanceTimeoutMs: 2000 })
  await assigned(first)
  let release!: () => void
  first.listener.onRevoking = () => new Promise((resolve) => (release = resolve))
  const second = await join(groupId, topic, { sessionTimeoutMs: 1500, rebalanceTimeoutMs: 2000 })
  await assigned(second)
  await until('the first member knows', () => first.listener.count('lost') === 1)
  const error = await rejection(first.consumer.commit([{ topic, partition: 0, offset: 1 }]))
  expect(hasCode(error, 'FENCED')).toBe(true)
  expect(await admin.committedOffsets(groupId, numbered(topic, 0))).toEqual([undefined])

  release()
  await second.consumer.close()
  await until('the first member has it again', () => first.listener.count('assign') >= 2 && first.listener.owned.length === 1)
  await first.consumer.commit([{ topic, partition: 0, offset: 0 }])
})

test('a member that does not poll for longer than a session keeps its partitions', async () => {
  const [topic, groupId] = [await createTopic(admin, 1), uniqueName('group')]
  await write(topic, 0, 100)
  const { consumer, listener } = await join(groupId, topic)
  const { batches } = await pollMessages(consumer, 100)
  await pause(4000)
  await consumer.commit([{ topic, partition: 0, offset: batches.at(-1)!.nextOffset }])
  expect(listener.calls.map(({ what }) => what)).toEqual(['assign'])
})

test('when a process is killed and its session ends, another member goes on from its committed offset', async () => {
  const [topic, groupId] = [await createTopic(admin, 2), uniqueName('group')]
  await write(topic, 0, 50)
  await write(topic, 1, 50)
  const child = startMember(groupId, topic, { commitUpTo: 20 })
  await child.prints('committed')
  child.process.kill('SIGKILL')
  const survivor = await join(groupId, topic)
  await assigned(survivor)
  const { messages } = await pollMessages(survivor.consumer, 60)
  for (const partition of [0, 1]) {
    expect(messages.filter((message) => message.partition === partition).map(({ offset }) => offset)).toEqual(
      Array.from({ length: 30 }, (_, i) => 20 + i),
    )
  }
})

test('a process that is stopped for longer than its session is fenced, calls onLost, and joins again', async () => {
  const [topic, groupId] = [await createTopic(admin, 1), uniqueName('group')]
  const child = startMember(groupId, topic, { commitUpTo: 0 })
  await child.prints('assigned')
  child.process.kill('SIGSTOP')
  const other = await join(groupId, topic)
  await assigned(other)
  await other.consumer.commit([{ topic, partition: 0, offset: 5 }])
  child.process.kill('SIGCONT')
  child.process.stdin!.write('commit\n')
  await child.prints('commit failed: FENCED')
  await child.prints('lost')
  expect(await admin.committedOffsets(groupId, numbered(topic, 0))).toEqual([5])
  await other.consumer.close()
  await child.prints('assigned', 2)
})

test('a member without an answer for a session takes its partitions for lost, and joins again when it can', async () => {
  const [topic, groupId] = [await createTopic(admin, 1), uniqueName('group')]
  await write(topic, 0, 10)
  const sockets = new Set<net.Socket>()
  let frozen = false
  const freezing = kafkajs({
    brokers: brokers(),
    requestTimeout: 120_000,
    socketFactory: ({ host, port, onConnect }) => {
      const socket = net.connect({ host, port }, onConnect)
      sockets.add(socket)
      if (frozen) socket.pause()
      return socket
    },
  })
  const listener = new Recorder(admin, groupId)
  const consumer = await freezing.consumer({ groupId, topics: [topic], listener, sessionTimeoutMs: 1500 })
  opened.push(consumer)
  await pollMessages(consumer, 10)
  frozen = true
  for (const socket of sockets) socket.pause()
  await until('the member assumes the worst', () => listener.count('lost') === 1)
  expect(await rejection(consumer.commit([{ topic, partition: 0, offset: 10 }]))).toMatchObject({ code: 'FENCED' })
  frozen = false
  for (const socket of sockets) socket.resume()
  await until('it has its partition again', () => listener.owned.length === 1)
  expect((await pollMessages(consumer, 10)).messages).toHaveLength(10)
  await consumer.commit([{ topic, partition: 0, offset: 10 }])
})

test('a claim on a fixed partition that another member has is refused, and the other member goes on undisturbed', async () => {
  const [topic, groupId] = [await createTopic(admin, 3), uniqueName('group')]
  await write(topic, 1, 10)
  const holder = await join(groupId, topic, { partitions: [0, 1] })
  await assigned(holder)
  expect(holder.listener.owned).toEqual(numbered(topic, 0, 1))

  const commits: Promise<void>[] = []
  const committing = setInterval(
    () => commits.push(holder.consumer.commit([{ topic, partition: 1, offset: commits.length }])),
    20,
  )
  for (let attempt = 0; attempt < 3; attempt++) {
    const newcomer = await join(groupId, topic, { partitions: [1, 2] })
    const error = await rejection(newcomer.consumer.poll())
    expect(error).toMatchObject({ code: 'PARTITION_CLAIMED', partition: 1 })
    expect(newcomer.listener.calls).toEqual([])
    await newcomer.consumer.close()
  }
  clearInterval(committing)
  await Promise.all(commits)
  expect(await admin.committedOffsets(groupId, numbered(topic, 1))).toEqual([commits.length - 1])
  expect(
    holder.listener.calls.every(({ what, partitions }, i) => what === 'assign' && (i === 0 || partitions.length === 0)),
  ).toBe(true)
  const { messages } = await pollMessages(holder.consumer, 10)
  expect(messages).toHaveLength(10)

  const neighbour = await join(groupId, topic, { partitions: [2] })
  await assigned(neighbour)
  expect(neighbour.listener.owned).toEqual(numbered(topic, 2))
})

test('the fixed partitions of a killed process go to its successor', async () => {
  const [topic, groupId] = [await createTopic(admin, 2), uniqueName('group')]
  const child = startMember(groupId, topic, { partitions: [0, 1] })
  await child.prints('assigned')
  child.process.kill('SIGKILL')
  const successor = await join(groupId, topic, { partitions: [0, 1] })
  await assigned(successor)
  expect(successor.listener.owned).toEqual(numbered(topic, 0, 1))
})

test('members with and without fixed partitions cannot be in one group', async () => {
  const [topic, groupId] = [await createTopic(admin, 2), uniqueName('group')]
  const sharing = await join(groupId, topic)
  await assigned(sharing)
  const claiming = await join(groupId, topic, { partitions: [0] })
  expect(await rejection(claiming.consumer.poll())).toMatchObject({ code: 'CONFIG_INVALID' })
})

test('closing during a rebalance does not wait for it, and leaves the group', async () => {
  const [topic, groupId] = [await createTopic(admin, 2), uniqueName('group')]
  const busy = await join(groupId, topic, { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 60_000 })
  await assigned(busy)
  let release!: () => void
  busy.listener.onRevoking = () => new Promise((resolve) => (release = resolve))
  const second = await join(groupId, topic, { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 60_000 })
  await until('a rebalance begins', () => busy.listener.count('revoke') === 1)
  release()
  await until('both are members', () => second.listener.owned.length === 1 && busy.listener.owned.length === 1)

  // One consumer waits in its first join, the other in a rejoin.
  const third = await join(groupId, topic, { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 60_000 })
  await until('the next rebalance begins', () => busy.listener.count('revoke') === 2)
  await until('the newcomer is known to the group', async () => (await members(groupId)).length === 3)
  await second.consumer.close()
  await third.consumer.close()
  expect(await members(groupId)).toHaveLength(1)
  release()
  await until('the first has both partitions again', () => busy.listener.owned.length === 2)
})

test('an offset that the log does not have is an error that names it, until a seek', async () => {
  const [topic, groupId] = [await createTopic(admin, 2), uniqueName('group')]
  await write(topic, 0, 10)
  await write(topic, 1, 10)
  await admin.setCommittedOffsets(groupId, [{ topic, partition: 0, offset: 1000 }])
  const { consumer } = await join(groupId, topic)
  const outOfRange = async (): Promise<unknown> => {
    const signal = AbortSignal.timeout(30_000)
    for (;;) {
      try {
        await consumer.poll({ signal })
        if (signal.aborted) throw new Error('no error came')
      } catch (error) {
        return error
      }
    }
  }
  const error = await outOfRange()
  expect(error).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE', topic, partition: 0, offset: 1000 })
  expect((error as Error).message).toContain('which has 0 to 10')
  expect(await rejection(consumer.poll())).toBe(error)
  // kafkajs's own consumer would have gone on at another offset, and have committed it.
  expect(await admin.committedOffsets(groupId, numbered(topic, 0))).toEqual([1000])

  consumer.seek({ topic, partition: 0, offset: 4 })
  consumer.seek({ topic, partition: 1, offset: 8 })
  const { messages } = await pollMessages(consumer, 8)
  expect(messages.filter(({ partition }) => partition === 0).map(({ offset }) => offset)).toEqual([4, 5, 6, 7, 8, 9])

  // Retention deletes the position of a paused reader. The fetch that was under way when it was paused is answered.
  consumer.pause(numbered(topic, 0))
  await write(topic, 1, 1)
  await pollMessages(consumer, 1)
  await write(topic, 0, 10)
  await deleteRecords(topic, 0, 15)
  consumer.resume(numbered(topic, 0))
  expect(await outOfRange()).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE', topic, partition: 0, offset: 10 })
})

test('a topic that is deleted while it is read is an error that names it', async () => {
  const [topic, groupId] = [await createTopic(admin, 1), uniqueName('group')]
  const { consumer } = await join(groupId, topic, { sessionTimeoutMs: 1000 })
  await write(topic, 0, 1)
  await pollMessages(consumer, 1)
  await admin.deleteTopics([topic])
  const error = await rejection(
    (async () => {
      for (;;) await consumer.poll()
    })(),
  )
  expect(error).toMatchObject({ code: 'TOPIC_UNKNOWN' })
  expect((error as Error).message).toContain(topic)
})

test('transactions: aborted messages are left out, and the position moves past the markers to the end', async () => {
  const [topic, groupId] = [await createTopic(admin, 1), uniqueName('group')]
  const kafka = new kafkajsModule.Kafka({ brokers: brokers(), logLevel: kafkajsModule.logLevel.NOTHING })
  const [one, two] = [uniqueName('tx'), uniqueName('tx')].map((transactionalId) =>
    kafka.producer({
      transactionalId,
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: kafkajsModule.Partitioners.DefaultPartitioner,
    }),
  ) as [kafkajsModule.Producer, kafkajsModule.Producer]
  await one.connect()
  await two.connect()
  const { consumer } = await join(groupId, topic)

  // Interleaved. One message has a key of four zero bytes, which kafkajs's own consumer takes for an abort marker.
  const aborted = await one.transaction()
  const kept = await two.transaction()
  await aborted.send({ topic, messages: [{ value: 'aborted 1' }, { key: Buffer.from([0, 0, 0, 0]), value: 'aborted 2' }] })
  await kept.send({ topic, messages: [{ value: 'kept 1' }] })
  await aborted.send({ topic, messages: [{ value: 'aborted 3' }] })
  await kept.commit()
  await aborted.abort()
  const { messages, batches } = await pollMessages(consumer, 1)
  expect(messages.map(({ value }) => new TextDecoder().decode(value!))).toEqual(['kept 1'])
  await reachEnd(consumer, batches, 6)

  const open = await two.transaction()
  await open.send({ topic, messages: [{ value: 'not yet' }] })
  expect(await admin.listOffsets(numbered(topic, 0), 'latest')).toEqual([6])
  expect((await consumer.poll({ signal: AbortSignal.timeout(1000) })).flatMap((batch) => batch.messages)).toEqual([])
  await open.abort()
  await reachEnd(consumer, [], 8)
  expect(await admin.listOffsets(numbered(topic, 0), 'latest')).toEqual([8])
  await one.disconnect()
  await two.disconnect()
})

/** Polls until a batch reaches this end of the log. */
async function reachEnd(consumer: Consumer, batches: FetchedBatch[], end: number): Promise<void> {
  const signal = AbortSignal.timeout(30_000)
  let last = batches.at(-1)
  while (last === undefined || last.nextOffset < end || last.endOffset < end) {
    for (const batch of await consumer.poll({ signal })) {
      expect(batch.messages).toEqual([])
      last = batch
    }
    if (signal.aborted) throw new Error(`the end ${end} was not reached; the last batch: ${JSON.stringify(last)}`)
  }
  expect(last).toMatchObject({ nextOffset: end, endOffset: end })
}

async function members(groupId: string): Promise<readonly unknown[]> {
  const inspector = new kafkajsModule.Kafka({ brokers: brokers(), logLevel: kafkajsModule.logLevel.NOTHING }).admin()
  await inspector.connect()
  const { groups } = await inspector.describeGroups([groupId])
  await inspector.disconnect()
  return groups[0]?.members ?? []
}

async function deleteRecords(topic: string, partition: number, before: number): Promise<void> {
  const inspector = new kafkajsModule.Kafka({ brokers: brokers(), logLevel: kafkajsModule.logLevel.NOTHING }).admin()
  await inspector.connect()
  await inspector.fetchTopicOffsets(topic) // so that kafkajs knows the topic's leaders
  await inspector.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] })
  await inspector.disconnect()
}

interface Child {
  readonly process: ChildProcess
  /** Waits until it has printed this line this many times. */
  prints(line: string, times?: number): Promise<void>
}

function startMember(groupId: string, topic: string, options: { commitUpTo?: number; partitions?: number[] }): Child {
  const script = fileURLToPath(new URL('../test/member.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify({ groupId, topic, ...options })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n')))
  return {
    process: child,
    prints: (line, times = 1) => until(`the process prints ${line}`, () => lines.filter((it) => it === line).length >= times),
  }
}
