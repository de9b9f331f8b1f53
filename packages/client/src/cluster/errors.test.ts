import { expect, test } from 'vitest'
import { KasperError } from '@kasper/core'
import { asKasperError, ClusterError, codeOf, isTransient } from './errors.ts'

const broker = (type: string): ClusterError => new ClusterError('broker', 'went wrong', { type })

test.each([
  [broker('UNKNOWN_TOPIC_OR_PARTITION'), 'TOPIC_UNKNOWN'],
  [broker('MESSAGE_TOO_LARGE'), 'MESSAGE_TOO_LARGE'],
  [broker('TOPIC_ALREADY_EXISTS'), 'TOPIC_EXISTS'],
  [broker('ILLEGAL_GENERATION'), 'FENCED'],
  [broker('GROUP_AUTHORIZATION_FAILED'), 'AUTHENTICATION_FAILED'],
  [broker('INVALID_RECORD'), 'PRODUCE_FAILED'],
  [new ClusterError('login', 'no'), 'AUTHENTICATION_FAILED'],
  [new ClusterError('connection', 'no'), 'BROKER_UNREACHABLE'],
  [new ClusterError('unsupported', 'no'), 'CONFIG_INVALID'],
  [new KasperError('CLOSED', 'closed'), 'CLOSED'],
  [new TypeError('a bug'), 'PRODUCE_FAILED'],
  ['not even an error', 'PRODUCE_FAILED'],
])('%o is %s', (error, code) => {
  expect(codeOf(error, 'PRODUCE_FAILED')).toBe(code)
})

test('failures of connections and elections are transient, refusals and bugs are not', () => {
  const passing = [broker('NOT_LEADER_OR_FOLLOWER'), broker('NOT_COORDINATOR'), new ClusterError('connection', 'timed out')]
  expect(passing.map(isTransient)).toEqual([true, true, true])
  const lasting = [broker('MESSAGE_TOO_LARGE'), new ClusterError('login', 'no'), new TypeError('a bug')]
  expect(lasting.map(isTransient)).toEqual([false, false, false])
})

test('the message says what failed, why, and what to check; the cause is kept', () => {
  const cause = new ClusterError('connection', 'connect ECONNREFUSED 127.0.0.1:1')
  const error = asKasperError(cause, 'cannot connect to 127.0.0.1:1', 'FETCH_FAILED', { topic: 't', partition: 1 })
  expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE', topic: 't', partition: 1, cause })
  expect(error.message).toMatch(/^cannot connect to 127\.0\.0\.1:1: connect ECONNREFUSED 127\.0\.0\.1:1 \(check the addresses/)
  const own = new KasperError('CLOSED', 'closed')
  expect(asKasperError(own, 'again', 'FETCH_FAILED')).toBe(own)
})

test.each([
  [new ClusterError('connection', 'no'), 'FETCH_FAILED', true],
  [broker('NOT_LEADER_OR_FOLLOWER'), 'PRODUCE_FAILED', true],
  [broker('INVALID_RECORD'), 'PRODUCE_FAILED', false],
  [broker('NON_EMPTY_GROUP'), 'FETCH_FAILED', true],
  [broker('MESSAGE_TOO_LARGE'), 'PRODUCE_FAILED', false],
  [new ClusterError('unsupported', 'no'), 'FETCH_FAILED', false],
  [new TypeError('a bug'), 'FETCH_FAILED', false],
])('%o as %s says whether trying again may help', (error, fallback, retriable) => {
  expect(asKasperError(error, 'failed', fallback).retriable).toBe(retriable)
})
