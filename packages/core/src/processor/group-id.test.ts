import { ProcessorHarness } from '@kasper/testing'
import { expect, test } from 'vitest'
import { stream, string } from '../index.ts'

const words = stream('words', string(), { keyless: true })

test('A processor with the group id of another consumer continues at its committed offsets', async () => {
  const processed: string[] = []
  await using harness = new ProcessorHarness(
    { inputTopics: [words], topicProcessorName: 'new', groupId: 'legacy' },
    { process: (messages) => void processed.push(...messages.map(({ value }) => value)) },
  )
  harness.send(['a', 'b', 'c'].map((value) => ({ topic: 'words', value })))
  const admin = await harness.kafka.client().admin()
  await admin.setCommittedOffsets('legacy', [{ topic: 'words', partition: 0, offset: 2 }])
  await admin.close()
  await harness.run()
  expect(processed).toEqual(['c'])
  expect(harness.kafka.committed('legacy', 'words', 0)).toBe(3)
  expect(harness.kafka.committed('kasper-topic-processor-new', 'words', 0)).toBeUndefined()
})
