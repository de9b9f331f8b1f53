// node processor.ts NAME INPUT OUTPUT BATCH_SIZE [PARTITION…]: a TopicProcessor in a process of its own, for tests that kill it.
// It sends every message to the same partition of the output, with its offset as the key. With KILL_AFTER=n it kills itself with
// SIGKILL after n batches, while some are still being sent. A test that waited for this from outside might be too late.
import process from 'node:process'
import { jsonLogger, TopicProcessor } from '@kasper/core'
import { testClient } from './support.ts'

const [name, input, output, batchSize, ...partitions] = process.argv.slice(2) as [string, string, string, string, ...string[]]
const killAfter = Number(process.env['KILL_AFTER'])
let batches = 0

const processor = new TopicProcessor(
  {
    topicProcessorName: name,
    client: testClient(),
    inputTopics: [input],
    inputPartitions: partitions.length > 0 ? partitions.map(Number) : undefined,
    batchSize: Number(batchSize),
    batchWaitMs: 50,
    sessionTimeoutMs: 6000,
    logger: jsonLogger({ label: String(process.pid) }),
  },
  {
    process(messages, sender) {
      for (const { partition, offset, value } of messages) sender.send({ topic: output, partition, key: String(offset), value })
      if (++batches === killAfter) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1)
    },
  },
)
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())
await processor.runLoop({ signal: stop.signal })
