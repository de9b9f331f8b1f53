// A member of a group. Reads a topic, commits, and prints a line for each batch: GROUP VALUE VALUE ...
// node kafkajs-member.ts BROKER TOPIC GROUP; leaves at the end of the standard input.
import process from 'node:process'
import { AssignerProtocol, Kafka, logLevel, type PartitionAssigner } from 'kafkajs'

const [broker, topic, groupId] = process.argv.slice(2) as [string, string, string]

/** kafkajs has no assignor that other clients support. This one is compatible with their `range`. */
const range: PartitionAssigner = ({ cluster }) => ({
  name: 'range',
  version: 0,
  protocol: ({ topics }) => ({
    name: 'range',
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
  }),
  assign: ({ members }) => {
    const count = cluster.findTopicPartitionMetadata(topic).length
    const ids = members.map(({ memberId }) => memberId).sort()
    let next = 0
    return Promise.resolve(
      ids.map((memberId, i) => {
        const end = next + Math.floor(count / ids.length) + (i < count % ids.length ? 1 : 0)
        const partitions = Array.from({ length: end - next }, (_, j) => next + j)
        next = end
        const assignment = { [topic]: partitions }
        return {
          memberId,
          memberAssignment: AssignerProtocol.MemberAssignment.encode({ version: 0, assignment, userData: Buffer.alloc(0) }),
        }
      }),
    )
  },
})

const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING })
const consumer = kafka.consumer({ groupId, partitionAssigners: [range], sessionTimeout: 5000, heartbeatInterval: 300 })
await consumer.connect()
await consumer.subscribe({ topic, fromBeginning: true })
await consumer.run({
  partitionsConsumedConcurrently: 4,
  eachBatch: async ({ batch: { messages } }) => {
    console.log([groupId, ...messages.map(({ value }) => String(value))].join(' '))
  },
})
process.stdin.on('end', () => void consumer.disconnect()).resume()
