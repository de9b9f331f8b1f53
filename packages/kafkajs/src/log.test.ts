import type { LogFields, Logger } from '@kasper/core'
import kafkajs from 'kafkajs'
import { expect, test } from 'vitest'
import { logThrough } from './log.ts'

test("kafkajs's log lines have a namespace and fields; errors are warnings, and broker errors are debug lines", () => {
  const lines: [level: string, fields: LogFields, message: string][] = []
  const line =
    (level: string) =>
    (fields: LogFields, message: string): void =>
      void lines.push([level, fields, message])
  const logger: Logger = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
  const { ERROR, WARN, INFO, DEBUG } = kafkajs.logLevel
  const log = logThrough(logger)(INFO)
  const entry = (level: kafkajs.logLevel, message: string): void =>
    log({
      namespace: 'Connection',
      level,
      label: '',
      log: { timestamp: '2001-01-01', logger: 'kafkajs', message, broker: 'a:1' },
    })
  entry(ERROR, 'Connection timeout')
  entry(ERROR, 'Response Heartbeat(key: 12, version: 3)')
  entry(WARN, 'careful')
  entry(INFO, 'by the way')
  entry(DEBUG, 'in detail')
  const fields = { namespace: 'kafkajs Connection', broker: 'a:1' }
  expect(lines).toEqual([
    ['warn', fields, 'Connection timeout'],
    ['debug', fields, 'Response Heartbeat(key: 12, version: 3)'],
    ['warn', fields, 'careful'],
    ['info', fields, 'by the way'],
    ['debug', fields, 'in detail'],
  ])
})
