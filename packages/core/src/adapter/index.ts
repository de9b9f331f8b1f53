/**
 * The adapter kit: helpers that stores and Kafka clients share. Kasper's own packages are made with it. Use it when you write a
 * store or a client for Kasper; programs that only use Kasper do not need it.
 *
 * Prove an adapter with the conformance suites of `@kasper/testing/conformance`.
 *
 * @module
 */

// Calls: cancelling, running several at once, trying again.
export { abortable } from '../runtime/abortable.ts'
export { Backoff, type BackoffOptions } from './backoff.ts'
export { concurrently } from './concurrently.ts'
export { sleep } from '../runtime/clock.ts'

// Options.
export { checkVersion, checkWholeNumber } from './checks.ts'

// Bytes.
export { asBuffer, asUint8Array, type BufferClass } from './bytes.ts'

// Errors.
export { messageOf } from '../runtime/errors.ts'
export { describeKey, type FailedStoreCall, storeError, type StoreErrorDetails, storeErrorMessage } from '../state/store-error.ts'
export { errorChain } from './error-chain.ts'
export { type PartialFailure, partialFailureNotes, runStoreCall } from './store-call.ts'

// Keys: their order, and the hash that places them.
export { compareKeys, keyAfterPrefix } from '../state/key-order.ts'
export { murmur2 } from '../kafka/partitioner.ts'

// Messages and partitions.
export { headerList } from '../kafka/message.ts'
export { describePartition } from '../kafka/topic-partition.ts'

// Defaults that log and measure nothing.
export { noopLogger } from '../runtime/logger.ts'
export { noopMetricsProvider } from '../observability/metrics.ts'

// Stores of many tenants. `tenantsByPrefix` of @kasper/core turns one store into a multi-store.
export { DelegatingMultiStore, TenantStores } from './multi-stores.ts'
export { escapeTenant, unescapeTenant } from '../state/tenants-by-prefix.ts'
