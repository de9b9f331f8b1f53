/**
 * The stages of a partition's work, as stall warnings and health name them. `store` is the part of processing that waits for a
 * store.
 */
export type Stage = (typeof STAGES)[number]
export const STAGES = ['fetch', 'store', 'process', 'produce', 'commit'] as const

/** The stages in which errors are counted: reading from Kafka, a codec, a store, `process`, sending, committing. */
export type ErrorStage = (typeof ERROR_STAGES)[number]
export const ERROR_STAGES = ['fetch', 'decode', 'store', 'process', 'produce', 'commit'] as const

/** The stages in which the client retries: reading from Kafka (and joining the group), sending, committing. */
export type RetryStage = (typeof RETRY_STAGES)[number]
export const RETRY_STAGES = ['fetch', 'produce', 'commit'] as const
