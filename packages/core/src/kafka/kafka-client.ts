// The Kafka port: what the engine needs of a Kafka client, in batches, never in single messages. Every implementation runs
// the conformance suite in @kasper/testing/conformance.
import type { Admin, AdminOptions } from './admin.ts'
import type { Consumer, ConsumerOptions } from './consumer.ts'
import type { Producer, ProducerOptions } from './producer.ts'

/** What a client cannot do. A conformance case that needs an absent capability is not run, and is listed as such. */
export interface ClientCapabilities {
  /** `onRevoke` is waited for before the partition goes to another member. */
  readonly revokeBarrier: boolean
  /** Headers come back in the order sent, also where other keys stand between two of one key. */
  readonly headerOrder: boolean
}

/** A connection (or the means to make one) to a Kafka cluster. */
export interface KafkaClient {
  readonly capabilities: ClientCapabilities
  /** Connects, joins the group in the background, and tells the listener what it was assigned. */
  consumer(options: ConsumerOptions): Promise<Consumer>
  producer(options?: ProducerOptions): Promise<Producer>
  admin(options?: AdminOptions): Promise<Admin>
}
