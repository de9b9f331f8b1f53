import type { Cluster } from 'kafkajs'

/** The parts of kafkajs that its types don't show, as far as they are touched here. */
interface Inner {
  readonly connectionPoolBuilder?: { build?: (destination: unknown) => Promise<{ readonly pool?: readonly InnerConnection[] }> }
}
interface InnerConnection {
  readonly requestQueue?: {
    readonly pending: readonly unknown[]
    readonly throttledUntil: number
    scheduleCheckPendingRequests?: () => void
  }
}

/**
 * Every connection of kafkajs 2.2.4 looks for waiting requests in a timer that sets itself again for ever, with a negative delay:
 * about a thousand wake-ups a second when idle, and Node 24's TimeoutNegativeWarning (kafkajs issue 1751). A timer is only needed
 * while something waits, so we let it set one only then. Another version of kafkajs that looks different inside is left alone.
 */
export function calmConnections(cluster: Cluster): void {
  const builder = (cluster as unknown as Inner).connectionPoolBuilder
  const build = builder?.build
  if (builder === undefined || build === undefined) return
  builder.build = async (destination) => {
    const connections = await build(destination)
    for (const { requestQueue: queue } of connections.pool ?? []) {
      const schedule = queue?.scheduleCheckPendingRequests
      if (queue === undefined || schedule === undefined) continue
      queue.scheduleCheckPendingRequests = () => {
        if (queue.pending.length > 0 || queue.throttledUntil > Date.now()) schedule.call(queue)
      }
    }
    return connections
  }
}
