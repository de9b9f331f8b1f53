import type { Cluster } from 'kafkajs'

/** The parts of kafkajs that its types don't show, as far as they are touched here. */
interface Inner {
  readonly connectionPoolBuilder?: { build?: (destination: unknown) => Promise<{ readonly pool?: readonly InnerConnection[] }> }
}
interface InnerConnection {
  connect?: () => Promise<unknown>
  readonly requestQueue?: {
    readonly pending: readonly unknown[]
    readonly throttledUntil: number
    scheduleCheckPendingRequests?: () => void
  }
}

/**
 * Mends two faults of kafkajs 2.2.4 in the connections of this cluster; nobody else's are touched. A version of kafkajs that looks
 * different inside is left alone.
 */
export function mendConnections(cluster: Cluster): void {
  const builder = (cluster as unknown as Inner).connectionPoolBuilder
  const build = builder?.build
  if (builder === undefined || build === undefined) return
  builder.build = async (destination) => {
    const connections = await build(destination)
    for (const connection of connections.pool ?? []) {
      connectOnce(connection)
      restWhenIdle(connection)
    }
    return connections
  }
}

/** Two requests that find a connection closed would each open a socket, and one of the two would be lost, but not closed. */
function connectOnce(connection: InnerConnection): void {
  const connect = connection.connect
  if (connect === undefined) return
  let connecting: Promise<unknown> | undefined
  connection.connect = () => {
    connecting ??= connect.call(connection).finally(() => (connecting = undefined))
    return connecting
  }
}

/**
 * Every connection looks for waiting requests in a timer that sets itself again for ever, with a negative delay: about a thousand
 * wake-ups a second when idle, and Node 24's TimeoutNegativeWarning (kafkajs issue 1751). A timer is only needed while something
 * waits.
 */
function restWhenIdle({ requestQueue: queue }: InnerConnection): void {
  const schedule = queue?.scheduleCheckPendingRequests
  if (queue === undefined || schedule === undefined) return
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0 || queue.throttledUntil > Date.now()) schedule.call(queue)
  }
}
