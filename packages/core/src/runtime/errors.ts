/** What went wrong, in one word. The error's message says where, and what to do about it. */
export type ErrorCode =
  // Found before anything is consumed.
  | 'CONFIG_INVALID'
  | 'TOPIC_UNKNOWN'
  | 'TOPIC_EXISTS'
  | 'PARTITION_COUNT_MISMATCH'
  | 'PARTITION_UNKNOWN'
  | 'PARTITION_CLAIMED'
  | 'PROCESSOR_MISSING'
  | 'GROUP_NOT_EMPTY'
  // The connection.
  | 'BROKER_UNREACHABLE'
  | 'AUTHENTICATION_FAILED'
  // One stage of the engine each.
  | 'FETCH_FAILED'
  | 'OFFSET_OUT_OF_RANGE'
  | 'DECODE_FAILED'
  | 'ENCODE_FAILED'
  | 'PROCESS_FAILED'
  | 'PRODUCE_FAILED'
  | 'MESSAGE_TOO_LARGE'
  | 'COMMIT_FAILED'
  | 'STORE_FAILED'
  // The directory in which an embedded Kafka keeps its topics.
  | 'DATA_UNUSABLE'
  // Membership and life cycle.
  | 'FENCED'
  | 'CLOSED'

/** Where an error happened, and what caused it. */
export interface KasperErrorDetails {
  readonly topic?: string | undefined
  readonly partition?: number | undefined
  readonly offset?: number | undefined
  readonly cause?: unknown
}

/** Every error that Kasper throws by itself; what a user's code threw is its `cause`. */
export class KasperError extends Error {
  override readonly name: string = 'KasperError'
  readonly code: ErrorCode
  readonly topic: string | undefined
  readonly partition: number | undefined
  readonly offset: number | undefined

  constructor(code: ErrorCode, message: string, details: KasperErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.topic = details.topic
    this.partition = details.partition
    this.offset = details.offset
  }
}

/** Whether this is Kasper's error of that code. */
export function hasCode(error: unknown, code: ErrorCode): error is KasperError {
  return error instanceof KasperError && error.code === code
}

/** What an error, or anything else that was thrown, says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What a log line says of an error: it as `err`, and in fields of their own what can be searched for. */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof KasperError)) return { err: error }
  const { code, topic, partition, offset } = error
  return Object.fromEntries(Object.entries({ code, topic, partition, offset, err: error }).filter(([, it]) => it !== undefined))
}
