// Uses each part of a client once and closes it. The process ends by itself if nothing is left open. It prints nothing but warnings.
import { createTopic, pause, pollMessages, Recorder, testClient, uniqueName } from './support.ts'

const client = testClient()
const admin = await client.admin()
const topic = await createTopic(admin, 2)
const producer = await client.producer()
await producer.send([{ topic, key: 'k', value: 'v' }])
const groupId = uniqueName('group')
const consumer = await client.consumer({ groupId, topics: [topic], listener: new Recorder(admin, groupId) })
const { messages } = await pollMessages(consumer, 1)
await consumer.commit(messages.map(({ partition, offset }) => ({ topic, partition, offset: offset + 1 })))
await pause(500)
await admin.deleteTopics([topic])
await Promise.all([consumer.close(), producer.close(), admin.close()])
