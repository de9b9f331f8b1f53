import process from 'node:process'
import type { KafkaClient } from '@kasper/core'
import { platformatic } from '../src/index.ts'

/** A variable that the launcher sets for tests. An absent one is a failure, never a reason to skip. */
function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: npm run e2e sets it, after it has started the server`)
  return value
}

export function testClient(): KafkaClient {
  return platformatic({ bootstrapBrokers: required('KAFKA_BROKERS').split(',') })
}
