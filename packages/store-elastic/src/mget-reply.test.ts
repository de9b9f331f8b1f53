import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMgetReply } from './mget-reply.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: unknown): string => new TextDecoder().decode(value as Uint8Array)

test('The documents are returned unchanged, in order', () => {
  const error = { type: 'index_not_found_exception', reason: 'no such index [é]' }
  const reply = `{"docs":[{"_index":"a","_id":"1","found":true,"_source":{ "a" : 1.0 }},{"_index":"a","_id":"2","found":false},{"_index":"b","_id":"}\\"","error":${JSON.stringify(error)}}]}`
  const [first, second, third] = readMgetReply(bytes(reply))
  expect(text(first)).toBe('{ "a" : 1.0 }')
  expect(second).toBeUndefined()
  expect(third).toEqual(error)
  expect(readMgetReply(bytes('{"docs":[]}'))).toEqual([])
  expect(readMgetReply(bytes('{"took":1,"docs":[]}'))).toEqual([])
})

test('The documents are copies, also of a Buffer', () => {
  const reply = Buffer.from('{"docs":[{"_source":{"a":1}}]}')
  const [value] = readMgetReply(reply)
  reply.fill(0)
  expect(text(value)).toBe('{"a":1}')
})

test('The documents are found in any valid JSON reply', () => {
  const member = fc.constantFrom('_id', '_source', 'error', 'docs', 'found')
  const document = fc.dictionary(fc.oneof(fc.string(), member), fc.jsonValue())
  const source = fc.option(fc.tuple(document, fc.constantFrom(0, 1, 3)), { nil: undefined })
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), source)), (documents) => {
      const sources = documents.map(([, it]) => it && JSON.stringify(it[0], undefined, it[1]))
      const docs = documents.map(
        ([id], i) => `{"_id":${JSON.stringify(id)}${sources[i] ? `,"_source":${sources[i]}` : ''},"x":[{}]}`,
      )
      expect(readMgetReply(bytes(`{"docs":[${docs.join(',')}]}`)).map((it) => it && text(it))).toEqual(sources)
    }),
  )
})

test('A reply that ends too early is an error', () => {
  const reply = '{"docs":[{"_id":"1","_source":{"a":"b"}}]}'
  for (let length = 0; length < reply.length; length++)
    expect(() => readMgetReply(bytes(reply.slice(0, length)))).toThrow(/reply/)
})
