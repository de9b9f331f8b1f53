// Produce.
import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  batchSize,
  checkBatch,
  decodeBatch,
  type Draft,
  errorCodes,
  MissingCodecError,
  readBatchHeader,
  type RecordView,
  verifyBatch,
} from '@kasper/protocol'
import { type PartitionProduceResponse, produceApi, type ProduceResponse, type TopicProduceData } from '@kasper/protocol/messages'
import { systemClock } from '@kasper/core'
import type { PartitionLog } from '../../logs/partition-log.ts'
import type { Topic } from '../../logs/topic.ts'
import { type RequestContext, serve, type ServedApi } from '../served-api.ts'
import { UnansweredError } from '../unanswered-error.ts'
import { checkLeader, currentLeader, leaderEndpoints } from './leaders.ts'
import { findLog, findTopic } from './topic-lookup.ts'
import { verificationCode } from './transactions.ts'

/** From this version, an answer contains the leader if the client has asked another broker. */
const CONTAINS_LEADERS = 10

/** The position of the format version in a batch. */
const MAGIC = 16

/** The position of the attributes in a batch of format 2, and the bit for transactions. */
const ATTRIBUTES = 22
const TRANSACTIONAL = 0x10
/** The positions of the producer's id and epoch. */
const PRODUCER_ID = 43
const PRODUCER_EPOCH = 51

/** The smallest batch of any format. */
const LEAST_BATCH_BYTES = 26

/** Why a batch was not written. */
interface Refusal {
  readonly errorCode: number
  readonly errorMessage?: string
  /** Whether the batch was refused before the log was read. */
  readonly beforeTheLog?: boolean
}

/** The offset and timestamp of a written batch, or why it was not written. */
type Outcome = { readonly baseOffset: number; readonly timestamp: number } | Refusal

export const produceApis: readonly ServedApi[] = [
  serve(produceApi, (request, context) => {
    const { acks, topicData, transactionalId } = request
    const validAcks = acks === 0 || acks === 1 || acks === -1
    const properties = { transactionalId, validAcks, recordBytes: sizeOfRecords(topicData) }
    const hasBatch = (matches: (records: Uint8Array | null) => boolean): boolean =>
      topicData.some(({ partitionData }) => partitionData.some(({ records }) => matches(records)))
    // One such batch fails the whole request.
    const refusal = hasBatch(isUnreadable)
      ? errorCodes.CORRUPT_MESSAGE
      : transactionalId === null && hasBatch(isTransactional)
        ? errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
        : undefined
    const answerFaults: AnswerFaults = { lost: false, held: [] }
    const responses = topicData.map((data) => ({
      name: data.name,
      topicId: data.topicId,
      partitionResponses:
        refusal === undefined
          ? produceToTopic(data, properties, context, answerFaults)
          : data.partitionData.map(({ index }) => refused(index, { errorCode: refusal })),
    }))
    const failed = responses.some(({ partitionResponses }) => partitionResponses.some(({ errorCode }) => errorCode !== 0))
    // A client that expects no answer learns of an error when it loses the connection.
    if (answerFaults.lost || (acks === 0 && failed)) throw new UnansweredError()
    if (acks === 0) return undefined
    const answer: Draft<ProduceResponse> = failed
      ? {
          responses,
          nodeEndpoints: leaderEndpoints(
            context,
            responses.flatMap(({ partitionResponses }) => partitionResponses),
          ),
        }
      : { responses }
    return answerFaults.held.length === 0 ? answer : Promise.all(answerFaults.held).then(() => answer)
  }),
]

/** Properties of the whole request. */
interface RequestProperties {
  readonly transactionalId: string | null
  readonly validAcks: boolean
  readonly recordBytes: number
}

function sizeOfRecords(topicData: readonly TopicProduceData[]): number {
  let size = 0
  for (const { partitionData } of topicData) for (const { records } of partitionData) size += records?.length ?? 0
  return size
}

/** Whether this is not a batch of any format. One such batch fails the whole request. */
function isUnreadable(records: Uint8Array | null): boolean {
  if (records === null || records.length <= MAGIC) return false
  return batchSize(records, 0) < LEAST_BATCH_BYTES || records[MAGIC]! > 2
}

/** Whether the batch belongs to a transaction. Then the request needs a transactional id. */
function isTransactional(records: Uint8Array | null): boolean {
  return isOneBatch(records) && records.length >= BATCH_HEADER_BYTES && (records[ATTRIBUTES]! & TRANSACTIONAL) !== 0
}

/** The producer of a batch, whose other content may be damaged. */
function producerOf(batch: Uint8Array): { readonly producerId: number; readonly producerEpoch: number } {
  const { buffer, byteOffset } = batch
  const view = new DataView(buffer, byteOffset)
  return { producerId: Number(view.getBigInt64(PRODUCER_ID)), producerEpoch: view.getInt16(PRODUCER_EPOCH) }
}

/** The effects of faults on the answer. */
interface AnswerFaults {
  lost: boolean
  readonly held: Promise<void>[]
}

function produceToTopic(
  data: TopicProduceData,
  properties: RequestProperties,
  context: RequestContext,
  answerFaults: AnswerFaults,
): Draft<PartitionProduceResponse>[] {
  const { broker, version } = context
  const { faults, store } = broker
  const topic = findTopic(broker, data, version, 13)
  return data.partitionData.map((partition) => {
    const { index } = partition
    const log = findLog(topic, index)
    if (typeof log === 'number') return refused(index, { errorCode: log })
    const { records } = partition
    if (!isOneBatch(records)) return refused(index, invalid('Expected one record batch of format 2'))
    if (!properties.validAcks) return refused(index, { errorCode: errorCodes.INVALID_REQUIRED_ACKS })
    const leaderError = checkLeader(context, log)
    if (leaderError !== errorCodes.NONE) {
      const leader = version >= CONTAINS_LEADERS ? currentLeader(context, log, leaderError) : {}
      return { ...refused(index, { errorCode: leaderError }), ...leader }
    }
    if (store?.failure !== undefined) return refused(index, { errorCode: errorCodes.KAFKA_STORAGE_ERROR })
    if (faults.strikes('produce', log)) return refused(index, faultRefusal)
    const outcome = write(records, topic as Topic, log, properties, context)
    if ('errorCode' in outcome)
      return refused(index, outcome, outcome.beforeTheLog === true || outcome.errorCode in BEFORE_THE_LOG ? -1 : log.startOffset)
    const held = faults.heldUp('ack', log)
    if (held !== undefined) answerFaults.held.push(held)
    if (faults.strikes('ack', log)) answerFaults.lost = true
    return { index, baseOffset: outcome.baseOffset, logAppendTimeMs: outcome.timestamp, logStartOffset: log.startOffset }
  })
}

const faultRefusal: Refusal = { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: "As the test's faults say" }

/** Errors after which the answer does not contain the log start offset, as in Kafka. */
const BEFORE_THE_LOG: Readonly<Record<number, true>> = {
  [errorCodes.CORRUPT_MESSAGE]: true,
  [errorCodes.MESSAGE_TOO_LARGE]: true,
}

function refused(
  index: number,
  { errorCode, errorMessage }: Refusal,
  logStartOffset: number = -1,
): Draft<PartitionProduceResponse> {
  return { index, errorCode, baseOffset: -1, logAppendTimeMs: -1, logStartOffset, errorMessage: errorMessage ?? null }
}

/** Whether this looks like one batch of format 2. */
function isOneBatch(records: Uint8Array | null): records is Uint8Array {
  return records !== null && records.length > MAGIC && records[MAGIC] === 2 && batchSize(records, 0) <= records.length
}

function startsAtZero(records: Uint8Array): boolean {
  for (let i = 0; i < 8; i++) if (records[i] !== 0) return false
  return true
}

function write(
  records: Uint8Array,
  topic: Topic,
  log: PartitionLog,
  { transactionalId, recordBytes }: RequestProperties,
  { broker, version, inProcess = false }: RequestContext,
): Outcome {
  if (isTransactional(records)) {
    const errorCode = broker.transactions.checkWrite(transactionalId, producerOf(records), log, version >= 12)
    if (errorCode !== errorCodes.NONE) return { errorCode: verificationCode(errorCode, version >= 11), beforeTheLog: true }
  }
  if (!startsAtZero(records)) return invalid('The offsets of a new batch must start at 0')
  if (records.length > topic.maxMessageBytes) return { errorCode: errorCodes.MESSAGE_TOO_LARGE }
  const checked = inProcess ? readBatchHeader(records, 0) : check(records, log)
  if ('errorCode' in checked) return checked
  const { sizeInBytes, compression, producerId, producerEpoch, baseSequence, maxTimestamp } = checked
  if (sizeInBytes !== records.length) return invalid('Expected exactly one record batch')
  if (checked.control) return invalid('Clients cannot write control records')
  if (compression === 'zstd' && version < 7) return { errorCode: errorCodes.UNSUPPORTED_COMPRESSION_TYPE }
  if (producerId >= 0 && (baseSequence < 0 || producerEpoch < 0)) return invalid('An idempotent batch needs a sequence number')
  // Under a virtual clock, the broker's time can differ from the client's.
  if (!topic.logAppendTime && broker.clock === systemClock && maxTimestamp > broker.clock.now() + topic.maxAheadMs)
    return { errorCode: errorCodes.INVALID_TIMESTAMP }
  if (topic.compacted && hasNullKey(records, log)) return invalid('Messages of a compacted topic need a key')
  if (producerId >= 0) {
    const admission = log.producers.admit(checked)
    if (admission === 'fenced') return { errorCode: errorCodes.INVALID_PRODUCER_EPOCH }
    if (admission === 'out-of-order') return { errorCode: errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER }
    if (admission !== 'new') return admission
  }
  const appendTime = topic.logAppendTime ? broker.clock.now() : undefined
  const baseOffset = log.appendSingle(records, recordBytes, appendTime)
  if (producerId >= 0) log.producers.add(checked, baseOffset)
  return { baseOffset, timestamp: appendTime ?? -1 }
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
