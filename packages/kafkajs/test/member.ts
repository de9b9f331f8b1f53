// A member of a group in a process of its own, for tests that kill it. Prints its events, one a line.
import process from 'node:process'
import { createInterface } from 'node:readline'
import { KasperError } from '@kasper/core'
import { Recorder, testClient } from './support.ts'

interface Options {
  readonly groupId: string
  readonly topic: string
  readonly partitions?: number[]
  /** Commits this offset in every partition as soon as each has been read. */
  readonly commitUpTo?: number
}

const { groupId, topic, partitions, commitUpTo } = JSON.parse(process.argv[2]!) as Options
const client = testClient()
const recorder = new Recorder(await client.admin(), groupId)
const consumer = await client.consumer({
  groupId,
  topics: [topic],
  partitions,
  sessionTimeoutMs: 3000,
  listener: {
    onAssign: async (assigned) => {
      const positions = await recorder.onAssign(assigned)
      console.log('assigned')
      return positions
    },
    onRevoke: (revoked) => recorder.onRevoke(revoked),
    onLost: () => console.log('lost'),
  },
})

createInterface({ input: process.stdin }).on('line', () => {
  consumer.commit([{ topic, partition: 0, offset: 99 }]).then(
    () => console.log('committed on request'),
    (error: unknown) => console.log(`commit failed: ${error instanceof KasperError ? error.code : String(error)}`),
  )
})

const seen = new Set<number>()
for (;;) {
  for (const { partition, messages } of await consumer.poll()) if (messages.length > 0) seen.add(partition)
  if (commitUpTo === undefined || seen.size < recorder.owned.length || seen.size === 0) continue
  await consumer.commit(recorder.owned.map((it) => ({ ...it, offset: commitUpTo })))
  console.log('committed')
}
