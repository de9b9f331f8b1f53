// A producer over TCP, for tests of the storage.
import { RecordEncoder, sealBatch } from '@kasper/protocol'
import { addPartitionsToTxnApi, endTxnApi, initProducerIdApi, produceApi } from '@kasper/protocol/messages'
import type { RawClient } from './raw-client.ts'

/** The id and epoch of an idempotent or transactional producer. */
export interface Identity {
  readonly producerId: number
  readonly producerEpoch: number
}

export async function initProducer(raw: RawClient, transactionalId: string | null = null): Promise<Identity> {
  const { producerId, producerEpoch } = await raw.call(initProducerIdApi, 5, { transactionalId, transactionTimeoutMs: 60_000 })
  return { producerId, producerEpoch }
}

/** Writes one message. Returns the error code and the offset. */
export async function produce(
  raw: RawClient,
  place: { readonly topic: string; readonly partition?: number },
  value: string,
  options: Partial<Identity> & { readonly sequence?: number; readonly transactionalId?: string } = {},
): Promise<[errorCode: number, offset: number]> {
  const { sequence = -1, transactionalId, producerId = -1, producerEpoch = -1 } = options
  const encoder = new RecordEncoder(1 << 20, 1 << 20, {
    producerId,
    producerEpoch,
    baseSequence: sequence,
    transactional: transactionalId !== undefined,
  })
  encoder.add('key', value, Date.now())
  encoder.finish()
  const records = encoder.bytes.slice(0, encoder.length)
  sealBatch(records, 0)
  const topicData = [{ name: place.topic, partitionData: [{ index: place.partition ?? 0, records }] }]
  const answer = await raw.call(produceApi, 11, { acks: -1, transactionalId: transactionalId ?? null, topicData })
  const { errorCode, baseOffset } = answer.responses[0]!.partitionResponses[0]!
  return [errorCode, baseOffset]
}

/** Adds partition 0 of these topics to a transaction. */
export async function addPartitions(
  raw: RawClient,
  transactionalId: string,
  producer: Identity,
  ...topics: string[]
): Promise<void> {
  await raw.call(addPartitionsToTxnApi, 3, {
    v3AndBelowTransactionalId: transactionalId,
    v3AndBelowProducerId: producer.producerId,
    v3AndBelowProducerEpoch: producer.producerEpoch,
    v3AndBelowTopics: topics.map((name) => ({ name, partitions: [0] })),
  })
}

export async function endTransaction(
  raw: RawClient,
  transactionalId: string,
  producer: Identity,
  committed: boolean,
): Promise<number> {
  return (await raw.call(endTxnApi, 4, { transactionalId, ...producer, committed })).errorCode
}
