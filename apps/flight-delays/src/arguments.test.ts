import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

test('defaults', () => {
  expect(readArguments([])).toEqual({ help: false, messages: undefined, store: 'memory', reset: false })
})

test('all of them', () => {
  expect(readArguments(['--messages', '1_000', '--store=memory', '--reset', '-h'])).toEqual({
    help: true,
    messages: 1000,
    store: 'memory',
    reset: true,
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
  [['--mesages', '5'], "Unknown option '--mesages'"],
  [['5'], 'Unexpected argument'],
])('%j is refused', (args, message) => {
  expect(() => readArguments(args)).toThrow(message)
})
