// Shared by the end-to-end tests: a client for the server in the environment, and a round trip with it.
import assert from 'node:assert/strict'
import type { KafkaClient } from '@kasper/core'
import { required } from '../../../scripts/required.ts'
import { platformatic } from '../src/index.ts'

export function brokers(name = 'KAFKA_BROKERS'): string[] {
  return required(name).split(',')
}

export function testClient(): KafkaClient {
  return platformatic({ bootstrapBrokers: brokers() })
}

/** Creates a topic, writes to it, and reads it as a group. */
export async function roundTrip(client: KafkaClient): Promise<void> {
  const [topic, groupId] = [`topic-${crypto.randomUUID()}`, `group-${crypto.randomUUID()}`]
  const admin = await client.admin()
  const producer = await client.producer()
  try {
    await admin.createTopics([{ name: topic, partitions: 2 }])
    await producer.send([{ topic, key: 'k', value: 'v', partition: 1 }])
    const consumer = await client.consumer({
      groupId,
      topics: [topic],
      listener: {
        onAssign: (partitions) => Promise.resolve(partitions.map((partition) => ({ ...partition, offset: 0 }))),
        onRevoke: () => Promise.resolve(),
        onLost() {},
      },
    })
    const signal = AbortSignal.timeout(40_000)
    let value: Uint8Array | null | undefined
    while (value === undefined && !signal.aborted)
      value = (await consumer.poll({ signal })).flatMap(({ messages }) => messages)[0]?.value
    assert.equal(new TextDecoder().decode(value ?? undefined), 'v')
    await consumer.commit([{ topic, partition: 1, offset: 1 }])
    assert.deepEqual(await admin.committedOffsets(groupId, [{ topic, partition: 1 }]), [1])
    assert((await admin.listTopics()).includes(topic))
    await consumer.close()
    await admin.deleteTopics([topic])
  } finally {
    await producer.close()
    await admin.close()
  }
}
