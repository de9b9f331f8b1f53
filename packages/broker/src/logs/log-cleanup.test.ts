import type { Consumer, Message } from '@kasper/core'
import { describe, expect, it } from 'vitest'
import { MemoryKafka, VirtualClock } from '@kasper/testing'

const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : new TextDecoder().decode(bytes))
const show = (messages: readonly Message[]): string[] =>
  messages.map(({ offset, key, value }) => `${offset}:${text(key)}=${text(value)}`)

async function consumerAt(kafka: MemoryKafka, offset: number): Promise<Consumer> {
  return await kafka.client().consumer({
    groupId: `from-${offset}`,
    topics: ['t'],
    listener: {
      onAssign: (partitions) => Promise.resolve(partitions.map((partition) => ({ ...partition, offset }))),
      onRevoke: () => Promise.resolve(),
      onLost() {},
    },
  })
}

describe('compact', () => {
  const compacted = (clock = new VirtualClock()): MemoryKafka => {
    const kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { config: { 'cleanup.policy': 'compact' } })
    return kafka
  }

  it('keeps the last message of each key, at its offset, across batches', async () => {
    await using kafka = compacted()
    kafka.append(['a=1', 'b=1', 'a=2'].map((pair) => ({ topic: 't', key: pair[0]!, value: pair[2]! })))
    kafka.append(['b=2', 'c=1'].map((pair) => ({ topic: 't', key: pair[0]!, value: pair[2]! })))
    kafka.append([{ topic: 't', key: 'a', value: null }])
    kafka.compact('t')
    expect(show(kafka.read('t'))).toEqual(['3:b=2', '4:c=1', '5:a=null'])
    kafka.append([{ topic: 't', key: 'b', value: '3' }])
    kafka.compact('t')
    expect(show(kafka.read('t'))).toEqual(['4:c=1', '5:a=null', '6:b=3'])
  })

  it('deletes tombstones only on request, and does not change the end of the log', async () => {
    await using kafka = compacted()
    kafka.append([{ topic: 't', key: 'a', value: '1' }])
    kafka.append([{ topic: 't', key: 'a', value: null }])
    kafka.compact('t')
    expect(show(kafka.read('t'))).toEqual(['1:a=null'])
    kafka.compact('t', { removeTombstones: true })
    expect(kafka.read('t')).toEqual([])
    const admin = await kafka.client().admin()
    expect(await admin.listOffsets([{ topic: 't', partition: 0 }], 'latest')).toEqual([2])
    expect(kafka.append([{ topic: 't', key: 'b', value: '1' }])[0]!.baseOffset).toBe(2)
  })

  it('lets a reader continue over gaps, up to the end', async () => {
    await using kafka = compacted()
    for (let i = 0; i < 5; i++) kafka.append([{ topic: 't', key: 'a', value: `${i}` }])
    kafka.append([{ topic: 't', key: 'b', value: null }])
    kafka.compact('t', { removeTombstones: true })
    const [first] = await (await consumerAt(kafka, 1)).poll()
    expect([show(first!.messages), first!.nextOffset, first!.endOffset]).toEqual([['4:a=4'], 6, 6])
    const [behind] = await (await consumerAt(kafka, 5)).poll()
    expect([behind!.messages, behind!.nextOffset, behind!.endOffset]).toEqual([[], 6, 6])
  })

  it('does not change messages that a reader has fetched', async () => {
    const clock = new VirtualClock()
    await using kafka = compacted(clock)
    kafka.append([
      { topic: 't', key: 'a', value: '1' },
      { topic: 't', key: 'a', value: '2' },
    ])
    const consumer = await consumerAt(kafka, 0)
    await clock.settle()
    kafka.compact('t')
    expect(show((await consumer.poll())[0]!.messages)).toEqual(['0:a=1', '1:a=2'])
  })

  it('is for compacted topics, whose messages all have keys', async () => {
    await using kafka = compacted()
    kafka.createTopic('plain')
    expect(() => kafka.compact('plain')).toThrow(/plain is not compacted; create it with/)
    expect(() => kafka.append([{ topic: 't', value: 'x' }])).toThrow(/has no key, which every message of a compacted topic needs/)
  })
})

describe('retention', () => {
  it('deletes records that are too old', async () => {
    const clock = new VirtualClock()
    await using kafka = new MemoryKafka({ clock })
    kafka.createTopic('t', { config: { 'retention.ms': '1000' } })
    for (const value of ['a', 'b', 'c']) {
      kafka.append([{ topic: 't', value }])
      await clock.advance(600)
    }
    kafka.applyRetention('t')
    expect(show(kafka.read('t'))).toEqual(['2:null=c'])
    await clock.advance(1000)
    kafka.applyRetention('t')
    expect(kafka.read('t')).toEqual([])
    expect(kafka.append([{ topic: 't', value: 'd' }])[0]!.baseOffset).toBe(3)
    expect(show(kafka.read('t'))).toEqual(['3:null=d'])
  })

  it('deletes records that exceed the size', async () => {
    await using kafka = new MemoryKafka()
    kafka.createTopic('t', { config: { 'retention.bytes': '2500' } })
    for (let i = 0; i < 5; i++) kafka.append([{ topic: 't', value: new Uint8Array(1000) }])
    kafka.applyRetention('t')
    expect(kafka.read('t').map(({ offset }) => offset)).toEqual([3, 4])
  })
})

describe('deleteRecordsBefore', () => {
  it('moves the start of the log, even into a batch', async () => {
    await using kafka = new MemoryKafka()
    kafka.createTopic('t')
    for (let i = 0; i < 3; i++) kafka.append(Array.from({ length: 10 }, (_, n) => ({ topic: 't', value: `${i * 10 + n}` })))
    kafka.deleteRecordsBefore({ topic: 't', partition: 0, offset: 15 })
    expect(kafka.read('t').map(({ offset }) => offset)).toEqual(Array.from({ length: 15 }, (_, n) => 15 + n))
    const admin = await kafka.client().admin()
    expect(await admin.listOffsets([{ topic: 't', partition: 0 }], 'earliest')).toEqual([15])
    const [batch] = await (await consumerAt(kafka, 15)).poll()
    expect([batch!.messages[0]!.offset, batch!.nextOffset]).toEqual([15, 30])
    await expect((await consumerAt(kafka, 14)).poll()).rejects.toThrow(/offset 14 of t\/0 is not in the log, which has 15 to 30/)
    kafka.deleteRecordsBefore({ topic: 't', partition: 0, offset: 1000 })
    expect([kafka.read('t'), await admin.listOffsets([{ topic: 't', partition: 0 }], 'earliest')]).toEqual([[], [30]])
  })
})
