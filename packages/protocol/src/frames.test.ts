import { describe, expect, it } from 'vitest'
import { CorruptMessageError, UnsupportedVersionError, UnwritableMessageError } from './errors.ts'
import { FrameSplitter, readResponseFrame, writeRequestFrame, writeResponseFrame } from './frames.ts'
import { apiInfo, readRequestHeader } from './headers.ts'
import { apiVersionsApi } from './messages/api-versions.ts'
import { metadataApi } from './messages/metadata.ts'
import { saslHandshakeApi } from './messages/sasl-handshake.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

function frameOf(write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer()
  write(writer)
  const splitter = new FrameSplitter(1 << 20)
  splitter.push(writer.take())
  return splitter.next()!
}

describe('request frames', () => {
  it('have the header of the version', () => {
    const of = (version: number): string =>
      hex(
        frameOf((to) => {
          writeRequestFrame(
            to,
            apiVersionsApi,
            version,
            { correlationId: 7, clientId: 'me' },
            { clientSoftwareName: 'k', clientSoftwareVersion: '1' },
          )
        }),
      )
    // API 18, the version, correlation id 7, client id of two letters; from version 3 on no tags, and the fields in compact form.
    expect(of(3)).toBe('0012' + '0003' + '00000007' + '00026d65' + '00' + '026b' + '0231' + '00')
    // The old version does not have these fields, so they are left out.
    expect(of(2)).toBe('0012' + '0002' + '00000007' + '00026d65')
    const anonymous = frameOf((to) => writeRequestFrame(to, saslHandshakeApi, 1, { correlationId: 1 }, { mechanism: 'PLAIN' }))
    expect(hex(anonymous)).toBe('0011' + '0001' + '00000001' + 'ffff' + '0005504c41494e')
  })

  it('have a header that can be read even if the version is unknown', () => {
    const frame = frameOf((to) => writeRequestFrame(to, metadataApi, 12, { correlationId: 5, clientId: null }, { topics: null }))
    const reader = new Reader(frame)
    const header = readRequestHeader(reader)
    expect(header).toEqual({ requestApiKey: 3, requestApiVersion: 12, correlationId: 5, clientId: null })
    expect(metadataApi.readRequest(reader, 12).topics).toBeNull()
    expect(reader.remaining).toBe(0)

    const future = Uint8Array.of(0, 18, 0, 99, 0, 0, 0, 8, 0, 1, 0x61, 0)
    expect(readRequestHeader(new Reader(future))).toMatchObject({ requestApiVersion: 99, correlationId: 8, clientId: 'a' })
    expect(() => readRequestHeader(new Reader(Uint8Array.of(0, 99, 0, 0, 0, 0, 0, 8, 0, 0)))).toThrow('API key 99')
    expect(() => readRequestHeader(new Reader(Uint8Array.of(0, 18)))).toThrow(CorruptMessageError)
    expect(apiInfo(18)?.name).toBe('ApiVersions')
  })

  it('are not written in part if writing fails', () => {
    const writer = new Writer()
    expect(() => writeRequestFrame(writer, metadataApi, 12, { correlationId: 2 ** 40 }, {})).toThrow(UnwritableMessageError)
    expect(() => writeRequestFrame(writer, metadataApi, 99, { correlationId: 1 }, {})).toThrow(UnsupportedVersionError)
    expect(() => writeResponseFrame(writer, metadataApi, 99, 1, {})).toThrow(UnsupportedVersionError)
    expect(writer.take()).toEqual(new Uint8Array(0))
  })
})

describe('response frames', () => {
  it('have the correlation id of the request, and those of ApiVersions always the oldest header', () => {
    const answer = { errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }] }
    const frame = frameOf((to) => writeResponseFrame(to, apiVersionsApi, 3, 9, answer))
    expect(hex(frame)).toBe('00000009' + '0023' + '02' + '00120000000400' + '00000000' + '00')
    const read = readResponseFrame(apiVersionsApi, 3, frame)
    expect(read).toMatchObject({ correlationId: 9, response: { ...answer, finalizedFeaturesEpoch: -1, zkMigrationReady: false } })
    expect(hex(frameOf((to) => writeResponseFrame(to, metadataApi, 9, 9, {}))).slice(0, 10)).toBe('00000009' + '00')
  })
})

describe('FrameSplitter', () => {
  it('returns the same frames for every division into chunks', () => {
    const frames = [0, 1, 5, 3000, 17, 20_000, 0, 2].map((size, i) => new Uint8Array(size).fill(i + 1))
    const stream = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length + 4, 0))
    let end = 0
    for (const frame of frames) {
      new DataView(stream.buffer).setInt32(end, frame.length)
      stream.set(frame, end + 4)
      end += frame.length + 4
    }
    let seed = 1
    for (const most of [1, 2, 7, 100, 2000, 50_000]) {
      for (let round = 0; round < (most < 10 ? 1 : 10); round++) {
        const splitter = new FrameSplitter(50_000)
        const found: Uint8Array[] = []
        for (let at = 0; at < stream.length;) {
          seed = (seed * 48271) % 2147483647
          const size = 1 + (seed % most)
          // A copy for each chunk, as from a socket, because the splitter keeps it.
          splitter.push(stream.slice(at, (at += size)))
          if (seed % 3 === 0) continue
          for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) found.push(frame)
        }
        for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) found.push(frame)
        expect(found).toEqual(frames)
      }
    }
  })

  it('refuses a length above the limit at once, before the frame arrives', () => {
    for (const length of [
      [0x7f, 0xff, 0xff, 0xff],
      [0x80, 0, 0, 0],
      [0, 0x10, 0, 1],
      [0x47, 0x45, 0x54, 0x20],
    ]) {
      const splitter = new FrameSplitter(1 << 20)
      splitter.push(Uint8Array.from(length))
      expect(() => splitter.next()).toThrow(CorruptMessageError)
    }
    const http = new FrameSplitter(1 << 20)
    http.push(new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'))
    expect(() => http.next()).toThrow('A frame of 1195725856 bytes, longer than the limit of 1048576')
  })

  it('returns plain byte arrays, also for Buffers', () => {
    const splitter = new FrameSplitter(100)
    splitter.push(Buffer.from([0, 0, 0, 2, 5, 6]))
    const frame = splitter.next()!
    expect(Object.getPrototypeOf(frame)).toBe(Uint8Array.prototype)
    expect(frame).toEqual(Uint8Array.of(5, 6))
  })
})
