// Starts three brokers and kills them one after the other.
import type { ProduceAck } from '@kasper/core'
import { expect, test } from 'vitest'
import { startServer } from '../../../scripts/services/index.ts'
import { numbered, Recorder, rejection, uniqueName, until } from '../test/support.ts'
import { kafkajs } from './index.ts'

test(
  'while brokers are killed one after the other, no acknowledged message is lost; when all are gone, there is one error',
  { timeout: 360_000 },
  async () => {
    await using cluster = await startServer('kafka3')
    const client = kafkajs({ brokers: cluster.environment['KAFKA_BROKERS']!.split(',') })
    const admin = await client.admin()
    const retries = { produce: 0, fetch: 0, commit: 0 }
    const producer = await client.producer({ onRetry: () => retries.produce++ })
    const [topic, groupId] = ['numbers', uniqueName('group')]
    await admin.createTopics([{ name: topic, partitions: 3 }])
    const listener = new Recorder(admin, groupId)
    const onRetry = (stage: 'fetch' | 'commit'): void => void retries[stage]++
    const consumer = await client.consumer({ groupId, topics: [topic], listener, sessionTimeoutMs: 15_000, onRetry })

    // Writes and reads as fast as possible until `stopped` is set.
    let sent = 0
    let stopped = false
    const writing = (async () => {
      while (!stopped) {
        const numbers = Array.from({ length: 30 }, () => sent++)
        const acks: readonly ProduceAck[] = await producer.send(
          numbers.map((i) => ({ topic, partition: i % 3, value: String(i) })),
        )
        expect(acks).toHaveLength(3)
      }
    })()
    const seen = new Set<number>()
    const newest = [-1, -1, -1]
    const disorder: string[] = []
    const reading = (async () => {
      while (!stopped || seen.size < sent) {
        for (const { messages, nextOffset, partition } of await consumer.poll({ signal: AbortSignal.timeout(1000) })) {
          for (const { value } of messages) {
            const number = Number(new TextDecoder().decode(value!))
            // A repeated request may write messages twice, but a new message never comes before an older one.
            if (!seen.has(number) && number < newest[partition]!)
              disorder.push(`${number} after ${newest[partition]} in ${partition}`)
            newest[partition] = Math.max(newest[partition]!, number)
            seen.add(number)
          }
          await consumer.commit([{ topic, partition, offset: nextOffset }]).catch((error: unknown) => {
            expect(error).toMatchObject({ code: 'FENCED' })
          })
        }
      }
    })()

    const enough = (more: number): Promise<void> => {
      const from = seen.size
      return until(`${more} more messages are read`, () => seen.size >= from + more, 60_000)
    }
    await enough(500)
    for (const node of cluster.nodes.slice(0, 2)) {
      await node.kill()
      await enough(1000)
      await node.start()
      await enough(1000)
    }
    stopped = true
    await writing
    await reading
    expect(disorder).toEqual([])
    expect(seen.size).toBe(sent)
    const ends = await admin.listOffsets(numbered(topic, 0, 1, 2), 'latest')
    expect(ends.reduce((sum, end) => sum + end, 0)).toBeGreaterThanOrEqual(sent)

    expect(retries.produce).toBeGreaterThan(0)
    expect(retries.fetch).toBeGreaterThan(0)
    await until('the consumer is connected', () => consumer.connected === true)

    for (const node of cluster.nodes) await node.kill()
    const failures = Promise.all([rejection(producer.send([{ topic, value: 'x' }])), rejection(pollForEver())])
    async function pollForEver(): Promise<never> {
      for (;;) await consumer.poll()
    }
    await until('the consumer is not connected', () => consumer.connected === false)
    for (const error of await failures) expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' })
    await until('the listener has heard of it', () => listener.count('lost') > 0)
    await Promise.all([consumer.close(), producer.close(), admin.close()])
  },
)
