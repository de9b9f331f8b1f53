/**
 * For libraries that speak Kafka's protocol: implement {@link Cluster}, and {@link clusterClient} makes a `KafkaClient` of it.
 *
 * @module
 */

// The port, and the function that makes a client of it.
export * from './cluster.ts'
export { clusterClient, type ClusterClientOptions } from '../cluster-client.ts'

// Errors.
export {
  asKasperError,
  ClusterError,
  type ClusterErrorDetails,
  type ClusterErrorKind,
  isRefusedLogin,
  isTransient,
} from './errors.ts'

// Requests and answers.
export { answeredError, byTopic, type FetchedPartition, offsetsInOrder, readFetched, translateErrors } from './requests.ts'

// Configuration.
export { checkBrokers } from './broker-addresses.ts'
export {
  type Environment,
  type EnvironmentSettings,
  readEnvironment,
  type SaslSettings,
  type TlsSettings,
} from './environment.ts'
export * from '../group/assignment.ts'
