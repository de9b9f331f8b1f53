// Needs KAFKA_BROKERS. Runs the examples of the README.
import process from 'node:process'
import { describe, expect, it } from 'vitest'
import { runExample } from '../../../scripts/readme-examples.ts'

describe.each(['node', 'bun', 'deno'] as const)('the examples on %s', (runtime) => {
  it('ask a broker for its versions', () => {
    expect(process.env['KAFKA_BROKERS']).toBeDefined()
    const printed = runExample('packages/protocol', { runtime })
    expect(printed).toContain('Fetch: versions 4 to 18')
    expect(printed).toContain('ConsumerGroupHeartbeat: versions 0 to 1')
    expect(printed.match(/: versions/g)!.length).toBeGreaterThan(50)
  })

  it('compress records and read them', () => {
    expect(runExample('packages/protocol', { number: 1, runtime })).toMatch(/^\d+ bytes became \d{4}, 1000 records $/)
  })
})
