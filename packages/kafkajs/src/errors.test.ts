import { KasperError } from '@kasper/core'
import kafkajs from 'kafkajs'
import { expect, test } from 'vitest'
import { asKasperError, codeOf, isTransient } from './errors.ts'

const named = (name: string, more: object = {}): Error => Object.assign(new Error('went wrong'), { name, ...more })
const broker = (type: string): Error => named('KafkaJSProtocolError', { type })

test.each([
  [broker('UNKNOWN_TOPIC_OR_PARTITION'), 'TOPIC_UNKNOWN'],
  [broker('MESSAGE_TOO_LARGE'), 'MESSAGE_TOO_LARGE'],
  [broker('ILLEGAL_GENERATION'), 'FENCED'],
  [broker('GROUP_AUTHORIZATION_FAILED'), 'AUTHENTICATION_FAILED'],
  [broker('INVALID_RECORD'), 'PRODUCE_FAILED'],
  [named('KafkaJSSASLAuthenticationError'), 'AUTHENTICATION_FAILED'],
  [named('KafkaJSConnectionError', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'AUTHENTICATION_FAILED'],
  [named('KafkaJSConnectionError', { code: 'ECONNREFUSED' }), 'BROKER_UNREACHABLE'],
  [named('KafkaJSNumberOfRetriesExceeded', { cause: named('KafkaJSConnectionClosedError') }), 'BROKER_UNREACHABLE'],
  [named('KafkaJSAggregateError', { errors: [broker('TOPIC_ALREADY_EXISTS')] }), 'TOPIC_EXISTS'],
  [named('KafkaJSNotImplemented'), 'CONFIG_INVALID'],
  [named('TypeError'), 'PRODUCE_FAILED'],
  ['not even an error', 'PRODUCE_FAILED'],
])('%o is %s', (error, code) => {
  expect(codeOf(error, 'PRODUCE_FAILED')).toBe(code)
})

test('connections and elections pass, refusals do not', () => {
  expect([broker('NOT_LEADER_FOR_PARTITION'), named('KafkaJSRequestTimeoutError')].map(isTransient)).toEqual([true, true])
  const lasting = [
    broker('MESSAGE_TOO_LARGE'),
    named('KafkaJSSASLAuthenticationError'),
    named('KafkaJSConnectionError', { code: 'CERT_HAS_EXPIRED' }),
    named('TypeError'),
  ]
  expect(lasting.map(isTransient)).toEqual([false, false, false, false])
})

test('the message says what was being done, what went wrong at the root, and what to check; the cause is kept', () => {
  const root = new kafkajs.KafkaJSConnectionError('connect ECONNREFUSED 127.0.0.1:1')
  const outer = named('KafkaJSNumberOfRetriesExceeded', { cause: root })
  const error = asKasperError(outer, 'cannot connect to 127.0.0.1:1', 'FETCH_FAILED', { topic: 't', partition: 1 })
  expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE', topic: 't', partition: 1, cause: outer })
  expect(error.message).toMatch(/^cannot connect to 127\.0\.0\.1:1: connect ECONNREFUSED 127\.0\.0\.1:1 \(check the addresses/)
  const own = new KasperError('CLOSED', 'closed')
  expect(asKasperError(own, 'again', 'FETCH_FAILED')).toBe(own)
})
