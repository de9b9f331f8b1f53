import { parseArgs } from 'node:util'
import { storeNames } from './open-state-store.ts'

export interface Arguments {
  readonly help: boolean
  /** How many flights. `undefined`: all. */
  readonly messages: number | undefined
  readonly store: string
  readonly reset: boolean
  /** The port for metrics and health. `undefined`: none. */
  readonly http: number | undefined
  /** The file or OTLP endpoint for traces. `undefined`: no traces. */
  readonly trace: string | undefined
}

export const help: string = `Three million US flights through Kafka, Kasper and back, with delay statistics per airport as the result.

  npm run demo [-- OPTION…]

  --messages N   only the first N flights of the file (all: 3,000,000)
  --store NAME   where the state is kept: ${storeNames.join(', ')} (default: ${storeNames[0]})
  --reset        start over: delete the demo's topics on the cluster, and its state
  --http PORT    serve /metrics (for Prometheus), /livez and /readyz on this port while it runs
  --trace TARGET write traces with OpenTelemetry: to a file, in lines of OTLP JSON, or to an OTLP endpoint (http://localhost:4318)
  --help

  Without KAFKA_BROKERS, it runs on an embedded Kafka, which listens on 127.0.0.1 as long as it runs.

  KAFKA_BROKERS=host:port,…   use this Kafka cluster instead of the embedded one. The topics are created if absent, and a run
                              goes on where the one before left off. The other variables of @kasper/kafkajs count too.
  REDIS_URL, ELASTICSEARCH_URL, CASSANDRA_CONTACT_POINTS and CASSANDRA_LOCAL_DATACENTER
                              where the stores are; by default, where "npm run services -- start" puts them.
`

/** Throws an Error that names the wrong argument. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: 'string' },
      store: { type: 'string', default: storeNames[0]! },
      http: { type: 'string' },
      trace: { type: 'string' },
      reset: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (!storeNames.includes(values.store)) throw new Error(`--store ${values.store}: give one of ${storeNames.join(', ')}`)
  const { messages, http, trace } = values
  if (trace === '') throw new Error('--trace: give a file, or the URL of an OTLP endpoint')
  return {
    ...values,
    trace,
    messages: messages === undefined ? undefined : parseCount(messages),
    http: http === undefined ? undefined : parsePort(http),
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--http ${text}: give a port, or 0 for any free port`)
  return port
}

function parseCount(text: string): number {
  const count = Number(text.replaceAll(/[_,]/g, ''))
  if (!/^\d[\d_,]*$/.test(text) || count < 1) throw new Error(`--messages ${text}: give a whole number, at least 1`)
  return count
}
