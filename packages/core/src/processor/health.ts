import type { ErrorCode } from '../runtime/errors.ts'
import type { PartitionHealth } from '../partitions/partition-progress.ts'

/** How a processor is doing, for people and for whoever starts and stops it. */
export interface ProcessorHealth {
  readonly processor: string
  /** `new` before its run, `joining` until it knows its partitions, which may be so again in a rebalance. */
  readonly state: 'new' | 'joining' | 'running' | 'stopping' | 'stopped' | 'failed'
  /** Whether the brokers answer, as far as is known. */
  readonly connected: boolean
  /** What made the run fail. */
  readonly error?: HealthError | undefined
  /** Those that it owns. */
  readonly partitions: readonly PartitionHealth[]
}

export interface HealthError {
  readonly code: ErrorCode
  readonly message: string
  readonly topic?: string | undefined
  readonly partition?: number | undefined
  readonly offset?: number | undefined
}

/** What {@link healthHandler} asks: a TopicProcessor, for one. */
export interface HealthSource {
  health(): ProcessorHealth
}

/**
 * Answers `/livez`: whether all processors get on, and `/readyz`: whether all know their partitions, are connected and are not
 * closing. The status is 200 or 503, and the body says in JSON what each processor is at, and which of its partitions is why. Any
 * other path is 404.
 *
 * Before its run and after a clean end a processor is alive, but not ready.
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
    // Over many lines, for whoever looks with curl.
    const body = `${JSON.stringify({ ok, reasons, processors: healths }, null, 2)}\n`
    return new Response(body, { status: ok ? 200 : 503, headers })
  }
}

/** By path: why a processor does not pass. */
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
  return connected ? [] : [`${processor} is not connected: the brokers do not answer, and it tries again`]
}
