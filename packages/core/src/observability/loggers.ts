import type { Clock } from '../runtime/clock.ts'
import { systemClock } from '../runtime/clock.ts'
import type { LogValue } from './log-value.ts'
import { toLogValue } from './log-value.ts'
import type { LogFields, Logger } from '../runtime/logger.ts'

type Level = 'debug' | 'info' | 'warn' | 'error'

/** Options of all Kasper loggers. */
export interface LoggerOptions {
  /** Whether to write debug lines. @default false */
  readonly debug?: boolean | undefined
  /** Writes a line. The line has no line feed at its end. @default console.error, so that standard output stays free */
  readonly write?: ((line: string) => void) | undefined
  readonly clock?: Clock | undefined
}

/** Options of {@link jsonLogger} and {@link textLogger}. */
export interface LabeledLoggerOptions extends LoggerOptions {
  /** Part of every line. Names the program that wrote it. */
  readonly label: string
}

/** Options of {@link basicLogger}. */
export interface BasicLoggerOptions extends LoggerOptions {
  /** Whether to colour the level. @default true if lines go to a terminal and the variable NO_COLOR is not set */
  readonly color?: boolean | undefined
}

/** Lines for people: time, level, message and fields. The stacks of an error and of its causes follow on lines of their own. */
export function basicLogger(options: BasicLoggerOptions = {}): Logger {
  const { color = options.write === undefined && isTerminal() } = options
  return logger(options, (time, level, message, fields) => {
    const title = level.toUpperCase().padEnd(5)
    const lines = [
      `${time} ${color ? COLORS[level] + title + RESET : title} ${message}${pairs(fields.filter(([, value]) => !isError(value)))}`,
    ]
    for (const [name, value] of fields) if (isError(value)) lines.push(readableError(name, value))
    return lines.join('\n')
  })
}

/** One JSON object per line: `time` (ISO 8601), `level`, `label`, `msg`, and the fields. */
export function jsonLogger(options: LabeledLoggerOptions): Logger {
  return logger(options, (time, level, message, fields) =>
    JSON.stringify({ time, level, label: options.label, msg: message, ...Object.fromEntries(renamed(fields)) }),
  )
}

/** Lines of `name=value` pairs (logfmt): `time` (ISO 8601), `level`, `label`, `msg`, and the fields. */
export function textLogger(options: LabeledLoggerOptions): Logger {
  return logger(options, (time, level, message, fields) =>
    pairs([['time', time], ['level', level], ['label', options.label], ['msg', message], ...renamed(fields)]).trimStart(),
  )
}

const COLORS: Readonly<Record<Level, string>> = { debug: '\x1b[2m', info: '\x1b[32m', warn: '\x1b[33m', error: '\x1b[31m' }
const RESET = '\x1b[0m'

interface Runtime {
  readonly Deno?: { readonly noColor: boolean; readonly stderr: { isTerminal(): boolean } }
  readonly process?: {
    readonly stderr?: { readonly isTTY?: boolean }
    readonly env?: Readonly<Record<string, string | undefined>>
  }
}

/** Whether console.error writes to a terminal that may be coloured. In Deno, reading the environment would ask for permission. */
function isTerminal(): boolean {
  const { Deno, process } = globalThis as Runtime
  if (Deno !== undefined) return !Deno.noColor && Deno.stderr.isTerminal()
  return process?.stderr?.isTTY === true && !process.env?.['NO_COLOR']
}

type Fields = readonly (readonly [name: string, value: LogValue])[]
type Format = (time: string, level: Level, message: string, fields: Fields) => string

function logger(options: LoggerOptions, format: Format): Logger {
  const { debug = false, write = (line: string): void => console.error(line), clock = systemClock } = options
  const at =
    (level: Level) =>
    (fields: LogFields, message: string): void =>
      write(format(new Date(clock.now()).toISOString(), level, message, properties(toLogValue(fields))))
  return { debug: debug ? at('debug') : () => {}, info: at('info'), warn: at('warn'), error: at('error') }
}

function properties(value: LogValue | undefined): Fields {
  return isObject(value) ? Object.entries(value) : []
}

function isObject(value: LogValue | undefined): value is { [key: string]: LogValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether the value was an error before it was converted. */
function isError(value: LogValue): value is { [key: string]: LogValue } {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['message'] === 'string' && 'stack' in value
}

const RESERVED: ReadonlySet<string> = new Set(['time', 'level', 'label', 'msg'])

/** The fields. Those with a reserved name get the prefix `fields.`. */
function renamed(fields: Fields): Fields {
  return fields.map(([name, value]) => [RESERVED.has(name) ? `fields.${name}` : name, value])
}

/** ` a=1 b.c="two words"`: objects are flattened, arrays are JSON. */
function pairs(fields: Fields, path = ''): string {
  let text = ''
  for (const [name, value] of fields) {
    const fullName = path + name.replaceAll(/[\s="]/g, '_')
    text += isObject(value) ? pairs(Object.entries(value), `${fullName}.`) : ` ${fullName}=${pairValue(value)}`
  }
  return text
}

function pairValue(value: LogValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[\w\-.:/@^+]+$/.test(text) ? text : JSON.stringify(text)
}

/** An error with its properties, its stack, and its causes. */
function readableError(title: string, error: LogValue): string {
  if (!isError(error)) return `  ${title}: ${JSON.stringify(error)}`
  const { name, message, stack, cause, errors, ...others } = error
  const lines = [`  ${title}: ${String(name)}: ${String(message)}${pairs(Object.entries(others))}`]
  lines.push(
    ...String(stack)
      .split('\n')
      .filter((line) => /^\s+at /.test(line)),
  )
  if (Array.isArray(errors)) for (const each of errors) lines.push(readableError('one of', each))
  if (cause !== undefined) lines.push(readableError('caused by', cause))
  return lines.join('\n')
}
