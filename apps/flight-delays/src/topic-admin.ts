import type { Admin, KafkaClient, TopicPartition } from '@kasper/core'
import type { Topics } from './topics.ts'

const PARTITIONS = 4

/** Every partition of the topic. */
async function partitionsOf(admin: Admin, topic: string): Promise<TopicPartition[]> {
  const [description] = await admin.describeTopics([topic])
  return Array.from({ length: description!.partitions }, (_, partition) => ({ topic, partition }))
}

/** By partition: where the log ends. */
export async function endOffsets(admin: Admin, topic: string): Promise<readonly number[]> {
  return admin.listOffsets(await partitionsOf(admin, topic), 'latest')
}

/** By partition: what the group has committed; 0 where it has nothing. */
export async function committedOffsets(admin: Admin, groupId: string, topic: string): Promise<readonly number[]> {
  return (await admin.committedOffsets(groupId, await partitionsOf(admin, topic))).map((offset) => offset ?? 0)
}

/** Creates the topics that are absent. With `reset`, all of them anew, and the group starts from the beginning. */
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
    // The check reads everything again, so nothing may expire before.
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
