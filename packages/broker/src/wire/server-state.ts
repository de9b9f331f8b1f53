import type { Broker } from '../broker.ts'
import { FetchSessions } from './fetch-sessions.ts'
import { PendingMembers } from '../groups/pending-members.ts'
import { TransactionCoordinator } from '../transactions/transaction-coordinator.ts'

/** What the connections of one server have in common. */
export class ServerState {
  readonly broker: Broker
  readonly clusterId: string
  /** Members that have been given an id and have not joined with it yet. */
  readonly pendingMembers: PendingMembers
  readonly transactions: TransactionCoordinator
  readonly fetchSessions: FetchSessions

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
    this.broker.coordinator.close()
  }
}
