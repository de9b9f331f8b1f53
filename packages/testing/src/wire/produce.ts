import {
  type BatchHeader,
  checkBatch,
  decodeBatch,
  errorCodes,
  MissingCodecError,
  type RecordView,
  verifyBatch,
} from '@kasper/protocol'
import {
  type PartitionProduceData,
  type PartitionProduceResponse,
  produceApi,
  type ProduceResponse,
  type TopicProduceData,
} from '@kasper/protocol/messages'
import { systemClock } from '@kasper/core'
import type { Draft } from '@kasper/protocol'
import type { PartitionLog } from '../partition-log.ts'
import type { Topic } from '../topic.ts'
import { type RequestContext, serve, type ServedApi } from './api.ts'
import type { ServerState } from './server-state.ts'
import { findLog, findTopic } from './topic-lookup.ts'

/** Why a batch was not written. */
interface Refusal {
  readonly errorCode: number
  readonly errorMessage?: string
}

/** What became of a batch: where it lies, or why it does not. */
type Outcome = { readonly baseOffset: number } | Refusal

export const produceApis: readonly ServedApi[] = [
  serve(produceApi, (request, context) => {
    const { acks, topicData } = request
    const validAcks = acks === 0 || acks === 1 || acks === -1
    const fate: Fate = { lost: false, held: [] }
    const responses = topicData.map((data) => ({
      name: data.name,
      topicId: data.topicId,
      partitionResponses: produceToTopic(data, request.transactionalId, validAcks, context, fate),
    }))
    const failed = responses.some(({ partitionResponses }) => partitionResponses.some(({ errorCode }) => errorCode !== 0))
    // Who wants no answers learns of an error by losing the connection.
    if (fate.lost || (acks === 0 && failed)) throw new UnansweredError()
    if (acks === 0) return undefined
    const answer: Draft<ProduceResponse> = { responses }
    return fate.held.length === 0 ? answer : Promise.all(fate.held).then(() => answer)
  }),
]

/** What the test's faults do to the answer. */
interface Fate {
  lost: boolean
  readonly held: Promise<void>[]
}

/** A write whose client gets no answer, because it wants none or is not to have one. */
export class UnansweredError extends Error {
  override readonly name: string = 'UnansweredError'
}

function produceToTopic(
  data: TopicProduceData,
  transactionalId: string | null,
  validAcks: boolean,
  { state, version }: RequestContext,
  fate: Fate,
): Draft<PartitionProduceResponse>[] {
  const { faults } = state.broker
  const topic = findTopic(state, data, version, 13)
  const appendTime = typeof topic !== 'number' && topic.logAppendTime ? state.broker.clock.now() : -1
  return data.partitionData.map((partition) => {
    const { index } = partition
    const log = findLog(topic, index)
    if (!validAcks) return refused(index, { errorCode: errorCodes.INVALID_REQUIRED_ACKS })
    if (typeof log === 'number') return refused(index, { errorCode: log })
    if (faults.strikes('produce', log)) return refused(index, faultRefusal)
    const outcome = write(partition, topic as Topic, log, transactionalId, version, state)
    if ('errorCode' in outcome) return refused(index, outcome)
    const held = faults.heldUp('ack', log)
    if (held !== undefined) fate.held.push(held)
    if (faults.strikes('ack', log)) fate.lost = true
    return { index, baseOffset: outcome.baseOffset, logAppendTimeMs: appendTime, logStartOffset: log.startOffset }
  })
}

const faultRefusal: Refusal = { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: "As the test's faults say" }

function refused(index: number, { errorCode, errorMessage }: Refusal): Draft<PartitionProduceResponse> {
  return { index, errorCode, baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1, errorMessage: errorMessage ?? null }
}

function write(
  { records }: PartitionProduceData,
  topic: Topic,
  log: PartitionLog,
  transactionalId: string | null,
  version: number,
  { broker, transactions }: ServerState,
): Outcome {
  if (records === null || records.length === 0) return invalid('There has to be one record batch')
  const checked = check(records, log)
  if ('errorCode' in checked) return checked
  const { sizeInBytes, compression, producerId, producerEpoch, baseSequence, transactional, maxTimestamp } = checked
  if (sizeInBytes !== records.length) return invalid('There has to be exactly one record batch')
  if (checked.control) return invalid('Clients cannot write control records')
  if (compression === 'zstd' && version < 7) return { errorCode: errorCodes.UNSUPPORTED_COMPRESSION_TYPE }
  if (sizeInBytes > topic.maxMessageBytes) return { errorCode: errorCodes.MESSAGE_TOO_LARGE }
  if (producerId >= 0 && (baseSequence < 0 || producerEpoch < 0)) return invalid('An idempotent batch without its sequence')
  // Under a virtual clock the broker's time and its clients' are not the same.
  if (!topic.logAppendTime && broker.clock === systemClock && maxTimestamp > broker.clock.now() + topic.maxAheadMs)
    return { errorCode: errorCodes.INVALID_TIMESTAMP }
  if (topic.compacted && hasNullKey(records, log)) return invalid('Messages of a compacted topic need a key')
  if (producerId >= 0) {
    const admission = log.producers.admit(checked)
    if (admission === 'fenced') return { errorCode: errorCodes.INVALID_PRODUCER_EPOCH }
    if (admission === 'out-of-order') return { errorCode: errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER }
    if (admission !== 'new') return { baseOffset: admission.writtenAt }
  }
  if (transactional) {
    const errorCode = transactions.checkWrite(transactionalId, checked, log, version >= 12)
    if (errorCode !== errorCodes.NONE) return { errorCode }
  }
  const baseOffset = log.appendOwn(records, topic.logAppendTime ? broker.clock.now() : undefined)
  if (producerId >= 0) log.producers.add(checked, baseOffset)
  return { baseOffset }
}

function check(records: Uint8Array, { decompress }: PartitionLog): BatchHeader | Refusal {
  try {
    return checkBatch(records, 0, decompress)
  } catch (error) {
    if (error instanceof MissingCodecError) return { errorCode: errorCodes.UNSUPPORTED_COMPRESSION_TYPE }
    if (!verifyBatch(records, 0)) return { errorCode: errorCodes.CORRUPT_MESSAGE }
    return invalid((error as Error).message)
  }
}

function invalid(errorMessage: string): Refusal {
  return { errorCode: errorCodes.INVALID_RECORD, errorMessage }
}

function hasNullKey(records: Uint8Array, log: PartitionLog): boolean {
  const views: RecordView[] = []
  decodeBatch(records, 0, log, 0, views, log.decompress)
  return views.some(({ key }) => key === null)
}
