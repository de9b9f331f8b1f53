export { EmbeddedKafka, type EmbeddedKafkaOptions, type ListenOptions } from './embedded/embedded-kafka.ts'
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
} from './faults/faults.ts'
export type { SaslMechanism, SaslOptions } from './wire/sasl-mechanisms.ts'
export type { TlsOptions } from './wire/tls.ts'
