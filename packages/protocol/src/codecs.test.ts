// Tests how the generated codecs behave. messages.e2e.test.ts compares every field of all messages with Java's classes.
import { describe, expect, it } from 'vitest'
import type { Api } from './api.ts'
import type { Draft } from './draft.ts'
import { CorruptMessageError, UnsupportedVersionError, UnwritableMessageError } from './errors.ts'
import {
  createTopicsApi,
  describeTopicPartitionsApi,
  fetchApi,
  type FetchRequest,
  metadataApi,
  produceApi,
  writeConsumerProtocolSubscription,
} from './messages/index.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'
import { ZERO_UUID } from './uuid.ts'

function request<Request>(api: Api<Request>, value: Draft<Request>, version: number): Uint8Array {
  const writer = new Writer()
  api.writeRequest(writer, value, version)
  return writer.take()
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

/** Reads a fetch request of version 17 with these bytes as its tagged fields. */
function fetchRequest(tags: string): FetchRequest {
  const untagged = '00000001' + '00000002' + '00000003' + '00' + '00000000' + '00000000' + '01' + '01' + '01'
  return fetchApi.readRequest(new Reader(fromHex(untagged + tags)), 17)
}

describe('codecs', () => {
  it('set fields that a version does not have to their defaults', () => {
    const bytes = request(
      fetchApi,
      { maxWaitMs: 1, minBytes: 2, maxBytes: 3, topics: [{ topic: 't', partitions: [{ partition: 4 }] }] },
      4,
    )
    expect(hex(bytes)).toBe(
      'ffffffff' +
        '00000001' +
        '00000002' +
        '00000003' +
        '00' +
        '00000001' +
        '000174' +
        '00000001' +
        '00000004' +
        '0000000000000000' +
        '00000000',
    )
    expect(fetchApi.readRequest(new Reader(bytes), 4)).toEqual({
      clusterId: null,
      replicaId: -1,
      replicaState: { replicaId: -1, replicaEpoch: -1 },
      maxWaitMs: 1,
      minBytes: 2,
      maxBytes: 3,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic: 't',
          topicId: ZERO_UUID,
          partitions: [
            {
              partition: 4,
              currentLeaderEpoch: -1,
              fetchOffset: 0,
              lastFetchedEpoch: -1,
              logStartOffset: -1,
              partitionMaxBytes: 0,
              replicaDirectoryId: ZERO_UUID,
              highWatermark: 2n ** 63n - 1n,
            },
          ],
        },
      ],
      forgottenTopicsData: [],
      rackId: '',
    })
  })

  it('refuse fields that a version does not have, unless the schema allows to drop them', () => {
    const topics = [{ name: 't', configs: [] }]
    expect(() => request(metadataApi, { allowAutoTopicCreation: false }, 3)).toThrow(UnwritableMessageError)
    expect(() => request(metadataApi, { allowAutoTopicCreation: false }, 3)).toThrow(
      'MetadataRequest version 3: allowAutoTopicCreation is set, which this version does not have',
    )
    expect(request(metadataApi, { allowAutoTopicCreation: true }, 3)).toEqual(request(metadataApi, {}, 3))
    expect(request(createTopicsApi, { topics, validateOnly: true }, 2).at(-1)).toBe(1)
    expect(() => request(fetchApi, { replicaState: { replicaId: 1 } }, 12)).toThrow('replicaState is set')
    expect(() => request(fetchApi, { unknownTags: [{ tag: 9, bytes: new Uint8Array(1) }] }, 11)).toThrow('unknownTags is set')
    // The schema allows to drop the rack: without it, a fetch may go to a broker farther away.
    expect(() => request(fetchApi, { rackId: 'r' }, 4)).not.toThrow()
  })

  it('accept null only in versions that allow it', () => {
    expect(metadataApi.readRequest(new Reader(request(metadataApi, { topics: null }, 1)), 1).topics).toBeNull()
    expect(() => request(metadataApi, { topics: [{ name: null }] }, 9)).toThrow(
      'null in a field that cannot be null in this version',
    )
    expect(() => request(metadataApi, { topics: [{ name: null }] }, 10)).not.toThrow()
  })

  it('read and write a structure that is null', () => {
    for (const cursor of [null, { topicName: 't', partitionIndex: 3 }]) {
      const bytes = request(describeTopicPartitionsApi, { cursor }, 0)
      expect(describeTopicPartitionsApi.readRequest(new Reader(bytes), 0).cursor).toEqual(cursor)
    }
  })

  it('read tagged fields, keep unknown ones, and write them back', () => {
    const state = '00000005' + '0000000000000006' + '00'
    const tags = '03' + '00' + '02' + '0261' + '01' + '0d' + state + '07' + '02' + 'abcd'
    const value = fetchRequest(tags)
    expect(value).toMatchObject({
      clusterId: 'a',
      replicaState: { replicaId: 5, replicaEpoch: 6 },
      unknownTags: [{ tag: 7, bytes: Uint8Array.of(0xab, 0xcd) }],
    })
    expect(hex(request(fetchApi, value, 17)).endsWith(tags)).toBe(true)
  })

  it('refuse tagged fields with a wrong size, and those of later versions', () => {
    expect(fetchRequest('01' + '00' + '02' + '0261')).toMatchObject({ clusterId: 'a' })
    expect(() => fetchRequest('01' + '00' + '03' + '026162')).toThrow('tagged field 0 does not have the size that it claims')
    expect(() => fetchRequest('01' + '00' + '01' + '0261')).toThrow(CorruptMessageError)
    const older = '00000001' + '00000002' + '00000003' + '00' + '00000000' + '00000000' + '01' + '01' + '01'
    const early = fromHex('ffffffff' + older + '01' + '01' + '0d' + '00000005' + '0000000000000006' + '00')
    expect(() => fetchApi.readRequest(new Reader(early), 14)).toThrow('tagged field 1, which this version does not have')
  })

  it('return records as a view on the frame', () => {
    const records = new Uint8Array(10_000).fill(5)
    const writer = new Writer()
    produceApi.writeRequest(writer, { topicData: [{ name: 't', partitionData: [{ index: 0, records }] }] }, 9)
    const parts = writer.takeParts()
    expect(parts[1]).toBe(records)
    const frame = new Uint8Array(Buffer.concat(parts))
    const read = produceApi.readRequest(new Reader(frame), 9).topicData[0]!.partitionData[0]!.records!
    expect(read).toEqual(records)
    expect(read.buffer).toBe(frame.buffer)
  })

  it('have only the versions that Kafka has', () => {
    expect(() => request(fetchApi, {}, 3)).toThrow(UnsupportedVersionError)
    expect(() => fetchApi.readResponse(new Reader(new Uint8Array(100)), 19)).toThrow(
      'FetchResponse version 19 is not supported, only versions 4 to 18',
    )
    expect(() => writeConsumerProtocolSubscription(new Writer(), {}, 4)).toThrow(UnsupportedVersionError)
  })
})
