// A minimal client, to measure the broker alone: sends batches made beforehand, and only counts the messages it receives.
import { connect } from 'node:net'
import process from 'node:process'
import {
  type Api,
  batchLastOffset,
  batchSize,
  type Draft,
  FrameSplitter,
  readResponseFrame,
  RecordEncoder,
  sealBatch,
  Writer,
  writeRequestFrame,
} from '@kasper/protocol'
import { fetchApi, metadataApi, produceApi } from '@kasper/protocol/messages'

const BATCH_BYTES = 100_000
const MAX_IN_FLIGHT = 5
const [what, broker = '', topic = '', count, size] = process.argv.slice(2)
const messages = Number(count)
const [host, port] = broker.split(':')

const frames = new FrameSplitter(1 << 30)
const writer = new Writer()
const waiting: ((frame: Uint8Array) => void)[] = []
const socket = connect({ host: host!, port: Number(port), noDelay: true })
socket.on('data', (chunk: Uint8Array) => {
  frames.push(chunk)
  for (let frame = frames.next(); frame !== undefined; frame = frames.next()) waiting.shift()!(frame)
})
socket.on('error', (error) => {
  throw error
})

async function call<Request, Response>(api: Api<Request, Response>, version: number, request: Draft<Request>): Promise<Response> {
  writeRequestFrame(writer, api, version, { correlationId: 1, clientId: 'raw' }, request)
  socket.cork()
  for (const part of writer.takeParts()) socket.write(part)
  socket.uncork()
  const frame = await new Promise<Uint8Array>((resolve) => waiting.push(resolve))
  return readResponseFrame(api, version, frame).response
}

/** A batch with this number of messages. */
function batchOf(length: number): Uint8Array {
  const encoder = new RecordEncoder(1 << 20, 1 << 20)
  const value = 'x'.repeat(Number(size))
  for (let i = 0; i < length; i++) encoder.add(null, value, Date.now())
  encoder.finish()
  const bytes = encoder.bytes.slice(0, encoder.length)
  sealBatch(bytes, 0)
  return bytes
}

async function produce(partitions: number): Promise<number> {
  const perBatch = Math.floor(BATCH_BYTES / Number(size))
  const full = batchOf(perBatch)
  const inFlight: Promise<void>[] = []
  for (let sent = 0, i = 0; sent < messages; sent += perBatch, i++) {
    const records = messages - sent >= perBatch ? full : batchOf(messages - sent)
    const topicData = [{ name: topic, partitionData: [{ index: i % partitions, records }] }]
    const acknowledged = call(produceApi, 9, { acks: -1, timeoutMs: 30_000, topicData }).then(({ responses }) => {
      const { errorCode } = responses[0]!.partitionResponses[0]!
      if (errorCode !== 0) throw new Error(`the broker answered with error ${errorCode}`)
    })
    inFlight.push(acknowledged)
    if (inFlight.length >= MAX_IN_FLIGHT) await inFlight.shift()
  }
  await Promise.all(inFlight)
  return messages
}

async function consume(partitions: number): Promise<number> {
  const positions = Array.from({ length: partitions }, () => 0)
  let read = 0
  while (read < messages) {
    const { responses } = await call(fetchApi, 12, {
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: 50 << 20,
      sessionEpoch: -1,
      topics: [
        {
          topic,
          partitions: positions.map((fetchOffset, partition) => ({ partition, fetchOffset, partitionMaxBytes: 1 << 20 })),
        },
      ],
    })
    for (const { partitionIndex, errorCode, records } of responses[0]!.partitions) {
      if (errorCode !== 0) throw new Error(`the broker answered with error ${errorCode}`)
      for (let at = 0; records !== null && at < records.length; at += batchSize(records, at)) {
        const end = batchLastOffset(records, at) + 1
        read += end - positions[partitionIndex]!
        positions[partitionIndex] = end
      }
    }
  }
  return read
}

const { topics } = await call(metadataApi, 12, { topics: [{ name: topic }] })
const partitions = topics[0]!.partitions.length
const start = performance.now()
const done = await (what === 'produce' ? produce(partitions) : consume(partitions))
console.log(JSON.stringify({ messages: done, seconds: (performance.now() - start) / 1000 }))
socket.destroy()
