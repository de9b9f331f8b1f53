// The two requests that carry record batches, which here stay bytes.
import { byTopic, type OutgoingBatch } from '@kasper/client/cluster'
import type { API, Reader } from '@platformatic/kafka'
import { createAPI, fetchV12, ProduceAcks, produceV9, Writer } from '@platformatic/kafka'
import type { BatchWriter, FetchedPartition } from './records.ts'

interface FetchResponse {
  readonly errorCode: number
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly (FetchedPartition & { readonly partition: number; readonly errorCode: number })[]
  }[]
}

export const fetchApi: API<Parameters<typeof fetchV12.createRequest>, FetchResponse> = createAPI(
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

function readPartition(reader: Reader): FetchResponse['topics'][number]['partitions'][number] {
  const partition = reader.readInt32()
  const errorCode = reader.readInt16()
  const highWatermark = reader.readInt64()
  const lastStableOffset = reader.readInt64()
  reader.readInt64() // start of the log
  const abortedTransactions = reader.readArray((r) => ({ producerId: r.readInt64(), firstOffset: r.readInt64() }))
  reader.readInt32() // preferred replica
  const records = reader.readNullableBytes()
  return { partition, errorCode, highWatermark, lastStableOffset, abortedTransactions, records }
}

const PRODUCE_TIMEOUT_MS = 30_000
const NO_TRANSACTION = null

export const produceApi: API<
  [batches: readonly OutgoingBatch[], writer: BatchWriter],
  ReturnType<typeof produceV9.parseResponse>
> = createAPI(produceV9.api.key, produceV9.api.version, writeProduce, produceV9.parseResponse)

function writeProduce(batches: readonly OutgoingBatch[], writer: BatchWriter): Writer {
  const written = writer.write(batches)
  const partitions = batches.map(({ topic, partition }, i) => ({
    topic,
    partition,
    records: Buffer.from(written[i]!.buffer, written[i]!.byteOffset, written[i]!.length),
  }))
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
