import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { errorCodes, Writer, writeRequestFrame } from '@kasper/protocol'
import { apiVersionsApi, fetchApi, metadataApi, produceApi } from '@kasper/protocol/messages'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordBatch } from '../../test/record-batch.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { VirtualClock } from '@kasper/testing'
import { RawClient } from '../../test/raw-client.ts'

let kafka: EmbeddedKafka

beforeEach(async () => {
  kafka = await EmbeddedKafka.listen()
  kafka.createTopic('t')
})
afterEach(() => kafka.close())

const client = (): Promise<RawClient> => RawClient.connect(kafka.brokers[0]!)

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(kafka.brokers[0]!.split(':')[1]), '127.0.0.1')
    socket.once('error', reject)
    socket.once('connect', () => resolve(socket))
  })
}

/** Checks that other clients are still served. */
async function expectService(): Promise<void> {
  await using other = await client()
  expect((await other.call(metadataApi, 13, { topics: null })).topics.map(({ name }) => name)).toEqual(['t'])
}

function metadataFrame(correlationId: number): Uint8Array {
  const writer = new Writer()
  writeRequestFrame(writer, metadataApi, 13, { correlationId }, { topics: null })
  return writer.take()
}

describe('a client that violates the protocol is disconnected, and no other client is', () => {
  const bytes = (...values: number[]): Uint8Array => new Uint8Array(values)
  it.each([
    ['an HTTP request', new TextEncoder().encode('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['a TLS handshake', bytes(0x16, 3, 1, 0, 0xf4, 1, 0, 0)],
    ['a length of 2 GB', bytes(0x7f, 0xff, 0xff, 0xff)],
    ['a negative length', bytes(0xff, 0xff, 0xff, 0xff)],
    ['an empty frame', bytes(0, 0, 0, 0)],
    ['an API that does not exist', bytes(0, 0, 0, 8, 0x7f, 0xff, 0, 0, 0, 0, 0, 1)],
    ['an API for brokers only', bytes(0, 0, 0, 10, 0, 56, 0, 3, 0, 0, 0, 1, 0xff, 0xff)],
    ['a version that does not exist', bytes(0, 0, 0, 10, 0, 3, 0, 99, 0, 0, 0, 1, 0xff, 0xff)],
    ['an array with more elements than bytes', bytes(0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff)],
  ])('%s', async (_, sent) => {
    await using raw = await client()
    expect(await raw.send(sent)).toBeUndefined()
    await expectService()
  })
})

it('answers a future version of ApiVersions with the supported versions', async () => {
  await using raw = await client()
  const frame = await raw.send(new Uint8Array([0, 0, 0, 11, 0, 18, 0, 99, 0, 0, 0, 7, 0xff, 0xff, 0]))
  // Correlation id 7, UNSUPPORTED_VERSION, one API: ApiVersions 0 to 4.
  expect([...frame!]).toEqual([0, 0, 0, 7, 0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4])
  expect((await raw.call(apiVersionsApi, 4, { clientSoftwareName: 'x', clientSoftwareVersion: '1' })).errorCode).toBe(0)
})

it('allocates nothing for the announced length of a request', async () => {
  const before = process.memoryUsage().arrayBuffers
  const sockets = await Promise.all(Array.from({ length: 100 }, open))
  // Each client announces 100 MB, and sends 10 bytes of them.
  for (const socket of sockets) socket.write(new Uint8Array([6, 0x3f, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
  await expectService()
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000)
  for (const socket of sockets) socket.destroy()
})

it('serves other clients while one sends a byte at a time, and then that one too', async () => {
  await using slow = await client()
  const frame = metadataFrame(1)
  const answer = slow.send(frame.subarray(0, 1))
  for (let i = 1; i < frame.length; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    slow.socket.write(frame.subarray(i, i + 1))
    if (i % 5 === 0) await expectService()
  }
  expect(await answer).toBeInstanceOf(Uint8Array)
})

it('survives thousands of connections that are opened and abandoned', async () => {
  const sockets: Socket[] = []
  for (let i = 0; i < 20; i++) sockets.push(...(await Promise.all(Array.from({ length: 100 }, open))))
  await expectService()
  for (const socket of sockets) socket.destroy()
  await expectService()
})

it('disconnects clients that send nothing for ten minutes, and no others', async () => {
  const clock = new VirtualClock()
  await using late = await EmbeddedKafka.listen({ clock })
  await using silent = await RawClient.connect(late.brokers[0]!)
  await using talking = await RawClient.connect(late.brokers[0]!)
  const ask = (raw: RawClient): Promise<unknown> => raw.call(metadataApi, 13, { topics: null })
  await ask(silent)
  const closed = once(silent.socket, 'close')
  for (let minute = 0; minute < 12; minute++) {
    await ask(talking)
    if (minute === 9) await ask(silent)
    await clock.advance(60_000)
  }
  await ask(silent) // after two minutes of silence
  for (let minute = 0; minute < 12; minute++) {
    await ask(talking)
    await clock.advance(60_000)
  }
  await closed
  await ask(talking)
})

it('limits unread answers of a client', async () => {
  for (let i = 0; i < 1000; i++) kafka.createTopic(`topic-${i}`)
  const socket = await open()
  socket.pause()
  const before = process.memoryUsage().arrayBuffers
  // 180 MB of answers, 60 KB each.
  for (let i = 0; i < 3000; i++) socket.write(metadataFrame(i))
  await using other = await client()
  for (let i = 0; i < 100; i++) await other.call(metadataApi, 13, { topics: null })
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000)
  socket.destroy()
})

/** Writes these records, and returns the error code. */
async function produce(raw: RawClient, records: Uint8Array): Promise<number> {
  const topicData = [{ name: 't', partitionData: [{ index: 0, records }] }]
  return (await raw.call(produceApi, 12, { acks: -1, topicData })).responses[0]!.partitionResponses[0]!.errorCode
}

it('rejects damaged records, whichever byte is wrong', async () => {
  kafka.createTopic('source')
  kafka.append([{ topic: 'source', key: 'key', value: 'a value', headers: { h: '1' } }])
  await using raw = await client()
  const topics = [{ topic: 'source', partitions: [{ partition: 0, partitionMaxBytes: 1 << 20 }] }]
  const { records } = (await raw.call(fetchApi, 12, { topics })).responses[0]!.partitions[0]!
  expect(await produce(raw, records!)).toBe(0)
  for (let at = 0; at < records!.length; at++) {
    if (at >= 12 && at < 16) continue // the broker sets the leader epoch, and the checksum does not cover it
    const damaged = records!.slice()
    damaged[at]! ^= 0x11
    expect(await produce(raw, damaged), `byte ${at}`).not.toBe(errorCodes.NONE)
    // After the checksum, only the checksum shows the damage.
    if (at >= 23) expect(await produce(raw, damaged), `byte ${at}`).toBe(errorCodes.CORRUPT_MESSAGE)
  }
  for (let size = 0; size < records!.length; size++)
    expect(await produce(raw, records!.slice(0, size)), `${size} bytes`).not.toBe(0)
  expect(kafka.read('t')).toHaveLength(1)
})

it('rejects a large batch with one wrong bit', async () => {
  await using raw = await client()
  const records = recordBatch('x'.repeat(300_000))
  for (let at = 100; at < records.length; at += 7919) {
    const damaged = records.slice()
    damaged[at]! ^= 1 << (at & 7)
    expect(await produce(raw, damaged), `byte ${at}`).toBe(errorCodes.CORRUPT_MESSAGE)
  }
  expect(await produce(raw, records)).toBe(0)
  expect(kafka.read('t')).toHaveLength(1)
})
