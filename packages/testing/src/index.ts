export type {
  ErrorName,
  Fault,
  FaultApi,
  FaultBroker,
  FaultGroup,
  FaultPlace,
  FaultRequest,
  Faults,
  FaultTurn,
  Hold,
} from './faults.ts'
export { type ListenOptions, MemoryKafka, type MemoryKafkaOptions } from './memory-kafka.ts'
export { type Labels, MemoryMetrics, type Observations } from './memory-metrics.ts'
export { ProcessorHarness, type ProcessorHarnessConfig, type TextMessage } from './processor-harness.ts'
export { VirtualClock } from './virtual-clock.ts'
export type { SaslMechanism, SaslOptions } from './wire/sasl-mechanisms.ts'
export type { TlsOptions } from './wire/tls.ts'
