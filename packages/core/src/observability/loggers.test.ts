import { type LoggerContext, loggerConformance } from '@kasper/testing/conformance'
import { VirtualClock } from '@kasper/testing'
import pino from 'pino'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Logger } from '../index.ts'
import { basicLogger, jsonLogger, KasperError, textLogger } from '../index.ts'
import { noopLogger } from '../runtime/logger.ts'

const contexts: Record<string, LoggerContext> = {
  basic: { open: ({ debug }) => collecting((write) => basicLogger({ debug, write })) },
  JSON: { open: ({ debug }) => collecting((write) => jsonLogger({ label: 'test', debug, write })) },
  text: { open: ({ debug }) => collecting((write) => textLogger({ label: 'test', debug, write })) },
  pino: { open: ({ debug }) => collecting((write) => pino({ level: debug ? 'debug' : 'info' }, { write })) },
}

function collecting(make: (write: (line: string) => void) => Logger): ReturnType<LoggerContext['open']> {
  const lines: string[] = []
  return { logger: make((line) => lines.push(line)), lines: () => lines }
}

describe.for(Object.entries(contexts))('%s logger', ([, context]) => {
  test.for(loggerConformance)('$name', ({ run }) => run(context))
})

const clock = new VirtualClock(Date.UTC(2001, 0, 1))

function written(
  make: (options: { write: (line: string) => void; clock: VirtualClock }) => Logger,
  log: (logger: Logger) => void,
): string[] {
  const lines: string[] = []
  log(make({ write: (line) => lines.push(line), clock }))
  return lines
}

test('A basic line', () => {
  const lines = written(basicLogger, (logger) =>
    logger.warn({ topic: 'flights', where: { file: 'a b', line: 1 }, list: [1, 'x'] }, 'slow'),
  )
  expect(lines).toEqual(['2001-01-01T00:00:00.000Z WARN  slow topic=flights where.file="a b" where.line=1 list="[1,\\"x\\"]"'])
})

test('The level of a basic line is coloured on request', () => {
  const lines = written(
    (options) => basicLogger({ ...options, color: true, debug: true }),
    (logger) => {
      for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level]({}, 'x')
    },
  )
  expect(lines.map((line) => line.replace('2001-01-01T00:00:00.000Z ', ''))).toEqual([
    '\x1b[2mDEBUG\x1b[0m x',
    '\x1b[32mINFO \x1b[0m x',
    '\x1b[33mWARN \x1b[0m x',
    '\x1b[31mERROR\x1b[0m x',
  ])
})

describe('Lines for console.error are coloured where it writes to a terminal', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })

  const colored = (): boolean => {
    const console = vi.spyOn(globalThis.console, 'error').mockImplementation(() => {})
    const logger = basicLogger()
    logger.debug({}, 'only where that is asked for')
    logger.info({}, 'x')
    expect(console).toHaveBeenCalledOnce()
    return String(console.mock.calls[0]![0]).includes('\x1b[32m')
  }

  test.for([
    [true, undefined, true],
    [true, '1', false],
    [false, undefined, false],
  ] as const)('terminal %s, NO_COLOR %s: %s', ([isTTY, NO_COLOR, expected]) => {
    vi.stubGlobal('process', { stderr: { isTTY }, env: { NO_COLOR } })
    expect(colored()).toBe(expected)
    const lines: string[] = []
    basicLogger({ write: (line) => lines.push(line) }).info({}, 'x')
    expect(lines[0]).not.toContain('\x1b')
  })

  test.for([
    [true, false, true],
    [true, true, false],
    [false, false, false],
  ] as const)('Deno, terminal %s, NO_COLOR %s: %s', ([isTerminal, noColor, expected]) => {
    vi.stubGlobal('process', undefined)
    vi.stubGlobal('Deno', { noColor, stderr: { isTerminal: () => isTerminal } })
    expect(colored()).toBe(expected)
  })
})

test("Of an error's properties, only primitive values are written: others may hold a message's data", () => {
  const error = Object.assign(new Error('refused'), { status: 503, request: { body: 'secret' }, retry: () => 'secret' })
  const [line = ''] = written(
    (options) => jsonLogger({ label: 'app', ...options }),
    (logger) => logger.error({ err: error }, 'no luck'),
  )
  expect(Object.keys((JSON.parse(line) as { err: object }).err)).toEqual(['name', 'message', 'status', 'stack'])
})

test('An error and its causes follow a basic line', () => {
  const cause = new AggregateError([new TypeError('first'), 'second'], 'all failed')
  const [line = ''] = written(basicLogger, (logger) =>
    logger.error({ err: new KasperError('FENCED', 'lost', { partition: 3, cause }), partition: 3 }, 'stopping'),
  )
  const withoutStack = line.split('\n').filter((each) => !/^ +at /.test(each))
  expect(withoutStack).toEqual([
    '2001-01-01T00:00:00.000Z ERROR stopping partition=3',
    '  err: KasperError: lost code=FENCED retriable=false partition=3',
    '  caused by: AggregateError: all failed',
    '  one of: TypeError: first',
    '  one of: "second"',
  ])
  expect(line.match(/^ +at .*loggers\.test\.ts:\d+:\d+\)?$/gm)?.length).toBeGreaterThanOrEqual(3)
})

test('A JSON line', () => {
  const [line = ''] = written(
    (options) => jsonLogger({ label: 'app', ...options }),
    (logger) =>
      logger.info({ partition: 3, level: 'mine', msg: 'mine', nothing: undefined, nested: { list: [undefined, 1n] } }, 'it is'),
  )
  expect(line).not.toContain('\n')
  expect(JSON.parse(line)).toEqual({
    time: '2001-01-01T00:00:00.000Z',
    level: 'info',
    label: 'app',
    msg: 'it is',
    partition: 3,
    'fields.level': 'mine',
    'fields.msg': 'mine',
    nested: { list: [null, '1'] },
  })
})

test('A text line', () => {
  const lines = written(
    (options) => textLogger({ label: 'my app', ...options }),
    (logger) => logger.info({ partition: 3, time: 4, text: 'a "b"\nc', empty: '', 'odd "name" =': 1 }, 'it is'),
  )
  expect(lines).toEqual([
    'time=2001-01-01T00:00:00.000Z level=info label="my app" msg="it is" partition=3 fields.time=4 text="a \\"b\\"\\nc" empty="" odd__name___=1',
  ])
})

test('The line is written for fields of any kind', () => {
  const hostile = {
    get getter(): never {
      throw new Error('do not look')
    },
    serialiser: {
      toJSON(): never {
        throw new Error('not today')
      },
    },
    revoked: revokedProxy(),
    bytes: new Uint8Array([1, 2, 3]),
    map: new Map<unknown, unknown>([[{}, new Set([1, Symbol('s')])]]),
    deep: JSON.parse('['.repeat(20) + ']'.repeat(20)),
    proto: JSON.parse('{"__proto__": 1}'),
    url: new URL('http://localhost/'),
    infinite: Number.POSITIVE_INFINITY,
    plain: [null, true, undefined, { toJSON: 1 }],
    callback: function later() {},
    self: [] as unknown[],
  }
  hostile.self.push(hostile.self)
  const [line = ''] = written(
    (options) => jsonLogger({ label: 'app', ...options }),
    (logger) => logger.info(hostile, 'still here'),
  )
  expect(JSON.parse(line)).toMatchObject({
    msg: 'still here',
    getter: '[unreadable: do not look]',
    serialiser: '[unreadable: not today]',
    revoked: expect.stringMatching(/^\[unreadable: /),
    bytes: '[3 bytes]',
    map: { '[object Object]': [1, 'Symbol(s)'] },
    deep: [[[[[[['[…]']]]]]]],
    url: 'http://localhost/',
    infinite: 'Infinity',
    plain: [null, true, null, { toJSON: 1 }],
    callback: '[function later]',
    self: ['[circular]'],
  })
  expect(line).toContain('"proto":{"__proto__":1}')
  for (const make of [basicLogger, (options: object) => textLogger({ label: 'app', ...options })]) {
    expect(written(make, (logger) => logger.info(hostile, 'still here'))[0]).toContain('still here')
  }
})

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

test('The noop logger writes nothing', () => {
  for (const level of ['debug', 'info', 'warn', 'error'] as const) expect(noopLogger[level]({}, 'nothing')).toBeUndefined()
})
