#!/usr/bin/env node
// npx @kasper/broker: a Kafka for development.
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { hasCode } from '@kasper/core'
import { messageOf } from '@kasper/core/adapter'
import { type ControlServer, serveControl } from './control-server.ts'
import { type ListenOptions, MemoryKafka } from '../memory/memory-kafka.ts'

const HELP = `npx @kasper/broker [--port PORT] [--host ADDRESS] [--brokers COUNT] [--data DIR [--no-fsync]] [--control [PORT]]
                    [--user NAME:PASSWORD …] [--tls-key FILE --tls-cert FILE [--tls-ca FILE]]

A Kafka in memory, for development and tests: any client can connect to it. It has no topics until a client creates some,
and forgets everything when it ends, unless it is given a directory. Ctrl-C ends it.

  --port PORT      where to listen; 0 for any port that is free (9092)
  --host ADDRESS   the address to listen on, which clients are told as well (127.0.0.1)
  --brokers COUNT  how many brokers to play, on that port and those behind it (1)
  --data DIR       where to keep topics, records, committed offsets and transactions; what a client was told is stored
  --no-fsync       don't wait for the disk: faster, and safe from everything but the loss of power
  --control [PORT] where to answer HTTP requests that make things go wrong, on 127.0.0.1 only; 0 for any port that is free (9091)
  --user NAME:PASSWORD
                   who may connect, with SASL PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; several times for several (everybody)
  --tls-key FILE, --tls-cert FILE
                   the private key and the certificate, in PEM format, with which connections are encrypted
  --tls-ca FILE    the authority of clients' certificates, which they need then
  --help           show this`

/** Where the control API listens if nothing is said; behind 9092 there may be more brokers. */
const CONTROL_PORT = '9091'

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: withControlPort(process.argv.slice(2)),
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      data: { type: 'string' },
      'no-fsync': { type: 'boolean' },
      control: { type: 'string' },
      brokers: { type: 'string' },
      user: { type: 'string', multiple: true },
      'tls-key': { type: 'string' },
      'tls-cert': { type: 'string' },
      'tls-ca': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) return console.log(HELP)
  const port = portOf('--port', values.port ?? '9092')
  const controlPort = values.control === undefined ? undefined : portOf('--control', values.control)
  if (values['no-fsync'] === true && values.data === undefined) throw new TypeError('--no-fsync is for --data DIR')
  const kafka = await MemoryKafka.listen({
    port,
    host: values.host,
    brokers: values.brokers === undefined ? undefined : countOf('--brokers', values.brokers),
    sasl: values.user === undefined ? undefined : { users: usersOf(values.user) },
    tls: tlsOf(values),
    data: values.data,
    fsync: values['no-fsync'] !== true,
  })
  console.log(`Kafka listens on ${kafka.brokers.join(',')}`)
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

function usersOf(given: readonly string[]): Record<string, string> {
  const colonOf = (user: string): number => {
    const colon = user.indexOf(':')
    // What was given is not repeated, because it may be a password.
    if (colon < 1 || colon === user.length - 1) throw new TypeError('--user has to be NAME:PASSWORD, both not empty')
    return colon
  }
  return Object.fromEntries(given.map((user) => [user.slice(0, colonOf(user)), user.slice(colonOf(user) + 1)]))
}

function tlsOf(values: { 'tls-key'?: string; 'tls-cert'?: string; 'tls-ca'?: string }): ListenOptions['tls'] {
  const { 'tls-key': key, 'tls-cert': cert, 'tls-ca': ca } = values
  if (key === undefined && cert === undefined && ca === undefined) return undefined
  if (key === undefined || cert === undefined) throw new TypeError('--tls-key and --tls-cert are needed, both of them')
  const mutual = ca === undefined ? {} : { ca: readFile('--tls-ca', ca), requestClientCertificate: true }
  return { key: readFile('--tls-key', key), cert: readFile('--tls-cert', cert), ...mutual }
}

function readFile(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new TypeError(`${option} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

function portOf(option: string, value: string): number {
  const port = Number(value)
  if (value === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`${option} ${value} is no port from 0 to 65535`)
  return port
}

function countOf(option: string, value: string): number {
  if (!/^\d+$/.test(value)) throw new TypeError(`${option} ${value} is no number`)
  return Number(value)
}

// What producers send makes V8 collect garbage every 15 MB, for bytes count too. It then marks what little else there is in other
// threads, which costs a third of the time that writing takes; without them it costs next to nothing.
setFlagsFromString('--no-concurrent-marking')

main().catch((error: unknown) => {
  // Mistakes on the command line, a port that is taken, and what is wrong with the data are the user's to mend; anything else is a
  // fault that needs its stack.
  const usersToMend = ['BROKER_UNREACHABLE', 'DATA_UNUSABLE', 'CONFIG_INVALID'] as const
  const known = error instanceof TypeError || usersToMend.some((code) => hasCode(error, code))
  console.error(known ? `${messageOf(error)}\n\nSee npx @kasper/broker --help` : error)
  process.exitCode = 1
})
