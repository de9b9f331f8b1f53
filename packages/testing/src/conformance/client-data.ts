// What the cases for Kafka clients send, and how they look at what comes back.
import {
  type ErrorCode,
  hasCode,
  KasperError,
  type Message,
  type OutgoingMessage,
  type ProduceAck,
  type TopicPartition,
} from '@kasper/core'
import { describePartition } from '@kasper/core/adapter'
import { assert, assertEqual, assertRejects, show } from './assert.ts'

const utf8 = new TextDecoder()

/** Bytes as text. */
export function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : utf8.decode(bytes)
}

/** The values of messages, as texts. */
export function valuesOf(messages: readonly Message[]): (string | null)[] {
  return messages.map(({ value }) => textOf(value))
}

/** Topic and partition, as texts, sorted. */
export function placesOf(partitions: readonly TopicPartition[]): string[] {
  return partitions.map(describePartition).sort()
}

/** Numbers from 0 to count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** Messages to one partition whose values are numbers in order. */
export function numbered(topic: string, partition: number, count: number, first = 0): OutgoingMessage[] {
  return range(count).map((i) => ({ topic, partition, value: String(first + i) }))
}

/** Waits for the rejection, which must be a KasperError of this code, and returns it. */
export async function assertFailsWith(
  code: ErrorCode,
  operation: () => PromiseLike<unknown>,
  what: string,
): Promise<KasperError> {
  const error = await assertRejects(operation, what)
  assert(
    hasCode(error, code),
    `${what}: expected a KasperError with code ${code}, got ${error instanceof KasperError ? error.code : ''} ${show(error)}`,
  )
  return error
}

/** As `assertEqual`, leaving out what not every client knows. */
export function assertAcks(acks: readonly ProduceAck[], expected: readonly ProduceAck[], what: string): void {
  const known = acks.map(({ topic, partition, baseOffset, count }) => ({ topic, partition, baseOffset, count }))
  assertEqual(known, expected, what)
}
