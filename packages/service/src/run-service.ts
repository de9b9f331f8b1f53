import process from 'node:process'
import { type HealthSource, healthHandler } from '@kasper/core'
import { type Handler, serve } from './serve.ts'

/** What a service runs: a `TopicProcessor`, for one. */
export interface Runnable extends HealthSource {
  runLoop(): Promise<void>
  close(): Promise<void>
}

/** Options of {@link runService}. */
export interface ServiceOptions {
  /** Where `/livez` and `/readyz` are answered, and the `routes`. @default nowhere */
  readonly port?: number | undefined
  /** @default all addresses of this machine */
  readonly host?: string | undefined
  /** What else is answered, by path: `{ '/metrics': metricsHandler() }`. */
  readonly routes?: Readonly<Record<string, Handler>> | undefined
  /** Gets to know the port once it is open: for port 0. */
  readonly onListening?: ((port: number) => void) | undefined
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
const SIGNAL_NUMBERS = { SIGTERM: 15, SIGINT: 2 } as const

/**
 * Runs processors as a service until SIGTERM or SIGINT, or until one of them fails. Then it is no longer ready, all of them finish
 * their running batches, send and commit them, and leave their groups; at last the port is closed. A second signal ends the
 * process at once.
 *
 * ```ts
 * process.exit(await runService(processor, { port: 9464, routes: { '/metrics': metricsHandler() } }))
 * ```
 *
 * @returns the exit code, which is set already: 0, or 1 where a processor failed (which its logger has been told)
 */
export async function runService(runnables: Runnable | readonly Runnable[], options: ServiceOptions = {}): Promise<number> {
  const all = [runnables].flat()
  const health = healthHandler(...all)
  const { port, host, routes, onListening } = options
  const server = port === undefined ? undefined : await serve({ '/livez': health, '/readyz': health, ...routes }, { port, host })
  if (server !== undefined) onListening?.(server.port)

  let stopping = false
  const stop = (): void => {
    stopping = true
    for (const one of all) void one.close()
  }
  const onSignal = (signal: keyof typeof SIGNAL_NUMBERS): void => {
    if (stopping) process.exit(128 + SIGNAL_NUMBERS[signal])
    stop()
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  try {
    // None is without the others: where one ends, for whatever reason, all do.
    const results = await Promise.allSettled(all.map((one) => one.runLoop().finally(stop)))
    const code = results.some(({ status }) => status === 'rejected') ? 1 : 0
    process.exitCode = code
    return code
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal)
    await server?.close()
  }
}
