// npm run demo: see --help, or README.md.
import type { Store } from '@kasper/core'
import { basicLogger, withMetrics } from '@kasper/core'
import type { Arguments } from './arguments.ts'
import { help, readArguments } from './arguments.ts'
import { openCluster } from './cluster.ts'
import { countFlights } from './dataset.ts'
import { runDemo, topicProcessorName } from './demo.ts'
import { messageOf } from './error-message.ts'
import { formatCount, formatSeconds } from './numbers.ts'
import { createProgress } from './progress.ts'
import type { Observer } from './observe.ts'
import { observe } from './observe.ts'
import { openStateStore } from './open-state-store.ts'
import { topics } from './topics.ts'
import type { Tracing } from './trace.ts'

const EXIT_FAILED = 1
const EXIT_USAGE = 2
const EXIT_INTERRUPTED = 130
/** A terminal, a shell and npm may each pass on the same Ctrl-C. Within this time, another signal is not a second Ctrl-C. */
const SAME_SIGNAL_MS = 500

// Progress and warnings go to stderr, the result to stdout.
const { stderr } = process
const isTerminal = stderr.isTTY && process.env['TERM'] !== 'dumb'
const note = (text: string): void => void stderr.write(`${isTerminal ? '\r\x1b[K' : ''}${text}\n`)
const print = (text: string): void => void process.stdout.write(`${text}\n`)

process.exitCode = await main()

async function main(): Promise<number> {
  let args: Arguments
  try {
    args = readArguments(process.argv.slice(2))
  } catch (error) {
    note(`${messageOf(error)}\nSee --help.`)
    return EXIT_USAGE
  }
  if (args.help) {
    print(help)
    return 0
  }
  const signal = interruptSignal()
  try {
    return await run(args, signal)
  } catch (error) {
    note(messageOf(error))
    return EXIT_FAILED
  }
}

async function run({ messages, store, reset, http, trace }: Arguments, signal: AbortSignal): Promise<number> {
  const startedAt = performance.now()
  const all = await countFlights()
  const limit = messages ?? all
  if (limit > all) throw new Error(`--messages ${limit}: the file has ${formatCount(all)} flights`)
  await using observer = http === undefined ? undefined : await observe(http, topicProcessorName)
  await using tracing = trace === undefined ? undefined : await startTraces(trace)
  const cluster = await openCluster(process.env)
  const opened = await openStateStore(store, cluster.name, process.env)
  const state = observer === undefined ? opened : { ...opened, store: measured(store, opened.store, observer) }
  print(`${formatCount(limit)} flights, on ${cluster.name}, state kept ${state.where}`)
  if (cluster.embedded) print('Any Kafka tool can look at its topics there while this runs.')
  if (observer !== undefined) print(`http://localhost:${observer.port}: /metrics, /livez, /readyz`)

  const progress = createProgress({ write: (text) => stderr.write(text), isTTY: isTerminal, columns: () => stderr.columns }, () =>
    performance.now(),
  )
  const ticking = setInterval(() => progress.tick(), 100)
  // Logged errors are left out: they also make the run fail, and are printed at its end without the stack.
  const logger = { ...basicLogger({ write: note }), info: () => {}, error: () => {} }
  try {
    const outcome = await runDemo({ ...cluster, topics, state, limit, reset, signal, progress, logger, observer, tracing, print })
    if (outcome === 'interrupted') return EXIT_INTERRUPTED
    const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6
    print(`${formatSeconds(performance.now() - startedAt)} in all, ${Math.round(peakMegabytes)} MB of memory at the peak`)
    return outcome === 'different' ? EXIT_FAILED : 0
  } finally {
    clearInterval(ticking)
    await state.close()
  }
}

/** Loads OpenTelemetry only if traces are asked for. */
async function startTraces(target: string): Promise<Tracing> {
  const { startTracing } = await import('./trace.ts')
  return startTracing(target, topicProcessorName, note)
}

function measured(name: string, store: Store, { metricsProvider: provider }: Observer): Store {
  return withMetrics(store, { provider, store: `${name}:delays`, processor: topicProcessorName })
}

/** Fires at the first Ctrl-C or SIGTERM, to close everything cleanly. The second one ends the process at once. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  let firstAt = Number.POSITIVE_INFINITY
  const onSignal = (): void => {
    if (!controller.signal.aborted) {
      firstAt = performance.now()
      note('Closing: the running batches are finished and committed. Ctrl-C again ends at once.')
      controller.abort()
    } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
      process.exit(EXIT_INTERRUPTED)
    }
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return controller.signal
}
