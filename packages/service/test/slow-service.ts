// A service for the test to end: its one batch takes as long as the file named by its argument does not exist.
import { existsSync } from 'node:fs'
import process from 'node:process'
import { TopicProcessor } from '@kasper/core'
import { MemoryKafka } from '@kasper/testing'
import { runService } from '../src/index.ts'

const [file, way] = process.argv.slice(2)
const kafka = new MemoryKafka()
kafka.createTopic('in')
kafka.append([{ topic: 'in', value: 'a' }])
const processor = new TopicProcessor(
  {
    topicProcessorName: 'slow',
    client: kafka.client(),
    inputTopics: ['in'],
    batchWaitMs: 0,
    drainTimeoutMs: way === 'hangs' ? 100 : 60_000,
  },
  {
    async process() {
      console.log('processing')
      while (!existsSync(file!)) await new Promise((resolve) => setTimeout(resolve, 10))
      if (way === 'fails') throw new Error('no luck')
    },
  },
)
const code = await runService(processor, {
  port: 0,
  host: '127.0.0.1',
  routes: { '/hello': () => new Response('hello') },
  onListening: (port) => console.log(`port ${port}`),
})
console.log(`committed ${kafka.committed(processor.groupId, 'in', 0)}, code ${code}`)
// The port being closed, and the exit code set, the process ends by itself.
