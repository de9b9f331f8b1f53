// Runs Kafka's own Java classes for a test. Interop.java answers orders, one line of JSON each.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { installOnce } from '../../../scripts/services/installs.ts'
import { fetchJars, findJava } from '../../../scripts/services/java.ts'
import { run } from '../../../scripts/services/processes.ts'
import { KAFKA_VERSION } from '../generator/snapshot.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const progress = { say: (): void => undefined }

/** An order for Java. `do` is its kind, and the other properties depend on the kind. */
export interface Order {
  readonly do: string
  readonly [property: string]: unknown
}

/** A running Java process. */
export class Interop implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #waiting: { lines: unknown[]; resolve: (lines: unknown[]) => void; reject: (error: Error) => void }[] = []
  readonly #exited: Promise<void>
  #errors = ''

  private constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process
    process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text
    })
    createInterface({ input: process.stdout }).on('line', (line) => {
      this.#receive(parse(line))
    })
    this.#exited = new Promise((resolve) =>
      process.once('close', (code) => {
        for (const { reject } of this.#waiting.splice(0)) reject(new Error(`Java ended with ${code}:\n${this.#errors}`))
        resolve()
      }),
    )
  }

  /** Starts Java. Downloads Kafka's classes the first time (needs Maven and Java 17). */
  static async start(): Promise<Interop> {
    const jars = await installOnce(`kafka-clients-${KAFKA_VERSION}`, (dir) =>
      fetchJars(join(folder, 'pom.xml'), KAFKA_VERSION, dir, progress),
    )
    const sources = readdirSync(folder)
      .filter((name) => name.endsWith('.java'))
      .map((name) => join(folder, name))
    const hash = createHash('sha256')
    for (const source of sources) hash.update(readFileSync(source))
    const classes = await installOnce(`kafka-interop-${hash.digest('hex').slice(0, 16)}`, async (dir) => {
      await run([await findJava('javac', 17), '-d', dir, '-cp', join(jars, '*'), ...sources])
    })
    const options = ['-Xmx256m', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error']
    return new Interop(
      spawn(await findJava('java', 17), [...options, '-cp', [join(jars, '*'), classes].join(delimiter), 'Interop']),
    )
  }

  /** Sends an order, and resolves with the lines of the answer. Several orders may run at once. */
  async ask<Line>(order: Order): Promise<Line[]> {
    const answer = new Promise<unknown[]>((resolve, reject) => this.#waiting.push({ lines: [], resolve, reject }))
    this.#process.stdin.write(`${JSON.stringify(order)}\n`)
    return (await answer) as Line[]
  }

  #receive(line: unknown): void {
    const first = this.#waiting[0]!
    if ((line as { done?: boolean }).done !== true) {
      first.lines.push(line)
      return
    }
    this.#waiting.shift()
    first.resolve(first.lines)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.stdin.end()
    await this.#exited
  }
}

/** Whole numbers beyond 2^53 become bigints. */
function parse(line: string): unknown {
  return JSON.parse(line, (_, value: unknown, { source }: { source?: string } = {}) => {
    return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '') ? BigInt(source!) : value
  })
}
