import { ClusterError } from '@kasper/client/cluster'
import { MissingCodecError } from '@kasper/protocol'
import { expect, test } from 'vitest'
import { clusterErrorOf } from './errors.ts'

const named = (name: string, more: object = {}): Error => Object.assign(new Error('went wrong'), { name, ...more })
const broker = (type: string): Error => named('KafkaJSProtocolError', { type })

test.each([
  [broker('UNKNOWN_TOPIC_OR_PARTITION'), { kind: 'broker', type: 'UNKNOWN_TOPIC_OR_PARTITION' }],
  [broker('NOT_LEADER_FOR_PARTITION'), { kind: 'broker', type: 'NOT_LEADER_OR_FOLLOWER' }],
  [broker('NOT_COORDINATOR_FOR_GROUP'), { kind: 'broker', type: 'NOT_COORDINATOR' }],
  [
    named('KafkaJSProtocolError', { type: 'MEMBER_ID_REQUIRED', memberId: 'm-1' }),
    { type: 'MEMBER_ID_REQUIRED', memberId: 'm-1' },
  ],
  [
    named('KafkaJSAggregateError', { errors: [broker('TOPIC_ALREADY_EXISTS')] }),
    { kind: 'broker', type: 'TOPIC_ALREADY_EXISTS' },
  ],
  [named('KafkaJSSASLAuthenticationError'), { kind: 'login' }],
  [named('KafkaJSConnectionError', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), { kind: 'login' }],
  [named('KafkaJSConnectionError', { code: 'ECONNREFUSED' }), { kind: 'connection' }],
  [named('KafkaJSRequestTimeoutError'), { kind: 'connection' }],
  [named('KafkaJSNumberOfRetriesExceeded', { cause: named('KafkaJSConnectionClosedError') }), { kind: 'connection' }],
  [named('KafkaJSNotImplemented'), { kind: 'unsupported' }],
])('%o is %o', (error, expected) => {
  const failure = clusterErrorOf(error)
  expect(failure).toBeInstanceOf(ClusterError)
  expect(failure).toMatchObject({ ...expected, cause: error })
})

test('the message is that of the root cause', () => {
  const root = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { name: 'KafkaJSConnectionError' })
  expect((clusterErrorOf(named('KafkaJSNumberOfRetriesExceeded', { cause: root })) as Error).message).toBe(root.message)
})

test.each([[named('TypeError')], ['not even an error']])('%o is returned as it is', (error) => {
  expect(clusterErrorOf(error)).toBe(error)
})

test('the error about a compression that the runtime lacks says what to do', () => {
  const failure = clusterErrorOf(new MissingCodecError('zstd'))
  expect(failure).toMatchObject({ kind: 'unsupported', message: expect.stringContaining('plug a codec into') as unknown })
})
