#!/usr/bin/env node
// npx @kasper/testing: a Kafka for development.
import process from 'node:process'
import { parseArgs } from 'node:util'
import { hasCode, messageOf } from '@kasper/core'
import { MemoryKafka } from './memory-kafka.ts'

const HELP = `npx @kasper/testing [--port PORT] [--host ADDRESS]

A Kafka in memory, for development and tests: any client can connect to it. It has no topics until a client creates some,
and forgets everything when it ends. Ctrl-C ends it.

  --port PORT      where to listen; 0 for any port that is free (9092)
  --host ADDRESS   the address to listen on, which clients are told as well (127.0.0.1)
  --help           show this`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, host: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help === true) return console.log(HELP)
  const port = Number(values.port ?? 9092)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`--port ${values.port} is no port from 0 to 65535`)
  const kafka = await MemoryKafka.listen({ port, host: values.host })
  console.log(`Kafka listens on ${kafka.brokers[0]}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void kafka.close())
}

main().catch((error: unknown) => {
  // Mistakes on the command line, and a port that is taken, are the user's to mend; anything else is a fault that needs its stack.
  const known = error instanceof TypeError || hasCode(error, 'BROKER_UNREACHABLE')
  console.error(known ? `${messageOf(error)}\n\nSee npx @kasper/testing --help` : error)
  process.exitCode = 1
})
