import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

test('defaults', () => {
  const nothing = { messages: undefined, http: undefined, trace: undefined }
  expect(readArguments([])).toEqual({ help: false, store: 'memory', reset: false, ...nothing })
})

test('all of them', () => {
  expect(
    readArguments(['--messages', '1_000', '--store=memory', '--reset', '--http', '9464', '--trace', 'a.jsonl', '-h']),
  ).toEqual({
    help: true,
    messages: 1000,
    store: 'memory',
    reset: true,
    http: 9464,
    trace: 'a.jsonl',
  })
  expect(readArguments(['--messages', '3,000,000']).messages).toBe(3_000_000)
})

test.each([
  [['--messages', '0'], '--messages 0: give a whole number, at least 1'],
  [['--messages', 'many'], '--messages many: give'],
  [['--messages=-5'], '--messages -5: give'],
  [['--messages', '1e3'], '--messages 1e3: give'],
  [['--messages', '1.5'], '--messages 1.5: give'],
  [['--messages='], '--messages : give'],
  [['--store', 'paper'], '--store paper: give one of memory'],
  [['--http', '65536'], '--http 65536: give a port'],
  [['--http', ':9464'], '--http :9464: give a port'],
  [['--trace='], '--trace: give a file'],
  [['--mesages', '5'], "Unknown option '--mesages'"],
  [['5'], 'Unexpected argument'],
])('%j is refused', (args, message) => {
  expect(() => readArguments(args)).toThrow(message)
})
