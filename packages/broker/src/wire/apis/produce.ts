import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  batchSize,
  checkBatch,
  decodeBatch,
  type Draft,
  errorCodes,
  MissingCodecError,
  type RecordView,
  verifyBatch,
} from '@kasper/protocol'
import { type PartitionProduceResponse, produceApi, type ProduceResponse, type TopicProduceData } from '@kasper/protocol/messages'
import { systemClock } from '@kasper/core'
import type { PartitionLog } from '../../logs/partition-log.ts'
import type { Topic } from '../../logs/topic.ts'
import type { Broker } from '../../broker.ts'
import { type RequestContext, serve, type ServedApi } from '../served-api.ts'
import { UnansweredError } from '../unanswered-error.ts'
import { checkLeader, currentLeader, leaderEndpoints } from './leaders.ts'
import { findLog, findTopic } from './topic-lookup.ts'
import { verifiedCode } from './transactions.ts'

/** From this version on an answer says who leads a partition, to whoever asked another broker. */
const NAMES_LEADERS = 10

/** Where a batch says which format it has. */
const MAGIC = 16

/** Where a batch of format 2 says whether it belongs to a transaction, and the bit that does. */
const ATTRIBUTES = 22
const TRANSACTIONAL = 0x10
/** And where, who has written it. */
const PRODUCER_ID = 43
const PRODUCER_EPOCH = 51

/** Of any format that there ever was. */
const LEAST_BATCH_BYTES = 26

/** Why a batch was not written. */
interface Refusal {
  readonly errorCode: number
  readonly errorMessage?: string
  /** Whether the log was not even looked at. */
  readonly beforeTheLog?: boolean
}

/** What became of a batch: where it lies and which time the broker gave it, or why it is not there. */
type Outcome = { readonly baseOffset: number; readonly timestamp: number } | Refusal

export const produceApis: readonly ServedApi[] = [
  serve(produceApi, (request, context) => {
    const { acks, topicData, transactionalId } = request
    const validAcks = acks === 0 || acks === 1 || acks === -1
    const whole = { transactionalId, validAcks, recordBytes: sizeOfRecords(topicData) }
    const hasBatch = (is: (records: Uint8Array | null) => boolean): boolean =>
      topicData.some(({ partitionData }) => partitionData.some(({ records }) => is(records)))
    // One such batch is enough to refuse the whole request.
    const refusal = hasBatch(isUnreadable)
      ? errorCodes.CORRUPT_MESSAGE
      : transactionalId === null && hasBatch(isTransactional)
        ? errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
        : undefined
    const fate: Fate = { lost: false, held: [] }
    const responses = topicData.map((data) => ({
      name: data.name,
      topicId: data.topicId,
      partitionResponses:
        refusal === undefined
          ? produceToTopic(data, whole, context, fate)
          : data.partitionData.map(({ index }) => refused(index, { errorCode: refusal })),
    }))
    const failed = responses.some(({ partitionResponses }) => partitionResponses.some(({ errorCode }) => errorCode !== 0))
    // Who wants no answers learns of an error by losing the connection.
    if (fate.lost || (acks === 0 && failed)) throw new UnansweredError()
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
    return fate.held.length === 0 ? answer : Promise.all(fate.held).then(() => answer)
  }),
]

/** What counts for every batch of a request. */
interface Whole {
  readonly transactionalId: string | null
  readonly validAcks: boolean
  readonly recordBytes: number
}

function sizeOfRecords(topicData: readonly TopicProduceData[]): number {
  let size = 0
  for (const { partitionData } of topicData) for (const { records } of partitionData) size += records?.length ?? 0
  return size
}

/** Whether this is no batch of any format that there ever was: then all of the request is refused. */
function isUnreadable(records: Uint8Array | null): boolean {
  if (records === null || records.length <= MAGIC) return false
  return batchSize(records, 0) < LEAST_BATCH_BYTES || records[MAGIC]! > 2
}

/** Whether this batch says that it belongs to a transaction: then the request has to say to whose. */
function isTransactional(records: Uint8Array | null): boolean {
  return isOneBatch(records) && records.length >= BATCH_HEADER_BYTES && (records[ATTRIBUTES]! & TRANSACTIONAL) !== 0
}

/** Who has written this batch, which may be damaged otherwise. */
function producerOf(batch: Uint8Array): { readonly producerId: number; readonly producerEpoch: number } {
  const { buffer, byteOffset } = batch
  const view = new DataView(buffer, byteOffset)
  return { producerId: Number(view.getBigInt64(PRODUCER_ID)), producerEpoch: view.getInt16(PRODUCER_EPOCH) }
}

/** What the test's faults do to the answer. */
interface Fate {
  lost: boolean
  readonly held: Promise<void>[]
}

function produceToTopic(
  data: TopicProduceData,
  whole: Whole,
  context: RequestContext,
  fate: Fate,
): Draft<PartitionProduceResponse>[] {
  const { broker, version } = context
  const { faults, store } = broker
  const topic = findTopic(broker, data, version, 13)
  return data.partitionData.map((partition) => {
    const { index } = partition
    const log = findLog(topic, index)
    if (typeof log === 'number') return refused(index, { errorCode: log })
    const { records } = partition
    if (!isOneBatch(records)) return refused(index, invalid('There has to be one record batch, of format 2'))
    if (!whole.validAcks) return refused(index, { errorCode: errorCodes.INVALID_REQUIRED_ACKS })
    const leaderError = checkLeader(context, log)
    if (leaderError !== errorCodes.NONE) {
      const leader = version >= NAMES_LEADERS ? currentLeader(context, log, leaderError) : {}
      return { ...refused(index, { errorCode: leaderError }), ...leader }
    }
    if (store?.failure !== undefined) return refused(index, { errorCode: errorCodes.KAFKA_STORAGE_ERROR })
    if (faults.strikes('produce', log)) return refused(index, faultRefusal)
    const outcome = write(records, topic as Topic, log, whole, version, broker)
    if ('errorCode' in outcome)
      return refused(index, outcome, outcome.beforeTheLog === true || outcome.errorCode in BEFORE_THE_LOG ? -1 : log.startOffset)
    const held = faults.heldUp('ack', log)
    if (held !== undefined) fate.held.push(held)
    if (faults.strikes('ack', log)) fate.lost = true
    return { index, baseOffset: outcome.baseOffset, logAppendTimeMs: outcome.timestamp, logStartOffset: log.startOffset }
  })
}

const faultRefusal: Refusal = { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: "As the test's faults say" }

/** Errors after which the broker says nothing of the log. */
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

/** Whether this looks like what a request may bring: one batch of the only format there is. */
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
  { transactionalId, recordBytes }: Whole,
  version: number,
  broker: Broker,
): Outcome {
  if (isTransactional(records)) {
    const errorCode = broker.transactions.checkWrite(transactionalId, producerOf(records), log, version >= 12)
    if (errorCode !== errorCodes.NONE) return { errorCode: verifiedCode(errorCode, version >= 11), beforeTheLog: true }
  }
  if (!startsAtZero(records)) return invalid('The offsets of a batch that is sent begin at 0')
  if (records.length > topic.maxMessageBytes) return { errorCode: errorCodes.MESSAGE_TOO_LARGE }
  const checked = check(records, log)
  if ('errorCode' in checked) return checked
  const { sizeInBytes, compression, producerId, producerEpoch, baseSequence, maxTimestamp } = checked
  if (sizeInBytes !== records.length) return invalid('There has to be exactly one record batch')
  if (checked.control) return invalid('Clients cannot write control records')
  if (compression === 'zstd' && version < 7) return { errorCode: errorCodes.UNSUPPORTED_COMPRESSION_TYPE }
  if (producerId >= 0 && (baseSequence < 0 || producerEpoch < 0)) return invalid('An idempotent batch without its sequence')
  // Under a virtual clock the broker's time and its clients' are not the same.
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
