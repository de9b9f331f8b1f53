// A process that counts, for the test that kills it: node counter.ts FOLDER guarded|unguarded. Its Kafka dies with it, so each time
// it begins with the first message again; what it has counted is in the store. Prints a line for each batch, and `done`.
import { join } from 'node:path'
import process from 'node:process'
import { TopicProcessor } from '@kasper/core'
import { MemoryKafka } from '@kasper/testing'
import { SqliteStore } from '../src/index.ts'
import { counting, messagesToCount, PARTITIONS } from '../../../scripts/counting/guard-per-partition.ts'

const [folder, guard] = process.argv.slice(2)
await using kafka = new MemoryKafka()
kafka.createTopic('words', { partitions: PARTITIONS })
kafka.append(messagesToCount('words'))
const stores: SqliteStore[] = []
const processor = new TopicProcessor(
  { topicProcessorName: 'counter', client: kafka.client(), inputTopics: ['words'], batchSize: 100 },
  // A file for each partition: nobody waits for another's write.
  (partition) => {
    const store = new SqliteStore(join(folder!, `counts-${partition}.db`))
    stores.push(store)
    const counter = counting(store, { guarded: guard === 'guarded' })
    return {
      async process(messages, sender, context) {
        await counter.process(messages, sender, context)
        process.stdout.write('batch\n')
      },
    }
  },
)
await processor.runUntilCaughtUp()
for (const store of stores) store.close()
process.stdout.write('done\n')
