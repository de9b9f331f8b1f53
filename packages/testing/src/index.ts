export {
  type ErrorName,
  type Fault,
  type FaultApi,
  type FaultBroker,
  type FaultGroup,
  type FaultPartition,
  type FaultRequest,
  type Faults,
  type FaultCount,
  type Hold,
  type ListenOptions,
  MemoryKafka,
  type MemoryKafkaOptions,
  type SaslMechanism,
  type SaslOptions,
  type TlsOptions,
} from '@kasper/broker'
export { type Labels, MemoryMetrics, type Observations } from './memory-metrics.ts'
export { ProcessorHarness, type ProcessorHarnessConfig, type TextMessage } from './processor-harness.ts'
export { VirtualClock } from './virtual-clock.ts'
