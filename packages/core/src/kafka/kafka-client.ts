// The Kafka port: what the engine needs from a Kafka client. It passes batches, never single messages. Each implementation runs the
// conformance suite in @kasper/testing/conformance.
import type { Admin, AdminOptions } from './admin.ts'
import type { Consumer, ConsumerOptions } from './consumer.ts'
import type { Producer, ProducerOptions } from './producer.ts'

/** The capabilities of a client. The conformance suite lists the cases that need a missing capability, and does not run them. */
export interface ClientCapabilities {
  /** A partition goes to another member only after `onRevoke` has settled. */
  readonly revokeBarrier: boolean
  /** Headers keep their order, even if other keys stand between two headers of one key. */
  readonly headerOrder: boolean
}

/** Makes consumers, producers and admins for one Kafka cluster. */
export interface KafkaClient {
  readonly capabilities: ClientCapabilities
  /** Connects, joins the group in the background, and tells the listener its assignments. */
  consumer(options: ConsumerOptions): Promise<Consumer>
  producer(options?: ProducerOptions): Promise<Producer>
  admin(options?: AdminOptions): Promise<Admin>
}
