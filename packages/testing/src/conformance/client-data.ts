// Messages that the cases for clients send, and assertions about the messages that they read.
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

/** UTF-8 bytes as text. */
export function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : utf8.decode(bytes)
}

/** The values of messages, as text. */
export function valuesOf(messages: readonly Message[]): (string | null)[] {
  return messages.map(({ value }) => textOf(value))
}

/** The partitions as `topic/partition`, sorted. */
export function placesOf(partitions: readonly TopicPartition[]): string[] {
  return partitions.map(describePartition).sort()
}

/** The numbers from 0 to count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** Messages for one partition, with consecutive numbers as values. */
export function numbered(topic: string, partition: number, count: number, first = 0): OutgoingMessage[] {
  return range(count).map((i) => ({ topic, partition, value: String(first + i) }))
}

/** Returns the error of the rejection. Throws if it is not a `KasperError` with this code. */
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

/** Compares acknowledgements without `bytes`, which not every client knows. */
export function assertAcks(acks: readonly ProduceAck[], expected: readonly ProduceAck[], what: string): void {
  const known = acks.map(({ topic, partition, baseOffset, count }) => ({ topic, partition, baseOffset, count }))
  assertEqual(known, expected, what)
}
