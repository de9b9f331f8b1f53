// Unmodified clients of other projects, under faults. Their programs, which also set the faults, are in test/clients.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { serviceNamed } from '../../../../scripts/services/all.ts'
import { run } from '../../../../scripts/services/processes.ts'
import { type ControlServer, serveControl } from '../program/control-server.ts'
import { confluentKafka } from '../../test/clients/confluent-kafka.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'

const programs = fileURLToPath(new URL('../../test/clients/', import.meta.url))
const text = new TextDecoder()

let kafka: EmbeddedKafka
let control: ControlServer

beforeEach(async () => {
  kafka = await EmbeddedKafka.listen()
  control = await serveControl(kafka.faults, 0)
})
afterEach(async () => {
  await control.close()
  await kafka.close()
})

/** Whether each message was written exactly once. */
function expectExactlyOnce(count: number): void {
  const values = kafka.read('words').map(({ value }) => text.decode(value!))
  expect(new Set(values)).toEqual(new Set(Array.from({ length: count }, (_, i) => `value ${i}`)))
  expect(values).toHaveLength(count)
}

it(
  'kafka-clients: idempotent producer, groups of both protocols, transactions, a member that is cut off',
  { timeout: 300_000 },
  async () => {
    const { dir, java } = await serviceNamed('kafka').install({ say: () => {} })
    const quiet = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-Dlog4j2.level=ERROR']
    const args = ['-Xmx256m', '-XX:+UseSerialGC', ...quiet, '-cp', join(dir, '*'), join(programs, 'Faults.java')]
    const printed = JSON.parse(await run([java!, ...args, kafka.brokers[0]!, control.url])) as unknown
    expect(printed).toEqual({
      read: 2000,
      different: 2000,
      committed: 2000,
      newer: 2000,
      ledger: [0, 2, 3],
      shared: true,
      faults: 31,
      unused: [],
    })
    expectExactlyOnce(2000)
    expect(kafka.committed('copiers', 'words', 0)).toBe(3)
  },
)

it('librdkafka: idempotent producer, group', { timeout: 300_000 }, async () => {
  const env = { ...process.env, PYTHONPATH: await confluentKafka() }
  const printed = await run(['python3', join(programs, 'faults.py'), kafka.brokers[0]!, control.url], { env })
  expect(JSON.parse(printed)).toEqual({ failed: [], read: 2000, different: 2000, faults: 16, unused: [] })
  expectExactlyOnce(2000)
})
