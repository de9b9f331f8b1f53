#!/usr/bin/env node
// npx @kasper/broker: an embedded Kafka, as a program.
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { hasCode } from '@kasper/core'
import { messageOf } from '@kasper/core/adapter'
import { type ControlServer, serveControl } from './control-server.ts'
import { type ListenOptions, EmbeddedKafka } from '../embedded/embedded-kafka.ts'

const HELP = `npx @kasper/broker [--port PORT] [--host ADDRESS] [--brokers COUNT] [--data DIR [--no-fsync]] [--control [PORT]]
                    [--user NAME:PASSWORD …] [--tls-key FILE --tls-cert FILE [--tls-ca FILE]]

An embedded Kafka for development and tests. Any Kafka client can connect to it. It starts without topics, and keeps everything
in memory only, unless --data is given. Ctrl-C ends it.

  --port PORT      the port to listen on; 0 for any free port (default: 9092)
  --host ADDRESS   the address to listen on, which clients also get to connect to (default: 127.0.0.1)
  --brokers COUNT  the number of brokers, on this port and the next ones (default: 1)
  --data DIR       the directory to keep topics, records, committed offsets and transactions in
  --no-fsync       don't wait for the disk: faster, but a loss of power may lose the last changes
  --control [PORT] accept faults over HTTP on this port of 127.0.0.1; 0 for any free port (default: 9091)
  --user NAME:PASSWORD
                   a user who may connect, with SASL PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; may be repeated (default: anyone)
  --tls-key FILE, --tls-cert FILE
                   the private key and the certificate for TLS, in PEM format
  --tls-ca FILE    the authority of client certificates; clients then need one
  --help           show this`

/** The default port of the control API. It is below 9092, because further brokers use the ports above. */
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
  if (values['no-fsync'] === true && values.data === undefined) throw new TypeError('--no-fsync requires --data DIR')
  const kafka = await EmbeddedKafka.listen({
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

async function listenForControl(kafka: EmbeddedKafka, port: number): Promise<ControlServer> {
  try {
    const control = await serveControl(kafka.faults, port)
    console.log(`Control API on ${control.url}`)
    return control
  } catch (error) {
    await kafka.close()
    throw error
  }
}

/** Adds the default port after a `--control` without a port. */
function withControlPort(args: readonly string[]): string[] {
  return args.flatMap((arg, i) => (arg === '--control' && (args[i + 1] ?? '--').startsWith('-') ? [arg, CONTROL_PORT] : [arg]))
}

function usersOf(given: readonly string[]): Record<string, string> {
  const colonOf = (user: string): number => {
    const colon = user.indexOf(':')
    // The message does not contain the argument, which may be a password.
    if (colon < 1 || colon === user.length - 1) throw new TypeError('--user must be NAME:PASSWORD, and neither may be empty')
    return colon
  }
  return Object.fromEntries(given.map((user) => [user.slice(0, colonOf(user)), user.slice(colonOf(user) + 1)]))
}

function tlsOf(values: { 'tls-key'?: string; 'tls-cert'?: string; 'tls-ca'?: string }): ListenOptions['tls'] {
  const { 'tls-key': key, 'tls-cert': cert, 'tls-ca': ca } = values
  if (key === undefined && cert === undefined && ca === undefined) return undefined
  if (key === undefined || cert === undefined) throw new TypeError('TLS needs both --tls-key and --tls-cert')
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
    throw new TypeError(`${option} ${value} is not a port from 0 to 65535`)
  return port
}

function countOf(option: string, value: string): number {
  if (!/^\d+$/.test(value)) throw new TypeError(`${option} ${value} is not a number`)
  return Number(value)
}

// Received bytes count as garbage too, so V8 collects garbage every 15 MB. Marking in other threads would then take a third of the time
// of writes. The heap is small, so marking in the main thread costs almost nothing.
setFlagsFromString('--no-concurrent-marking')

main().catch((error: unknown) => {
  // The user can correct wrong arguments, a taken port and damaged data. Any other error is a bug, whose stack is needed.
  const correctable = ['BROKER_UNREACHABLE', 'DATA_UNUSABLE', 'CONFIG_INVALID'] as const
  const isExpected = error instanceof TypeError || correctable.some((code) => hasCode(error, code))
  console.error(isExpected ? `${messageOf(error)}\n\nSee npx @kasper/broker --help` : error)
  process.exitCode = 1
})
