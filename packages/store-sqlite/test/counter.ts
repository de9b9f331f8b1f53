// node counter.ts FOLDER guarded|unguarded BATCHES: counts messages, and kills itself (SIGKILL) when this many batches are in the store.
// Its Kafka is in memory, so each run starts at the first message. The counts are in the store.
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
  // Each partition has its own file, so that no write waits for another one.
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
