/** The codes that `@kasper/core` defines, for its own errors and for errors of clients and stores. */
export type CoreErrorCode =
  // The configuration does not fit the program or the cluster. Found before anything is consumed.
  | 'CONFIG_INVALID'
  | 'TOPIC_UNKNOWN'
  | 'TOPIC_EXISTS'
  | 'PARTITION_COUNT_MISMATCH'
  | 'PARTITION_UNKNOWN'
  | 'PROCESSOR_MISSING'
  // Another member of the consumer group prevents it.
  | 'PARTITION_CLAIMED'
  | 'GROUP_NOT_EMPTY'
  // The connection.
  | 'BROKER_UNREACHABLE'
  | 'AUTHENTICATION_FAILED'
  // The stages of a batch.
  | 'FETCH_FAILED'
  | 'OFFSET_OUT_OF_RANGE'
  | 'DECODE_FAILED'
  | 'ENCODE_FAILED'
  | 'PROCESS_FAILED'
  | 'PRODUCE_FAILED'
  | 'MESSAGE_TOO_LARGE'
  | 'COMMIT_FAILED'
  | 'STORE_FAILED'
  // The partition belongs to another member of the group.
  | 'FENCED'
  // The object is closed, or was used before and can be used only once.
  | 'CLOSED'

const RETRIABLE: ReadonlySet<ErrorCode> = new Set<CoreErrorCode>([
  'PARTITION_CLAIMED',
  'GROUP_NOT_EMPTY',
  'BROKER_UNREACHABLE',
  'FETCH_FAILED',
  'PRODUCE_FAILED',
  'COMMIT_FAILED',
  'STORE_FAILED',
])

/**
 * What went wrong, as one word. The error's message says where it happened and what to do next.
 *
 * The list is open: a package may define more codes, such as `DATA_UNUSABLE` of `@kasper/broker`. Editors complete core's codes.
 */
export type ErrorCode = CoreErrorCode | (string & {})

/** Where an error happened, what caused it, and whether trying again may help. */
export interface KasperErrorDetails {
  readonly topic?: string | undefined
  readonly partition?: number | undefined
  readonly offset?: number | undefined
  readonly cause?: unknown
  /**
   * Whether the same operation may succeed later.
   * @default that of `cause`, if it is a `KasperError`; else by the code, and `false` for codes that core does not define
   */
  readonly retriable?: boolean | undefined
}

/** Every error that Kasper itself throws. An error thrown by a user's code is its `cause`. */
export class KasperError extends Error {
  override readonly name: string = 'KasperError'
  readonly code: ErrorCode
  /**
   * Whether the same operation may succeed later, although nobody changes the program, its configuration or its data: a broker was
   * down, or a store was busy. `false` if something must be changed first, or if it is not known.
   */
  readonly retriable: boolean
  readonly topic: string | undefined
  readonly partition: number | undefined
  readonly offset: number | undefined

  constructor(code: ErrorCode, message: string, details: KasperErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.retriable = details.retriable ?? (details.cause instanceof KasperError ? details.cause.retriable : RETRIABLE.has(code))
    this.topic = details.topic
    this.partition = details.partition
    this.offset = details.offset
  }
}

/** Whether this is a {@link KasperError} with this code. */
export function hasCode(error: unknown, code: ErrorCode): error is KasperError {
  return error instanceof KasperError && error.code === code
}

/** The message of an error, or the text of any other thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The fields of a log line about an error: the error as `err`, and its code and place as fields that can be searched for. */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof KasperError)) return { err: error }
  const { code, topic, partition, offset } = error
  return Object.fromEntries(
    Object.entries({ code, topic, partition, offset, err: error }).filter(([, value]) => value !== undefined),
  )
}
