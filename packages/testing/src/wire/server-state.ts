import type { Broker } from '../broker.ts'
import { FetchSessions } from './fetch-sessions.ts'
import { PendingMembers } from './pending-members.ts'
import { TransactionCoordinator } from './transaction-coordinator.ts'

/** The id of the one broker. */
export const NODE_ID = 1

/** Every partition has been led by the same broker for ever. */
export const LEADER_EPOCH = 0

/** What the connections of one server have in common. */
export class ServerState {
  readonly broker: Broker
  readonly clusterId: string
  /** Members that have been given an id and have not joined with it yet. */
  readonly pendingMembers: PendingMembers
  readonly transactions: TransactionCoordinator
  readonly fetchSessions: FetchSessions
  /** Where clients find the broker. */
  host: string = ''
  port: number = 0

  constructor(broker: Broker) {
    this.broker = broker
    this.clusterId = broker.clusterId
    this.pendingMembers = new PendingMembers(broker.clock)
    this.transactions = new TransactionCoordinator(broker)
    this.fetchSessions = new FetchSessions(broker.clock)
  }

  /** Stops all timers. */
  close(): void {
    this.pendingMembers.clear()
    this.transactions.close()
  }
}
