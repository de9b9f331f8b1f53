export type {
  ErrorName,
  Fault,
  FaultApi,
  FaultBroker,
  FaultGroup,
  FaultPartition,
  FaultRequest,
  Faults,
  FaultCount,
  Hold,
  ListenOptions,
  SaslMechanism,
  SaslOptions,
  TlsOptions,
} from '@kasper/broker'
export { MemoryKafka, type MemoryKafkaOptions } from './memory-kafka.ts'
export { type Labels, MemoryMetrics, type Observations } from './memory-metrics.ts'
export { ProcessorHarness, type ProcessorHarnessConfig, type TextMessage } from './processor-harness.ts'
export { VirtualClock } from './virtual-clock.ts'
