import type { ErrorCode } from '../runtime/errors.ts'
import type { PartitionHealth } from '../partitions/partition-progress.ts'

/** The state of a processor, for people and for orchestrators. */
export interface ProcessorHealth {
  readonly processor: string
  /** `new` before its run. `joining` until the group has assigned partitions, also during a rebalance. */
  readonly state: 'new' | 'joining' | 'running' | 'stopping' | 'stopped' | 'failed'
  /** Whether the brokers answer. `false` before the consumer is made; `true` after that if the client does not report it. */
  readonly connected: boolean
  /** The error that ended the run. */
  readonly error?: HealthError | undefined
  /** The partitions that the processor owns. */
  readonly partitions: readonly PartitionHealth[]
}

export interface HealthError {
  readonly code: ErrorCode
  readonly message: string
  readonly topic?: string | undefined
  readonly partition?: number | undefined
  readonly offset?: number | undefined
}

/** Reports its health to {@link healthHandler}. A `TopicProcessor` does. */
export interface HealthSource {
  health(): ProcessorHealth
}

/**
 * A web handler for health checks. The status is 200 or 503. The JSON body holds the reasons for a 503, and the health of each
 * processor. A path that ends in anything else is a 404.
 *
 * - `/livez`: no processor has failed, and no partition is stalled.
 * - `/readyz`: every processor has its partitions assigned, is connected, and is not closing.
 *
 * Before its run and after a clean end, a processor is alive but not ready.
 */
export function healthHandler(...processors: readonly HealthSource[]): (request: Request) => Response {
  return ({ url }) => {
    const { pathname } = new URL(url)
    const reasonsOf = checks.get(pathname.slice(pathname.lastIndexOf('/')))
    if (reasonsOf === undefined) return Response.json({ error: `ask for ${[...checks.keys()].join(' or ')}` }, { status: 404 })
    const healths = processors.map((processor) => processor.health())
    const reasons = healths.flatMap(reasonsOf)
    const ok = reasons.length === 0
    const headers = { 'cache-control': 'no-store', 'content-type': 'application/json' }
    // Indented, for reading it with curl.
    const body = `${JSON.stringify({ ok, reasons, processors: healths }, null, 2)}\n`
    return new Response(body, { status: ok ? 200 : 503, headers })
  }
}

/** By path: the reasons for a 503. */
const checks: ReadonlyMap<string, (health: ProcessorHealth) => readonly string[]> = new Map([
  ['/livez', whyNotAlive],
  ['/readyz', whyNotReady],
])

function whyNotAlive({ processor, error, partitions }: ProcessorHealth): readonly string[] {
  if (error !== undefined) return [`${processor} has failed: ${error.message}`]
  return partitions
    .filter(({ stalled }) => stalled)
    .map(
      ({ partition, stage, topic, offset, store, operation, forMs = 0 }) =>
        `${processor}: ${stage}${store === undefined ? '' : ` (${operation} in ${store})`} of ${topic}/${partition} at offset ${offset} ` +
        `has made no progress for ${forMs / 1000} s`,
    )
}

function whyNotReady({ processor, state, connected, error }: ProcessorHealth): readonly string[] {
  if (error !== undefined) return [`${processor} has failed: ${error.message}`]
  if (state !== 'running') return [`${processor} is ${state}`]
  return connected ? [] : [`${processor} is not connected: the brokers do not answer, and the client tries again`]
}
