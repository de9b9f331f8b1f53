import { ClusterError } from '@kasper/client/cluster'
import {
  AuthenticationError,
  MultipleErrors,
  NetworkError,
  ProtocolError,
  ResponseError,
  TimeoutError,
} from '@platformatic/kafka'
import { MissingCodecError } from '@kasper/protocol'
import { expect, test } from 'vitest'
import { clusterErrorOf, wholeAnswer } from './errors.ts'

const socketError = (code: string): Error => Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code })

test.each([
  [new ProtocolError('NOT_LEADER_OR_FOLLOWER'), { kind: 'broker', type: 'NOT_LEADER_OR_FOLLOWER' }],
  [new ResponseError(11, 7, { '': [79, null] }, { memberId: 'm-1' }), { type: 'MEMBER_ID_REQUIRED', memberId: 'm-1' }],
  [new AuthenticationError('SASL authentication failed.'), { kind: 'login' }],
  [new NetworkError('failed', { cause: socketError('DEPTH_ZERO_SELF_SIGNED_CERT') }), { kind: 'login' }],
  [new NetworkError('failed', { cause: new ProtocolError('SASL_AUTHENTICATION_FAILED') }), { kind: 'login' }],
  [new NetworkError('failed', { cause: socketError('ECONNREFUSED') }), { kind: 'connection' }],
  [new TimeoutError('Request timed out'), { kind: 'connection' }],
  [new MultipleErrors('no broker', [new NetworkError('failed')]), { kind: 'connection' }],
])('%o is %o', (error, expected) => {
  const failure = clusterErrorOf(error)
  expect(failure).toBeInstanceOf(ClusterError)
  expect(failure).toMatchObject({ ...expected, cause: error })
})

test('the message is that of the root cause', () => {
  const error = new NetworkError('Connection to 127.0.0.1:1 failed.', { cause: socketError('ECONNREFUSED') })
  expect((clusterErrorOf(error) as Error).message).toBe('connect ECONNREFUSED 127.0.0.1:1')
})

test.each([[new TypeError('a bug')], ['not even an error'], [new ClusterError('login', 'no')]])(
  '%o is returned as it is',
  (error) => {
    expect(clusterErrorOf(error)).toBe(error)
  },
)

test('an answer that contains an error is returned whole; any other error is thrown', async () => {
  const answer = { topics: [{ errorCode: 3 }] }
  const thrown = new ResponseError(3, 12, { '/topics/0': [3, null] }, answer)
  expect(await wholeAnswer(Promise.reject<typeof answer>(thrown))).toBe(answer)
  await expect(wholeAnswer(Promise.reject(new NetworkError('gone')))).rejects.toThrow('gone')
})

test('the error about a compression that the runtime lacks says what to do', () => {
  const failure = clusterErrorOf(new MissingCodecError('zstd'))
  expect(failure).toMatchObject({ kind: 'unsupported', message: expect.stringContaining('22.15') as unknown })
})
