// librdkafka reads compacted logs with transactions, some of them without their messages or markers.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { confluentKafka } from '../../test/clients/confluent-kafka.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'

const script = fileURLToPath(new URL('../../test/clients/compacted.py', import.meta.url))

it('librdkafka reads a compacted log with transactions', { timeout: 180_000 }, async () => {
  await using kafka = await EmbeddedKafka.listen()
  kafka.createTopic('t', { config: { 'cleanup.policy': 'compact' } })
  const env = { ...process.env, PYTHONPATH: await confluentKafka() }
  const client = spawn('python3', [script, kafka.brokers[0]!], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  let last = ''
  for await (const line of createInterface(client.stdout)) {
    last = line
    if (line !== 'compact') continue
    kafka.compact('t')
    kafka.compact('t', { removeTombstones: true })
    client.stdin.write('done\n')
  }
  const left = ['6 a=2', '7 c=2', '13 d=3']
  expect(JSON.parse(last)).toEqual({
    before: ['0 a=1', '1 b=1', '6 a=2', '7 c=2', '9 b=', '13 d=3'],
    after: { read_committed: left, read_uncommitted: left },
    later: [...left, '17 e=4'],
  })
})
