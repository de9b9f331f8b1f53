// node slow-service.ts FILE [fails|hangs]: a service for tests to stop. It processes one batch until FILE exists.
import { existsSync } from 'node:fs'
import process from 'node:process'
import { TopicProcessor } from '@kasper/core'
import { MemoryKafka } from '@kasper/testing'
import { runService } from '../src/index.ts'

const [file, mode] = process.argv.slice(2)
const kafka = new MemoryKafka()
kafka.createTopic('in')
kafka.append([{ topic: 'in', value: 'a' }])
const processor = new TopicProcessor(
  {
    topicProcessorName: 'slow',
    client: kafka.client(),
    inputTopics: ['in'],
    batchWaitMs: 0,
    drainTimeoutMs: mode === 'hangs' ? 100 : 60_000,
  },
  {
    async process() {
      console.log('processing')
      while (!existsSync(file!)) await new Promise((resolve) => setTimeout(resolve, 10))
      if (mode === 'fails') throw new Error('no luck')
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
// The port is closed and the exit code is set, so the process ends by itself.
