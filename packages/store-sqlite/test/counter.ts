// A process that counts, and is dead (kill -9) when so many batches are in the store: node counter.ts FOLDER guarded|unguarded BATCHES.
// Its Kafka dies with it, so each time it begins with the first message again; what it has counted is in the store.
import { join } from 'node:path'
import process from 'node:process'
import { TopicProcessor } from '@kasper/core'
import { MemoryKafka } from '@kasper/testing'
import { SqliteStore } from '../src/index.ts'
import { counting, messagesToCount, PARTITIONS } from '../../../scripts/counting/guard-per-partition.ts'

const [folder, guard, killAfter] = process.argv.slice(2)
let batches = 0
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
        if (++batches === Number(killAfter)) process.kill(process.pid, 'SIGKILL')
      },
    }
  },
)
await processor.runUntilCaughtUp()
for (const store of stores) store.close()
