import type { Admin, KafkaClient, TopicPartition } from '@kasper/core'
import type { Topics } from './topics.ts'

const PARTITIONS = 4

/** All partitions of the topic. */
async function partitionsOf(admin: Admin, topic: string): Promise<TopicPartition[]> {
  const [description] = await admin.describeTopics([topic])
  return Array.from({ length: description!.partitions }, (_, partition) => ({ topic, partition }))
}

/** The end of the log, by partition. */
export async function endOffsets(admin: Admin, topic: string): Promise<readonly number[]> {
  return admin.listOffsets(await partitionsOf(admin, topic), 'latest')
}

/** The group's committed offset, by partition; 0 if there is none. */
export async function committedOffsets(admin: Admin, groupId: string, topic: string): Promise<readonly number[]> {
  return (await admin.committedOffsets(groupId, await partitionsOf(admin, topic))).map((offset) => offset ?? 0)
}

/** Creates the missing topics. With `reset`, deletes and creates all topics, and sets the group's offsets to 0. */
export async function prepareTopics(client: KafkaClient, topics: Topics, groupId: string, reset: boolean): Promise<void> {
  const admin = await client.admin()
  try {
    const ours: readonly string[] = [topics.airports.name, topics.flights.name, topics.delays.name]
    let existing = (await admin.listTopics()).filter((topic) => ours.includes(topic))
    if (reset && existing.length > 0) {
      await admin.deleteTopics(existing)
      existing = []
    }
    const absent = ours.filter((topic) => !existing.includes(topic))
    // The check reads all messages again, so none may expire before.
    const config = { 'retention.ms': '-1' }
    if (absent.length > 0) await admin.createTopics(absent.map((name) => ({ name, partitions: PARTITIONS, config })))
    if (reset) {
      const inputs = [...(await partitionsOf(admin, topics.airports.name)), ...(await partitionsOf(admin, topics.flights.name))]
      await admin.setCommittedOffsets(
        groupId,
        inputs.map((partition) => ({ ...partition, offset: 0 })),
      )
    }
  } finally {
    await admin.close()
  }
}
