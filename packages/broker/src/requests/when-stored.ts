import { type Draft, errorCodes } from '@kasper/protocol'
import { fetchApi, produceApi, type ProduceResponse } from '@kasper/protocol/messages'
import type { Broker } from '../broker.ts'
import type { RequestContext, ServedApi } from './served-api.ts'
import { UnansweredError } from './unanswered-error.ts'

/**
 * Delays the answers of an API until all state that they can show is stored, if the broker has a store. Fetch does not wait,
 * because it only returns stored records.
 */
export function whenStored(served: ServedApi): ServedApi {
  if (served.api === fetchApi) return served
  return {
    ...served,
    handle(request, context) {
      const { broker } = context
      if (broker.store === undefined) return served.handle(request, context)
      return answerWhenStored(served, request, context, broker, broker.store.changes)
    },
  }
}

function answerWhenStored(
  served: ServedApi,
  request: unknown,
  context: RequestContext,
  broker: Broker,
  changesBefore: number,
): unknown {
  const answer = served.handle(request, context)
  if (answer instanceof Promise) return answer.then((late) => wait(served, late, broker, changesBefore))
  return answer === undefined ? answer : wait(served, answer, broker, changesBefore)
}

function wait({ api }: ServedApi, answer: unknown, broker: Broker, changesBefore: number): unknown {
  const { failure, changes } = broker.store!
  // A request that has changed nothing is answered even after the storage has failed.
  if (failure !== undefined && changes === changesBefore) return answer
  return (
    broker.stored()?.then(
      () => answer,
      () => {
        if (api === produceApi) return notStored(answer as Draft<ProduceResponse>)
        throw new UnansweredError()
      },
    ) ?? answer
  )
}

/** Turns success into KAFKA_STORAGE_ERROR, for writes that did not reach the disk. */
function notStored({ responses }: Draft<ProduceResponse>): Draft<ProduceResponse> {
  return {
    responses: responses?.map((topic) => ({
      ...topic,
      partitionResponses: topic.partitionResponses?.map((one) =>
        one.errorCode === undefined || one.errorCode === errorCodes.NONE
          ? {
              index: one.index,
              errorCode: errorCodes.KAFKA_STORAGE_ERROR,
              baseOffset: -1,
              logAppendTimeMs: -1,
              errorMessage: null,
            }
          : one,
      ),
    })),
  }
}
