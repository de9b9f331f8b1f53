// The two requests that carry record batches. The batches stay bytes: @platformatic/kafka would make an object of every record, with
// all its fields, and read wrong timestamps if two records of a
// batch are more than 24 days apart.
import { Buffer } from 'node:buffer'
import { byTopic, type FetchedPartition, type OutgoingBatch } from '@kasper/client/cluster'
import { asBuffer, asUint8Array } from '@kasper/core/adapter'
import type { API, Reader } from '@platformatic/kafka'
import { createAPI, fetchV12, ProduceAcks, produceV9, Writer } from '@platformatic/kafka'
import type { BatchWriter } from './record-batches.ts'

interface FetchAnswer {
  readonly errorCode: number
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly FetchedPartition[] }[]
}

export const fetchApi: API<Parameters<typeof fetchV12.createRequest>, FetchAnswer> = createAPI(
  fetchV12.api.key,
  fetchV12.api.version,
  fetchV12.createRequest,
  (_correlationId, _key, _version, reader) => {
    reader.readInt32() // throttle time
    const errorCode = reader.readInt16()
    reader.readInt32() // session
    return { errorCode, topics: reader.readArray((r) => ({ topic: r.readString(), partitions: r.readArray(readPartition) })) }
  },
)

function readPartition(reader: Reader): FetchedPartition {
  const partitionIndex = reader.readInt32()
  const errorCode = reader.readInt16()
  const highWatermark = Number(reader.readInt64())
  const lastStableOffset = Number(reader.readInt64())
  reader.readInt64() // start of the log
  const abortedTransactions = reader.readArray((r) => ({
    producerId: Number(r.readInt64()),
    firstOffset: Number(r.readInt64()),
  }))
  reader.readInt32() // preferred replica
  const records = reader.readNullableBytes()
  return {
    partitionIndex,
    errorCode,
    highWatermark,
    lastStableOffset,
    abortedTransactions,
    // `slice` of a Buffer does not copy. `slice` of a Uint8Array does, as users expect.
    records: records && asUint8Array(records),
  }
}

const PRODUCE_TIMEOUT_MS = 30_000
const NO_TRANSACTION = null

export const produceApi: API<
  [batches: readonly OutgoingBatch[], writer: BatchWriter],
  ReturnType<typeof produceV9.parseResponse>
> = createAPI(produceV9.api.key, produceV9.api.version, writeProduce, produceV9.parseResponse)

function writeProduce(batches: readonly OutgoingBatch[], writer: BatchWriter): Writer {
  const written = writer.write(batches)
  const partitions = batches.map(({ topic, partition }, i) => ({ topic, partition, records: asBuffer(written[i]!, Buffer) }))
  return Writer.create()
    .appendString(NO_TRANSACTION)
    .appendInt16(ProduceAcks.ALL)
    .appendInt32(PRODUCE_TIMEOUT_MS)
    .appendArray(
      byTopic(partitions, (topic, ofTopic) => ({ topic, ofTopic })),
      (w, { topic, ofTopic }) =>
        w
          .appendString(topic)
          .appendArray([...ofTopic], (v, { partition, records }) => v.appendInt32(partition).appendBytes(records)),
    )
    .appendTaggedFields()
}
