// InitProducerId, AddPartitionsToTxn, AddOffsetsToTxn, TxnOffsetCommit and EndTxn.
import { type Draft, errorCodes } from '@kasper/protocol'
import {
  addOffsetsToTxnApi,
  addPartitionsToTxnApi,
  type AddPartitionsToTxnResponse,
  endTxnApi,
  initProducerIdApi,
  txnOffsetCommitApi,
} from '@kasper/protocol/messages'
import { checkCommit } from '../../groups/member-checks.ts'
import { serve, type ServedApi } from '../served-api.ts'
import { findLog } from './topic-lookup.ts'

/** The error code for clients that do not know PRODUCER_FENCED yet. */
function codeForVersion(errorCode: number, version: number, since: number): number {
  return errorCode === errorCodes.PRODUCER_FENCED && version < since ? errorCodes.INVALID_PRODUCER_EPOCH : errorCode
}

/**
 * The error code of a broker that has asked the transaction coordinator to check a producer.
 * @param knowsAbortable whether the client knows TRANSACTION_ABORTABLE
 */
export function verificationCode(errorCode: number, knowsAbortable: boolean): number {
  if (errorCode === errorCodes.PRODUCER_FENCED) return errorCodes.INVALID_PRODUCER_EPOCH
  if (errorCode === errorCodes.INVALID_TXN_STATE && knowsAbortable) return errorCodes.TRANSACTION_ABORTABLE
  return errorCode
}

export const transactionApis: readonly ServedApi[] = [
  serve(initProducerIdApi, ({ transactionalId, transactionTimeoutMs, producerId, producerEpoch }, { broker, version }) => {
    const failure = (errorCode: number): { errorCode: number; producerId: number; producerEpoch: number } => ({
      errorCode,
      producerId: -1,
      producerEpoch: -1,
    })
    if (transactionalId === null) return { producerId: broker.producerIds.next(), producerEpoch: 0 }
    if (transactionalId === '' || producerId >= 0 !== producerEpoch >= 0) return failure(errorCodes.INVALID_REQUEST)
    const started = broker.transactions.init({ transactionalId, producerId, producerEpoch }, transactionTimeoutMs)
    return typeof started === 'number' ? failure(codeForVersion(started, version, 4)) : started
  }),
  // Version 4 and later is for brokers. From Produce 12, a write adds its partition.
  serve(
    addPartitionsToTxnApi,
    (request, { broker, version }): Draft<AddPartitionsToTxnResponse> => {
      const { v3AndBelowTopics: topics } = request
      const producer = {
        transactionalId: request.v3AndBelowTransactionalId,
        producerId: request.v3AndBelowProducerId,
        producerEpoch: request.v3AndBelowProducerEpoch,
      }
      const found = topics.map(({ name, partitions }) => partitions.map((one) => findLog(broker.topics.get(name), one)))
      const logs = found.flat().filter((log) => typeof log !== 'number')
      const complete = logs.length === found.flat().length
      const outcome = complete
        ? codeForVersion(broker.transactions.addPartitions(producer, logs), version, 2)
        : errorCodes.OPERATION_NOT_ATTEMPTED
      return {
        resultsByTopicV3AndBelow: topics.map(({ name, partitions }, i) => ({
          name,
          resultsByPartition: partitions.map((partitionIndex, j) => {
            const log = found[i]![j]!
            return { partitionIndex, partitionErrorCode: typeof log === 'number' ? log : outcome }
          }),
        })),
      }
    },
    3,
  ),
  serve(addOffsetsToTxnApi, (request, { broker, version }) => ({
    errorCode: codeForVersion(broker.transactions.addGroup(request, request.groupId), version, 2),
  })),
  serve(txnOffsetCommitApi, (request, { broker, version }) => {
    const { groupId, topics, generationId, memberId, groupInstanceId } = request
    const offsets = topics.flatMap(({ name, partitions }) =>
      partitions
        .filter(({ partitionIndex }) => typeof findLog(broker.topics.get(name), partitionIndex) !== 'number')
        .map(({ partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata }) => ({
          topic: name,
          partition: partitionIndex,
          offset: committedOffset,
          leaderEpoch: committedLeaderEpoch,
          metadata: committedMetadata ?? '',
        })),
    )
    const offsetsError = broker.transactions.checkOffsets(request, groupId, version >= 5 && offsets.length > 0)
    const claim = { memberId, instanceId: groupInstanceId, generation: generationId }
    const outcome =
      offsetsError === errorCodes.NONE
        ? checkCommit(broker.groups.get(groupId), claim)
        : verificationCode(offsetsError, version >= 4)
    if (outcome === errorCodes.NONE) broker.transactions.commitOffsets(request, groupId, offsets)
    return {
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => {
          const log = findLog(broker.topics.get(name), partitionIndex)
          return { partitionIndex, errorCode: typeof log === 'number' ? log : outcome }
        }),
      })),
    }
  }),
  serve(endTxnApi, (request, { broker, version }) => {
    if (version < 5) return { errorCode: codeForVersion(broker.transactions.end(request, request.committed), version, 2) }
    const ended = broker.transactions.endWithEpoch(request, request.committed)
    return typeof ended === 'number' ? { errorCode: ended, producerId: -1, producerEpoch: -1 } : ended
  }),
]
