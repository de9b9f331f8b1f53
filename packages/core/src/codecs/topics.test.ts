import { expect, expectTypeOf, test } from 'vitest'
import type { InputOf, KeyOf, Message, MessageOf, OutgoingMessageOf, TopicMessage, ValueOf } from '../index.ts'
import { decodeMessage, encodeMessage, json, number, stream, string, table } from '../index.ts'

const words = stream('words', string())
const readings = stream('readings', number(), { key: number('int32') })
const lines = stream('lines', string(), { keyless: true })
const totals = table('totals', json<{ flights: number }>())

const utf8 = new TextEncoder()

function message(topic: string, key: Uint8Array | null, value: Uint8Array | null): Message {
  return { topic, partition: 3, offset: 17, timestamp: 5, key, value, headers: [{ key: 'h', value: null }] }
}

test('Types follow from the declaration', () => {
  expectTypeOf<KeyOf<typeof words>>().toEqualTypeOf<string>()
  expectTypeOf<KeyOf<typeof readings>>().toEqualTypeOf<number>()
  expectTypeOf<KeyOf<typeof lines>>().toEqualTypeOf<null>()
  expectTypeOf<ValueOf<typeof totals>>().toEqualTypeOf<{ flights: number }>()
  expectTypeOf<InputOf<typeof words>>().toEqualTypeOf<string>()
  expectTypeOf<InputOf<typeof totals>>().toEqualTypeOf<{ flights: number } | null>()
  expectTypeOf<MessageOf<typeof words>>().toEqualTypeOf<TopicMessage<'words', string, string>>()
  expectTypeOf<MessageOf<string>>().toEqualTypeOf<Message>()
  expectTypeOf<MessageOf<'raw'>>().toExtend<Message>()
  expectTypeOf(words.name).toEqualTypeOf<'words'>()

  expectTypeOf<{ key: string; value: { flights: number } | null }>().toExtend<OutgoingMessageOf<typeof totals>>()
  expectTypeOf<{ value: string }>().toExtend<OutgoingMessageOf<typeof lines>>()
  // @ts-expect-error: the key is missing
  expectTypeOf<{ value: string }>().toExtend<OutgoingMessageOf<typeof words>>()
  // @ts-expect-error: a stream has no tombstones
  expectTypeOf<{ key: string; value: null }>().toExtend<OutgoingMessageOf<typeof words>>()
})

test('A message is decoded, and keeps its bytes', () => {
  const raw = message('words', utf8.encode('k'), utf8.encode('v'))
  const decoded = decodeMessage(raw, words)
  expectTypeOf(decoded).toEqualTypeOf<TopicMessage<'words', string, string>>()
  const { topic, partition, offset, timestamp, key, value, headers } = decoded
  expect({ topic, partition, offset, timestamp, key, value, headers }).toEqual({ ...raw, key: 'k', value: 'v' })
  expect(decoded.raw).toBe(raw)
})

test('A tombstone is null in a table, and an error in a stream', () => {
  expect(decodeMessage(message('totals', utf8.encode('k'), null), totals)).toMatchObject({ key: 'k', value: null })
  expect(() => decodeMessage(message('words', utf8.encode('k'), null), words)).toThrow(
    expect.objectContaining({
      code: 'DECODE_FAILED',
      topic: 'words',
      partition: 3,
      offset: 17,
      retriable: false,
      message:
        'the message of words/3 at offset 17 has no value (it is a tombstone): declare the topic with table(), where the value is then null',
    }),
  )
})

test('A key is decoded and required, unless the topic is keyless', () => {
  const value = number().encode(1)
  expect(decodeMessage(message('readings', Uint8Array.of(0, 0, 1, 0), value), readings).key).toBe(256)
  const text = utf8.encode('text')
  expect(decodeMessage(message('lines', Uint8Array.of(0xff), text), lines).key).toBeNull()
  expect(decodeMessage(message('lines', null, text), lines).value).toBe('text')
  expect(() => decodeMessage(message('readings', utf8.encode('four bytes?'), value), readings)).toThrow(
    expect.objectContaining({ code: 'DECODE_FAILED', offset: 17, message: expect.stringContaining('the key of readings/3') }),
  )
  expect(() => decodeMessage(message('words', null, text), words)).toThrow(
    expect.objectContaining({ code: 'DECODE_FAILED', offset: 17, message: expect.stringContaining('{ keyless: true }') }),
  )
  expect(() => decodeMessage(message('totals', null, text), totals)).toThrow('has no key: each row of a table needs one')
})

test('A message is encoded for its topic', () => {
  const more = { headers: { h: 'x' }, partition: 2, timestamp: 7 }
  expect(encodeMessage({ key: 'k', value: 'v', ...more }, words)).toEqual({
    topic: 'words',
    key: utf8.encode('k'),
    value: utf8.encode('v'),
    ...more,
  })
  expect(encodeMessage({ key: 'k', value: null }, totals)).toMatchObject({ topic: 'totals', value: null })
  expect(encodeMessage({ value: 'v' }, lines)).toMatchObject({ key: null })
  expect(() => encodeMessage({ key: 1.5, value: 1 }, readings)).toThrow(
    expect.objectContaining({
      code: 'ENCODE_FAILED',
      message: 'cannot encode the key of a message to readings: the number is not a 32-bit integer',
    }),
  )
  expect(() => encodeMessage({ key: 'k', value: null as never }, words)).toThrow(
    expect.objectContaining({ code: 'ENCODE_FAILED' }),
  )
})

test('A message that was read may be sent as it is, but a copy of it lacks its headers', () => {
  const read = decodeMessage(message('words', utf8.encode('k'), utf8.encode('v')), words)
  expect({ ...encodeMessage(read, words), offset: 17 }).toEqual(read.raw)
  expect(() => encodeMessage({ ...read, value: 'V' }, words)).toThrow(
    expect.objectContaining({ code: 'ENCODE_FAILED', message: expect.stringContaining('Copy the fields by name') }),
  )
  expect(encodeMessage({ ...read, headers: read.headers }, words)).toMatchObject({ key: read.raw.key, headers: read.raw.headers })
})

test('A wrong declaration is refused at once', () => {
  const refused: [() => unknown, string][] = [
    [() => stream('', string()), 'stream("", …): give the topic\'s name first'],
    // @ts-expect-error: the codec was not made
    [() => table('t', string), 'table("t", …): the value codec has no encode and decode'],
    // @ts-expect-error: neither was this one
    [() => stream('t', string(), { key: number }), 'stream("t", …): the key codec has no encode and decode'],
    // @ts-expect-error: rows have keys
    [() => table('t', string(), { keyless: true }).key.encode, 'null'],
  ]
  for (const [declare, message] of refused) expect(declare).toThrow(message)
})
