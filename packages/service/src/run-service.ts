import process from 'node:process'
import { type HealthSource, healthHandler } from '@kasper/core'
import { type Handler, serve } from './serve.ts'

/** Something that a service runs, such as a `TopicProcessor`. */
export interface Runnable extends HealthSource {
  runLoop(): Promise<void>
  close(): Promise<void>
}

/** Options of {@link runService}. */
export interface ServiceOptions {
  /** The HTTP port for `/livez`, `/readyz` and the `routes`. @default no port is opened */
  readonly port?: number | undefined
  /** @default all addresses of this machine */
  readonly host?: string | undefined
  /** More handlers, by path: `{ '/metrics': metricsHandler() }`. @default none */
  readonly routes?: Readonly<Record<string, Handler>> | undefined
  /** Called with the port when it is open. Tells which port was chosen for 0. */
  readonly onListening?: ((port: number) => void) | undefined
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
const SIGNAL_NUMBERS = { SIGTERM: 15, SIGINT: 2 } as const
/** One Ctrl-C can arrive twice: from the terminal, and from the program that runs this one, such as `bun run`. */
const SAME_SIGNAL_MS = 500

/**
 * Runs processors as a service until SIGTERM or SIGINT, or until one of them fails. Then `/readyz` answers 503, all processors finish
 * their running batches, send and commit them, and leave their groups. At last the port is closed. A second signal, at least half a
 * second after the first, ends the process at once.
 *
 * ```ts
 * process.exit(await runService(processor, { port: 9464, routes: { '/metrics': metricsHandler() } }))
 * ```
 *
 * @returns the exit code, which is set as `process.exitCode` too: 0, or 1 if a processor failed. The processor logs its error
 * @throws KasperError `CONFIG_INVALID` if the port cannot be opened
 */
export async function runService(runnables: Runnable | readonly Runnable[], options: ServiceOptions = {}): Promise<number> {
  const all = [runnables].flat()
  const health = healthHandler(...all)
  const { port, host, routes, onListening } = options
  const server = port === undefined ? undefined : await serve({ '/livez': health, '/readyz': health, ...routes }, { port, host })
  if (server !== undefined) onListening?.(server.port)

  const stop = (): void => {
    for (const runnable of all) void runnable.close()
  }
  let firstSignalAt: number | undefined
  const onSignal = (signal: keyof typeof SIGNAL_NUMBERS): void => {
    firstSignalAt ??= performance.now()
    if (performance.now() - firstSignalAt > SAME_SIGNAL_MS) process.exit(128 + SIGNAL_NUMBERS[signal])
    stop()
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  try {
    // When one ends, for any reason, all must end.
    const results = await Promise.allSettled(all.map((runnable) => runnable.runLoop().finally(stop)))
    const code = results.some(({ status }) => status === 'rejected') ? 1 : 0
    process.exitCode = code
    return code
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal)
    await server?.close()
  }
}
