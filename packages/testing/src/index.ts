export type { FaultPlace, Faults, FaultTurn, Hold } from './faults.ts'
export { MemoryKafka, type MemoryKafkaOptions } from './memory-kafka.ts'
export { type Labels, MemoryMetrics, type Observations } from './memory-metrics.ts'
export { VirtualClock } from './virtual-clock.ts'
