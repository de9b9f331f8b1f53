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
/** A terminal and what runs the program, `bun run` for one, each pass the same Ctrl-C on: what comes so soon is no second one. */
const SAME_SIGNAL_MS = 500

/**
 * Runs processors as a service until SIGTERM or SIGINT, or until one of them fails. Then it is no longer ready, all of them finish
 * their running batches, send and commit them, and leave their groups; at last the port is closed. A second signal,
 * half a second after the first or later, ends the process at once.
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

  const stop = (): void => {
    for (const one of all) void one.close()
  }
  let firstAt: number | undefined
  const onSignal = (signal: keyof typeof SIGNAL_NUMBERS): void => {
    firstAt ??= performance.now()
    if (performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(128 + SIGNAL_NUMBERS[signal])
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
