// Shared by the end-to-end tests: a client for the server in the environment, topics, and a listener that records its calls.
import type {
  Admin,
  Consumer,
  ConsumerListener,
  FetchedBatch,
  KafkaClient,
  Message,
  TopicPartition,
  TopicPartitionOffset,
} from '@kasper/core'
import { required } from '../../../scripts/required.ts'
import { kafkajs } from '../src/index.ts'

export function brokers(name = 'KAFKA_BROKERS'): string[] {
  return required(name).split(',')
}

export function testClient(): KafkaClient {
  return kafkajs({ brokers: brokers() })
}

let count = 0

/** A name that no other test and no earlier run uses. */
export function uniqueName(what: string): string {
  return `${what}-${process.pid}-${Date.now().toString(36)}-${++count}`
}

export async function createTopic(admin: Admin, partitions = 1, config: Record<string, string> = {}): Promise<string> {
  const name = uniqueName('topic')
  await admin.createTopics([{ name, partitions, config }])
  return name
}

export const numbered = (topic: string, ...partitions: number[]): TopicPartition[] =>
  partitions.map((partition) => ({ topic, partition }))

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until `holds` returns true. The deadline is long enough for any machine. Its error says what a hanging test waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 45_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`timed out waiting until ${what}`)
    await pause(20)
  }
}

/** Starts each partition at its committed offset, or at 0, and records its calls. */
export class Recorder implements ConsumerListener {
  readonly calls: { readonly what: 'assign' | 'revoke' | 'lost'; readonly partitions: readonly TopicPartition[] }[] = []
  readonly admin: Admin
  readonly groupId: string
  /** The partitions that this member owns. */
  owned: readonly TopicPartition[] = []
  onRevoking: (partitions: readonly TopicPartition[]) => Promise<void> = async () => {}

  constructor(admin: Admin, groupId: string) {
    this.admin = admin
    this.groupId = groupId
  }

  async onAssign(partitions: readonly TopicPartition[]): Promise<readonly TopicPartitionOffset[]> {
    const committed = await this.admin.committedOffsets(this.groupId, partitions)
    this.calls.push({ what: 'assign', partitions })
    if (partitions.length > 0) this.owned = partitions
    return partitions.map((partition, i) => ({ ...partition, offset: committed[i] ?? 0 }))
  }

  async onRevoke(partitions: readonly TopicPartition[]): Promise<void> {
    this.calls.push({ what: 'revoke', partitions })
    await this.onRevoking(partitions)
    this.owned = []
  }

  onLost(partitions: readonly TopicPartition[]): void {
    this.calls.push({ what: 'lost', partitions })
    this.owned = []
  }

  count(what: 'assign' | 'revoke' | 'lost'): number {
    return this.calls.filter((call) => call.what === what).length
  }
}

/** Polls until this many messages have arrived. Returns them, and their batches, in the order of arrival. */
export async function pollMessages(
  consumer: Consumer,
  wanted: number,
): Promise<{ messages: Message[]; batches: FetchedBatch[] }> {
  const messages: Message[] = []
  const batches: FetchedBatch[] = []
  const signal = AbortSignal.timeout(45_000)
  while (messages.length < wanted) {
    const polled = await consumer.poll({ signal })
    if (signal.aborted) throw new Error(`timed out waiting for ${wanted} messages; ${messages.length} came`)
    for (const batch of polled) {
      batches.push(batch)
      messages.push(...batch.messages)
    }
  }
  return { messages, batches }
}

/** Returns the error with which the promise rejects. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('the promise resolved, but an error was expected')
}
