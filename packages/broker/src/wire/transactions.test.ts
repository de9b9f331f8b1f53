import { RecordEncoder, sealBatch, errorCodes as code } from '@kasper/protocol'
import {
  addOffsetsToTxnApi,
  addPartitionsToTxnApi,
  consumerGroupHeartbeatApi,
  endTxnApi,
  fetchApi,
  initProducerIdApi,
  joinGroupApi,
  listOffsetsApi,
  offsetFetchApi,
  produceApi,
  syncGroupApi,
  txnOffsetCommitApi,
} from '@kasper/protocol/messages'
import type { KafkaClient } from '@kasper/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { VirtualClock } from '@kasper/testing'
import { RawClient } from '../../test/raw-client.ts'

let clock: VirtualClock
let kafka: EmbeddedKafka
let raw: RawClient

beforeEach(async () => {
  clock = new VirtualClock()
  kafka = await EmbeddedKafka.listen({ clock })
  kafka.createTopic('t', { config: { 'cleanup.policy': 'compact,delete' } })
  raw = await RawClient.connect(kafka.brokers[0]!)
})
afterEach(async () => {
  await raw[Symbol.asyncDispose]()
  await kafka.close()
})

interface Producer {
  readonly producerId: number
  readonly producerEpoch: number
}

const init = (transactionalId: string | null = null): Promise<Producer & { errorCode: number }> =>
  raw.call(initProducerIdApi, 5, { transactionalId, transactionTimeoutMs: 60_000 })

interface Write extends Producer {
  readonly value: string
  readonly sequence: number
  readonly transactionalId?: string
  readonly version?: number
}

/** The error code, or the offset if there was no error. */
async function produce({
  producerId,
  producerEpoch,
  value,
  sequence,
  transactionalId,
  version = 11,
}: Write): Promise<[number, number]> {
  const transactional = transactionalId !== undefined
  const encoder = new RecordEncoder(1000, 1000, { producerId, producerEpoch, baseSequence: sequence, transactional })
  encoder.add(value, value, 0)
  encoder.finish()
  const records = encoder.bytes.slice(0, encoder.length)
  sealBatch(records, 0)
  const topicData = [{ name: 't', partitionData: [{ index: 0, records }] }]
  const answer = await raw.call(produceApi, version, { acks: -1, transactionalId: transactionalId ?? null, topicData })
  const { errorCode, baseOffset } = answer.responses[0]!.partitionResponses[0]!
  return [errorCode, baseOffset]
}

const begin = async (producer: Producer, transactionalId = 'x'): Promise<number> => {
  const answer = await raw.call(addPartitionsToTxnApi, 3, {
    v3AndBelowTransactionalId: transactionalId,
    v3AndBelowProducerId: producer.producerId,
    v3AndBelowProducerEpoch: producer.producerEpoch,
    v3AndBelowTopics: [{ name: 't', partitions: [0] }],
  })
  return answer.resultsByTopicV3AndBelow[0]!.resultsByPartition[0]!.partitionErrorCode
}

const end = async ({ producerId, producerEpoch }: Producer, committed: boolean, transactionalId = 'x'): Promise<number> =>
  (await raw.call(endTxnApi, 4, { transactionalId, producerId, producerEpoch, committed })).errorCode

const LATEST = -1
const MAX_TIMESTAMP = -3

const stableEnd = async (timestamp = LATEST): Promise<number> => {
  const topics = [{ name: 't', partitions: [{ partitionIndex: 0, timestamp }] }]
  return (await raw.call(listOffsetsApi, 9, { isolationLevel: 1, topics })).topics[0]!.partitions[0]!.offset
}

const values = (): string[] => kafka.read('t').map(({ value }) => new TextDecoder().decode(value!))

describe('an idempotent producer', () => {
  it('writes nothing twice, and nothing out of order', async () => {
    const producer = await init()
    expect(await produce({ ...producer, value: 'a', sequence: 0 })).toEqual([0, 0])
    expect(await produce({ ...producer, value: 'b', sequence: 1 })).toEqual([0, 1])
    expect(await produce({ ...producer, value: 'a', sequence: 0 })).toEqual([0, 0])
    expect(await produce({ ...producer, value: 'd', sequence: 3 })).toEqual([code.OUT_OF_ORDER_SEQUENCE_NUMBER, -1])
    for (let sequence = 2; sequence < 8; sequence++) await produce({ ...producer, value: `${sequence}`, sequence })
    // The broker does not remember this batch any more.
    expect(await produce({ ...producer, value: 'a', sequence: 0 })).toEqual([code.OUT_OF_ORDER_SEQUENCE_NUMBER, -1])
    expect(values()).toEqual(['a', 'b', '2', '3', '4', '5', '6', '7'])
  })

  it('is fenced by a newer epoch, which starts at sequence 0', async () => {
    const { producerId } = await init()
    await produce({ producerId, producerEpoch: 0, value: 'a', sequence: 0 })
    expect(await produce({ producerId, producerEpoch: 1, value: 'b', sequence: 1 })).toEqual([
      code.OUT_OF_ORDER_SEQUENCE_NUMBER,
      -1,
    ])
    expect(await produce({ producerId, producerEpoch: 1, value: 'b', sequence: 0 })).toEqual([0, 1])
    expect(await produce({ producerId, producerEpoch: 0, value: 'c', sequence: 1 })).toEqual([code.INVALID_PRODUCER_EPOCH, -1])
  })
})

describe('a transaction', () => {
  it('can be read after its commit, and never after an abort', async () => {
    const producer = await init('x')
    expect(await begin(producer)).toBe(0)
    await produce({ ...producer, value: 'aborted', sequence: 0, transactionalId: 'x' })
    kafka.append([{ topic: 't', key: 'k', value: 'plain' }])
    expect([await stableEnd(), values(), await stableEnd(MAX_TIMESTAMP)]).toEqual([0, [], -1])
    expect(await end(producer, false)).toBe(0)
    expect([await stableEnd(), values()]).toEqual([3, ['plain']])
    await begin(producer)
    await produce({ ...producer, value: 'committed', sequence: 1, transactionalId: 'x' })
    expect(await end(producer, true)).toBe(0)
    expect(await end(producer, true)).toBe(0)
    expect(await end(producer, false)).toBe(code.INVALID_TXN_STATE)
    expect(values()).toEqual(['plain', 'committed'])

    const topics = [{ topic: 't', partitions: [{ partition: 0, partitionMaxBytes: 1 << 20 }] }]
    const committed = (await raw.call(fetchApi, 12, { isolationLevel: 1, topics })).responses[0]!.partitions[0]!
    expect(committed.abortedTransactions).toMatchObject([{ producerId: producer.producerId, firstOffset: 0 }])
    const all = (await raw.call(fetchApi, 12, { isolationLevel: 0, topics })).responses[0]!.partitions[0]!
    expect([all.abortedTransactions, all.lastStableOffset, all.highWatermark]).toEqual([null, 5, 5])
  })

  it('stays hidden from a client in this process that has fetched it when the log deletes it', async () => {
    const producer = await init('x')
    await begin(producer)
    await produce({ ...producer, value: 'aborted', sequence: 0, transactionalId: 'x' })
    await end(producer, false)
    kafka.append([{ topic: 't', key: 'k', value: 'plain' }])
    const client = kafka.connect({} as KafkaClient)
    const positions = [{ topic: 't', partition: 0, offset: 0 }]
    const [fetched] = await client.fetch(1, { positions, maxWaitMs: 0, maxBytes: 1 << 20, maxPartitionBytes: 1 << 20 })
    kafka.deleteRecordsBefore({ topic: 't', partition: 0, offset: 3 })
    expect(fetched!.batch!.messages.map(({ value }) => new TextDecoder().decode(value!))).toEqual(['plain'])
    await client.close()
  })

  it('hides later records until it ends', async () => {
    const producer = await init('x')
    await begin(producer)
    kafka.append([{ topic: 't', key: 'k', value: 'before' }])
    await produce({ ...producer, value: 'open', sequence: 0, transactionalId: 'x' })
    const topics = [{ topic: 't', partitions: [{ partition: 0, partitionMaxBytes: 1 << 20 }] }]
    const bytes = async (isolationLevel: number): Promise<number> =>
      (await raw.call(fetchApi, 12, { isolationLevel, topics })).responses[0]!.partitions[0]!.records!.length
    expect(await bytes(1)).toBeLessThan(await bytes(0))
    kafka.compact('t')
    await end(producer, true)
    expect(values()).toEqual(['before', 'open'])
    expect(await bytes(1)).toBe(await bytes(0))
  })

  it('commits offsets at its end, and they are unstable before', async () => {
    const producer = await init('x')
    const group = { transactionalId: 'x', groupId: 'g', ...producer }
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 7 }] }]
    const commit = async (version = 4): Promise<number> =>
      (await raw.call(txnOffsetCommitApi, version, { ...group, generationId: -1, topics })).topics[0]!.partitions[0]!.errorCode
    expect(await commit()).toBe(code.TRANSACTION_ABORTABLE)
    expect(await commit(3)).toBe(code.INVALID_TXN_STATE)
    expect((await raw.call(addOffsetsToTxnApi, 4, group)).errorCode).toBe(0)
    expect(await commit()).toBe(0)
    const asked = { requireStable: true, groups: [{ groupId: 'g', topics: [{ name: 't', partitionIndexes: [0] }] }] }
    const { errorCode } = (await raw.call(offsetFetchApi, 8, asked)).groups[0]!.topics[0]!.partitions[0]!
    expect([errorCode, kafka.committed('g', 't', 0)]).toEqual([code.UNSTABLE_OFFSET_COMMIT, undefined])
    await end(producer, true)
    expect(kafka.committed('g', 't', 0)).toBe(7)
  })

  it('commits offsets of a group with members, even if the producer does not name one of them', async () => {
    const joining = { rebalanceTimeoutMs: 1000, subscribedTopicNames: ['t'], topicPartitions: [] }
    await raw.call(consumerGroupHeartbeatApi, 1, { groupId: 'newer', memberId: 'm', ...joining })
    const protocols = [{ name: 'range', metadata: new Uint8Array(0) }]
    const classic = {
      groupId: 'older',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      protocolType: 'consumer',
      protocols,
    }
    const { memberId } = await raw.call(joinGroupApi, 3, classic)
    await raw.call(syncGroupApi, 3, { groupId: 'older', memberId, generationId: 1, assignments: [] })
    const producer = await init('x')
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 7 }] }]
    for (const groupId of ['newer', 'older']) {
      const commit = async (version: number, more: object = {}): Promise<number> => {
        const request = { transactionalId: 'x', groupId, ...producer, topics, ...more }
        return (await raw.call(txnOffsetCommitApi, version, request)).topics[0]!.partitions[0]!.errorCode
      }
      await raw.call(addOffsetsToTxnApi, 3, { transactionalId: 'x', groupId, ...producer })
      expect([groupId, await commit(2), await commit(3)]).toEqual([groupId, 0, 0])
      expect(await commit(3, { memberId: 'stranger', generationId: 1 })).toBe(code.UNKNOWN_MEMBER_ID)
    }
    await end(producer, true)
    expect(['newer', 'older'].map((groupId) => kafka.committed(groupId, 't', 0))).toEqual([7, 7])
  })

  it('gives the producer a new epoch at each end, and the same one for a repeated request', async () => {
    const endAnd = async (producer: Producer, committed: boolean): Promise<Producer | number> => {
      const request = { ...producer, transactionalId: 'x', committed }
      const { errorCode, producerId, producerEpoch } = await raw.call(endTxnApi, 5, request)
      return errorCode === 0 ? { producerId, producerEpoch } : errorCode
    }
    const { producerId, producerEpoch } = await init('x')
    const [first, second, third] = [0, 1, 2].map((by) => ({ producerId, producerEpoch: producerEpoch + by }))
    expect(await endAnd(first!, true)).toBe(code.INVALID_TXN_STATE)
    const write = { sequence: 0, transactionalId: 'x', version: 12 }
    await produce({ ...first!, ...write, value: 'committed' })
    expect(await endAnd(first!, true)).toEqual(second)
    expect(await endAnd(first!, true)).toEqual(second)
    expect(await endAnd(first!, false)).toBe(code.INVALID_TXN_STATE)
    expect((await produce({ ...first!, ...write, value: 'late' }))[0]).toBe(code.INVALID_PRODUCER_EPOCH)
    await produce({ ...second!, ...write, value: 'aborted' })
    // The commit of offsets adds their group.
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 7 }] }]
    const commit = { transactionalId: 'x', groupId: 'g', ...second!, generationId: -1, topics }
    expect((await raw.call(txnOffsetCommitApi, 5, commit)).topics[0]!.partitions[0]!.errorCode).toBe(0)
    expect(await endAnd(first!, false)).toBe(code.PRODUCER_FENCED)
    expect(await endAnd(second!, false)).toEqual(third)
    expect(kafka.committed('g', 't', 0)).toBeUndefined()
    // The producer may not know whether it has begun a transaction.
    expect(await endAnd(third!, false)).toEqual({ producerId, producerEpoch: producerEpoch + 3 })
    expect([await stableEnd(), values()]).toEqual([4, ['committed']])
  })

  it('is aborted when its producer continues after an error, and the producer may repeat the request', async () => {
    const before = await init('x')
    await begin(before)
    await produce({ ...before, value: 'lost', sequence: 0, transactionalId: 'x' })
    const goOn = (from: Producer): Promise<Producer & { errorCode: number }> =>
      raw.call(initProducerIdApi, 5, { ...from, transactionalId: 'x', transactionTimeoutMs: 60_000 })
    const after = await goOn(before)
    expect([after.errorCode, after.producerEpoch, await stableEnd()]).toEqual([0, before.producerEpoch + 1, 2])
    expect(await goOn(before)).toEqual(after)
    expect((await goOn(after)).producerEpoch).toBe(after.producerEpoch + 1)
    expect((await goOn(before)).errorCode).toBe(code.PRODUCER_FENCED)
  })

  it('is aborted by the next producer with its id, and its own producer is fenced', async () => {
    const old = await init('x')
    await begin(old)
    await produce({ ...old, value: 'lost', sequence: 0, transactionalId: 'x' })
    const next = await init('x')
    // One epoch for the abort, and one for the new producer.
    expect([next.producerId, next.producerEpoch]).toEqual([old.producerId, old.producerEpoch + 2])
    expect(await end(old, true)).toBe(code.PRODUCER_FENCED)
    expect(await end(next, false)).toBe(code.INVALID_TXN_STATE) // it has no open transaction
    expect((await produce({ ...old, value: 'late', sequence: 1, transactionalId: 'x' }))[0]).toBe(code.INVALID_PRODUCER_EPOCH)
    expect([await stableEnd(), values()]).toEqual([2, []])
  })

  it('is aborted after its timeout', async () => {
    const producer = await init('x')
    await begin(producer)
    await produce({ ...producer, value: 'late', sequence: 0, transactionalId: 'x' })
    await clock.advance(59_000)
    expect(await stableEnd()).toBe(0)
    await clock.advance(1000)
    expect(await stableEnd()).toBe(2)
    expect(await end(producer, true)).toBe(code.PRODUCER_FENCED)
  })

  it('rejects writes to partitions that were not added, unless the client leaves that to the broker', async () => {
    const producer = await init('x')
    const write = { ...producer, value: 'a', sequence: 0, transactionalId: 'x' }
    expect((await produce(write))[0]).toBe(code.TRANSACTION_ABORTABLE)
    expect((await produce({ ...write, version: 10 }))[0]).toBe(code.INVALID_TXN_STATE)
    expect(await produce({ ...producer, value: 'a', sequence: 0, transactionalId: 'x', version: 12 })).toEqual([0, 0])
    expect(await end(producer, true)).toBe(0)
    expect(await begin({ ...producer, producerId: 99 })).toBe(code.INVALID_PRODUCER_ID_MAPPING)
  })
})
