import { KasperError, type Logger } from '@kasper/core'
import { assert, assertEqual } from './assert.ts'
import type { ConformanceCase } from './case.ts'

/** A logger, and the lines that it has written. */
export interface LoggerUnderTest {
  readonly logger: Logger
  /** The lines so far: one string for each call of the logger. */
  lines(): readonly string[] | Promise<readonly string[]>
}

/** The context of {@link loggerConformance}. */
export interface LoggerContext {
  /** Makes a new logger, with debug lines switched on or off. */
  open(options: { readonly debug: boolean }): LoggerUnderTest
}

/** The rules for every `Logger`. */
export const loggerConformance: readonly ConformanceCase<LoggerContext>[] = [
  {
    name: 'Writes one line for each call, in order, with its message',
    async run({ open }) {
      const { logger, lines } = open({ debug: true })
      logger.debug({}, 'the first')
      logger.info({}, 'the second')
      logger.warn({}, 'the third')
      logger.error({}, 'the fourth')
      const written = await lines()
      assertEqual(written.length, 4, 'number of lines')
      for (const [i, message] of ['the first', 'the second', 'the third', 'the fourth'].entries()) {
        assert(written[i]!.includes(message), `line ${i} does not contain "${message}": ${written[i]}`)
      }
    },
  },
  {
    name: 'Lines of different levels differ',
    async run({ open }) {
      const { logger, lines } = open({ debug: true })
      for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level]({}, 'same')
      // Lines that differ in their time only count as equal.
      const shapes = (await lines()).map((line) => line.replaceAll(/[\d:.TZ-]{8,}/g, ''))
      assertEqual(new Set(shapes).size, 4, 'number of different lines')
    },
  },
  {
    name: 'Debug lines can be switched off',
    async run({ open }) {
      const { logger, lines } = open({ debug: false })
      logger.debug({ secret: 1 }, 'not this one')
      logger.info({}, 'this one')
      const written = await lines()
      assertEqual(written.length, 1, 'number of lines')
      assert(written[0]!.includes('this one'), `the line is not the info line: ${written[0]}`)
    },
  },
  {
    name: 'Writes the fields',
    async run({ open }) {
      const { logger, lines } = open({ debug: false })
      logger.info({ topic: 'flights', partition: 3, offset: 17, caughtUp: false, nothing: undefined }, 'fields')
      const [line = ''] = await lines()
      for (const expected of [/topic\W+flights/, /partition\W+3\b/, /offset\W+17\b/, /caughtUp\W+false/]) {
        assert(expected.test(line), `no match of ${expected} in: ${line}`)
      }
    },
  },
  {
    name: 'Writes the message, code, stack and causes of an error',
    async run({ open }) {
      const { logger, lines } = open({ debug: false })
      const innermost = new RangeError('no such socket')
      const cause = new TypeError('no connection', { cause: innermost })
      logger.error(
        { err: new KasperError('COMMIT_FAILED', 'could not commit', { topic: 'flights', offset: 17, cause }) },
        'stopping',
      )
      const [line = ''] = await lines()
      for (const expected of [
        'stopping',
        'could not commit',
        'COMMIT_FAILED',
        'flights',
        '17',
        'no connection',
        'no such socket',
      ]) {
        assert(line.includes(expected), `no "${expected}" in: ${line}`)
      }
      assert(/\bat\b.*:\d+:\d+/.test(line), `no stack in: ${line}`)
    },
  },
  {
    name: 'Accepts fields that JSON cannot represent',
    async run({ open }) {
      const { logger, lines } = open({ debug: false })
      const cyclic: Record<string, unknown> = { name: 'cyclic' }
      cyclic['self'] = cyclic
      const error = new Error('its own cause')
      error.cause = error
      logger.info(
        { big: 2n ** 70n, cyclic, nan: Number.NaN, symbol: Symbol('s'), f: () => {}, date: new Date(Number.NaN) },
        'odd fields',
      )
      logger.error({ err: error }, 'odd error')
      logger.info({ err: 'thrown string' }, 'no error')
      logger.info({ err: undefined }, 'nothing')
      const written = await lines()
      assertEqual(written.length, 4, 'number of lines')
      assert(written[0]!.includes('odd fields'), `no message in: ${written[0]}`)
      assert(written[1]!.includes('its own cause'), `no error in: ${written[1]}`)
    },
  },
  {
    name: 'Accepts line breaks and quotes in messages and fields',
    async run({ open }) {
      const { logger, lines } = open({ debug: false })
      logger.info({ text: 'say "hello"\nworld = 1', 'odd name': 2 }, 'before "and"\tafter')
      const written = await lines()
      assertEqual(written.length, 1, 'number of lines')
      assert(written[0]!.includes('hello') && written[0]!.includes('world'), `a part of the field is missing: ${written[0]}`)
    },
  },
]
