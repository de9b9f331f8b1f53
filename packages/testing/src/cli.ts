#!/usr/bin/env node
// npx @kasper/testing: a Kafka for development.
import process from 'node:process'
import { parseArgs } from 'node:util'
import { hasCode, messageOf } from '@kasper/core'
import { type ControlServer, serveControl } from './control-server.ts'
import { MemoryKafka } from './memory-kafka.ts'

const HELP = `npx @kasper/testing [--port PORT] [--host ADDRESS] [--data DIR [--no-fsync]] [--control [PORT]]

A Kafka in memory, for development and tests: any client can connect to it. It has no topics until a client creates some,
and forgets everything when it ends, unless it is given a directory. Ctrl-C ends it.

  --port PORT      where to listen; 0 for any port that is free (9092)
  --host ADDRESS   the address to listen on, which clients are told as well (127.0.0.1)
  --data DIR       where to keep topics, records, committed offsets and transactions; what a client was told is stored
  --no-fsync       don't wait for the disk: faster, and safe from everything but the loss of power
  --control [PORT] where to answer HTTP requests that make things go wrong, on 127.0.0.1 only; 0 for any port that is free (9093)
  --help           show this`

/** Where the control API listens if nothing is said. */
const CONTROL_PORT = '9093'

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: withControlPort(process.argv.slice(2)),
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      data: { type: 'string' },
      'no-fsync': { type: 'boolean' },
      control: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) return console.log(HELP)
  const port = portOf('--port', values.port ?? '9092')
  const controlPort = values.control === undefined ? undefined : portOf('--control', values.control)
  const kafka = await MemoryKafka.listen({ port, host: values.host, data: values.data, fsync: values['no-fsync'] !== true })
  console.log(`Kafka listens on ${kafka.brokers[0]}`)
  const control = controlPort === undefined ? undefined : await listenForControl(kafka, controlPort)
  const close = (): void => void Promise.all([kafka.close(), control?.close()])
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, close)
}

async function listenForControl(kafka: MemoryKafka, port: number): Promise<ControlServer> {
  try {
    const control = await serveControl(kafka.faults, port)
    console.log(`Control API on ${control.url}`)
    return control
  } catch (error) {
    await kafka.close()
    throw error
  }
}

/** The arguments with a port behind `--control`, which may be left out there. */
function withControlPort(args: readonly string[]): string[] {
  return args.flatMap((arg, i) => (arg === '--control' && (args[i + 1] ?? '--').startsWith('-') ? [arg, CONTROL_PORT] : [arg]))
}

function portOf(option: string, value: string): number {
  const port = Number(value)
  if (value === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`${option} ${value} is no port from 0 to 65535`)
  return port
}

main().catch((error: unknown) => {
  // Mistakes on the command line, a port that is taken, and what is wrong with the data are the user's to mend; anything else is a
  // fault that needs its stack.
  const known = error instanceof TypeError || hasCode(error, 'BROKER_UNREACHABLE') || hasCode(error, 'DATA_UNUSABLE')
  console.error(known ? `${messageOf(error)}\n\nSee npx @kasper/testing --help` : error)
  process.exitCode = 1
})
