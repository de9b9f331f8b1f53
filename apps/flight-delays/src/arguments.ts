import { parseArgs } from 'node:util'
import { storeNames } from './state-store.ts'

export interface Arguments {
  readonly help: boolean
  /** How many of the flights; left out, all. */
  readonly messages: number | undefined
  readonly store: string
  readonly reset: boolean
}

export const help: string = `Three million US flights through Kafka, Kasper and back, with delay statistics per airport as the result.

  npm run demo [-- OPTION…]

  --messages N   only the first N flights of the file (all: 3,000,000)
  --store NAME   where the state is kept: ${storeNames.join(', ')} (default: ${storeNames[0]})
  --reset        start over: delete the demo's topics on the cluster, and its state
  --help

  KAFKA_BROKERS=host:port,…   use this Kafka cluster instead of the embedded one. The topics are created if absent, and a run
                              goes on where the one before left off. The other variables of @kasper/kafkajs count too.
`

/** Throws an Error that says what is wrong with the arguments. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: 'string' },
      store: { type: 'string', default: storeNames[0]! },
      reset: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (!storeNames.includes(values.store)) throw new Error(`--store ${values.store}: give one of ${storeNames.join(', ')}`)
  return { ...values, messages: values.messages === undefined ? undefined : parseCount(values.messages) }
}

function parseCount(text: string): number {
  const count = Number(text.replaceAll(/[_,]/g, ''))
  if (!/^\d[\d_,]*$/.test(text) || count < 1) throw new Error(`--messages ${text}: give a whole number, at least 1`)
  return count
}
