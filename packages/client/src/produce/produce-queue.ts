import { type Clock, describePartition, hasCode, KasperError, type OutgoingMessage, type ProduceAck, sleep } from '@kasper/core'
import type { Cluster, Produced } from '../cluster/cluster.ts'
import { asKasperError, codeOf, isTransient } from '../cluster/failures.ts'
import type { Patience } from '../patience.ts'
import { patience } from '../patience.ts'
import { leadersOf } from '../topics.ts'

/** Messages of one send for one partition, at most a batch full of them. */
export interface Chunk {
  readonly topic: string
  readonly partition: number
  readonly messages: OutgoingMessage[]
  bytes: number
}

export interface ProduceQueueOptions {
  readonly cluster: Cluster
  readonly clock: Clock
  /** Of the topics that are sent to, by partition; found out anew where they have moved. */
  readonly leaders: Map<string, readonly number[]>
  /** An attempt has failed and is going to be repeated. */
  readonly onRetry: () => void
}

/** Brokers take batches up to 1,048,588 bytes (`max.message.bytes`) if not told otherwise; this leaves room for the batch's own header. */
export const MAX_BATCH_BYTES = 1_000_000
/** How much goes into one request, all partitions together. */
const MAX_REQUEST_BYTES = 8_000_000
/** A leader that has to be found out. */
const UNKNOWN = -1
/** How long a send is tried again, from its first failure. */
const DELIVERY_TIMEOUT_MS = 30_000

/** All chunks of one call. */
interface Send {
  readonly acks: Map<
    string,
    { readonly topic: string; readonly partition: number; readonly baseOffset: number; count: number; bytes: number }
  >
  readonly trust: Patience
  /** Chunks not yet acknowledged. */
  waiting: number
  /** Rejected or resolved: what is left of it is not sent any more. */
  settled: boolean
  readonly resolve: (acks: readonly ProduceAck[]) => void
  readonly reject: (error: unknown) => void
}

/** A chunk on its way. */
interface Entry {
  readonly chunk: Chunk
  readonly send: Send
  /** Shares no request with others, so that it is clear what the broker's answer is about. */
  readonly alone: boolean
}

/** What waits for one partition, in order. */
interface Lane {
  readonly topic: string
  readonly partition: number
  entries: Entry[]
  leader: number | undefined
}

/** What of a lane goes into a request: one batch. */
interface Part {
  readonly lane: Lane
  readonly entries: readonly Entry[]
}

/**
 * Brings chunks to the leaders of their partitions: one request at a time per leader, in it one batch per partition. What comes
 * up meanwhile for a partition goes together into its next batch, so many small sends make few requests.
 */
export class ProduceQueue {
  readonly #options: ProduceQueueOptions
  readonly #lanes = new Map<string, Lane>()
  /** Leaders with a request under way. */
  readonly #busy = new Set<number>()
  #refreshing = false

  constructor(options: ProduceQueueOptions) {
    this.#options = options
  }

  send(chunks: readonly Chunk[], signal: AbortSignal | undefined): Promise<readonly ProduceAck[]> {
    if (chunks.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      const abort = (): void => settle(send, () => reject(signal!.reason))
      const done = (): void => signal?.removeEventListener('abort', abort)
      const send: Send = {
        acks: new Map(),
        trust: patience(this.#options.clock, DELIVERY_TIMEOUT_MS),
        waiting: chunks.length,
        settled: false,
        resolve: (acks) => settle(send, () => resolve(acks), done),
        reject: (error) => settle(send, () => reject(error), done),
      }
      signal?.addEventListener('abort', abort, { once: true })
      // A message that no batch has room for is bound to be refused where the topic's limit is not higher than usual.
      for (const chunk of chunks) this.#lane(chunk).entries.push({ chunk, send, alone: chunk.bytes > MAX_BATCH_BYTES })
      this.#dispatch()
    })
  }

  #lane(chunk: Chunk): Lane {
    const key = describePartition(chunk)
    let lane = this.#lanes.get(key)
    if (lane === undefined) {
      lane = { topic: chunk.topic, partition: chunk.partition, entries: [], leader: undefined }
      this.#lanes.set(key, lane)
    }
    return lane
  }

  /** Starts a request to every leader for which something waits, and which is not busy. */
  #dispatch(): void {
    const byLeader = new Map<number, Lane[]>()
    let lost = false
    for (const lane of this.#lanes.values()) {
      if (lane.entries[0]?.send.settled === true) lane.entries = lane.entries.filter(({ send }) => !send.settled)
      if (lane.entries.length === 0) continue
      lane.leader ??= this.#findLeader(lane)
      if (lane.leader === undefined) lost = true
      else if (this.#busy.has(lane.leader)) continue
      else if (byLeader.has(lane.leader)) byLeader.get(lane.leader)!.push(lane)
      else byLeader.set(lane.leader, [lane])
    }
    for (const [leader, lanes] of byLeader) void this.#request(leader, fillRequest(lanes))
    if (lost) void this.#refresh()
  }

  #findLeader({ topic, partition }: Lane): number | undefined {
    const leader = this.#options.leaders.get(topic)?.[partition]
    return leader === undefined || leader < 0 ? undefined : leader
  }

  async #request(leader: number, parts: readonly Part[]): Promise<void> {
    this.#busy.add(leader)
    const failures = new Map<unknown, Part[]>()
    try {
      const written = await this.#produce(leader, parts)
      for (const part of parts) {
        const failure = this.#acknowledge(part, written)
        if (failure !== undefined) failures.set(failure, [part])
      }
    } catch (error) {
      failures.set(error, [...parts])
    }
    const passing: Lane[] = []
    let reason: unknown
    for (const [error, failed] of failures) {
      for (const { lane, entries } of failed) lane.entries.unshift(...entries)
      if (isTransient(error)) {
        passing.push(...failed.map(({ lane }) => lane))
        reason = error
      } else this.#afterFailure(error, failed)
    }
    if (passing.length > 0) await this.#rest(passing, reason)
    this.#busy.delete(leader)
    this.#dispatch()
  }

  async #produce(leader: number, parts: readonly Part[]): Promise<readonly Produced[]> {
    const { cluster } = this.#options
    return await cluster.produce(
      leader,
      parts.map(({ lane: { topic, partition }, entries }) => ({
        topic,
        partition,
        messages: messagesOf(entries),
      })),
    )
  }

  /** Settles what was written; returns why this part was not. */
  #acknowledge({ lane, entries }: Part, written: readonly Produced[]): unknown {
    const produced = written.find((one) => one.partition === lane.partition && one.topic === lane.topic)
    if (produced?.error !== undefined) return produced.error
    if (produced?.baseOffset === undefined) return new Error(`the broker's answer says nothing of ${describePartition(lane)}`)
    acknowledge(entries, produced.baseOffset)
    return undefined
  }

  /** These parts, back in their lanes, have failed for good as they were. Finds out what to do differently, or gives up. */
  #afterFailure(error: unknown, parts: readonly Part[]): void {
    const [part] = parts
    const [entry] = part!.entries
    const { lane } = part!
    if (parts.length > 1 || part!.entries.length > 1) {
      for (const { lane: one, entries } of parts)
        one.entries.splice(0, entries.length, ...entries.map((it) => ({ ...it, alone: true })))
    } else if (codeOf(error, 'PRODUCE_FAILED') === 'MESSAGE_TOO_LARGE' && entry!.chunk.messages.length > 1) {
      // The limit is on batches, and this topic's is lower than usual: smaller batches may pass.
      lane.entries.splice(0, 1, ...halves(entry!))
    } else {
      entry!.send.reject(asKasperError(error, `cannot write to ${describePartition(lane)}`, 'PRODUCE_FAILED', lane))
    }
  }

  /** Waits before these lanes are tried again, with fresh metadata; gives up what has been tried for too long. */
  async #rest(lanes: readonly Lane[], error: unknown): Promise<void> {
    const { clock, leaders, onRetry } = this.#options
    let restMs = 0
    const sends = new Map(lanes.flatMap((lane) => lane.entries.map(({ send }) => [send, lane])))
    for (const [send, lane] of sends) {
      const more = send.trust.failed()
      if (more !== undefined) restMs = Math.max(restMs, more)
      else send.reject(asKasperError(error, `cannot write to ${describePartition(lane)}`, 'PRODUCE_FAILED', lane))
    }
    if (restMs > 0) onRetry()
    await sleep(clock, restMs)
    // What is known is out of date. The next dispatch asks, if there is still something to send.
    for (const lane of lanes) {
      const known = leaders.get(lane.topic)!
      leaders.set(
        lane.topic,
        known.map(() => UNKNOWN),
      )
      lane.leader = undefined
    }
  }

  /** For partitions whose leader is not known: it may have moved, or is being elected, or the topic is gone. */
  async #refresh(): Promise<void> {
    if (this.#refreshing) return
    this.#refreshing = true
    const { cluster, clock, leaders } = this.#options
    const leaderless = [...this.#lanes.values()].filter(({ leader, entries }) => leader === undefined && entries.length > 0)
    for (const [topic, lanes] of Map.groupBy(leaderless, (lane) => lane.topic)) {
      try {
        const found = (await leadersOf(cluster, [topic], clock)).get(topic)!
        leaders.set(topic, found)
        const still = lanes.filter((lane) => this.#findLeader(lane) === undefined)
        if (still.length > 0) {
          await this.#rest(still, new KasperError('PRODUCE_FAILED', `${describePartition(still[0]!)} has no leader`, still[0]))
        }
      } catch (error) {
        if (hasCode(error, 'TOPIC_UNKNOWN')) for (const { entries } of lanes) for (const { send } of entries) send.reject(error)
        else await this.#rest(lanes, error)
      }
    }
    this.#refreshing = false
    this.#dispatch()
  }
}

/** Takes from the lanes what goes into one request. */
function fillRequest(lanes: readonly Lane[]): readonly Part[] {
  const parts: Part[] = []
  let requestBytes = 0
  for (const lane of lanes) {
    const head = lane.entries[0]!
    if (head.alone && parts.length > 0) continue
    if (requestBytes > 0 && requestBytes + head.chunk.bytes > MAX_REQUEST_BYTES) continue
    let count = 1
    let bytes = head.chunk.bytes
    for (; !head.alone && count < lane.entries.length; count++) {
      const next = lane.entries[count]!
      if (next.alone || bytes + next.chunk.bytes > MAX_BATCH_BYTES) break
      bytes += next.chunk.bytes
    }
    requestBytes += bytes
    parts.push({ lane, entries: lane.entries.splice(0, count).filter(({ send }) => !send.settled) })
    if (head.alone) break
  }
  return parts
}

function messagesOf(entries: readonly Entry[]): readonly OutgoingMessage[] {
  return entries.length === 1 ? entries[0]!.chunk.messages : entries.flatMap(({ chunk }) => chunk.messages)
}

function acknowledge(entries: readonly Entry[], baseOffset: number): void {
  let offset = baseOffset
  for (const { chunk, send } of entries) {
    const key = describePartition(chunk)
    const ack = send.acks.get(key)
    const { topic, partition, bytes } = chunk
    const count = chunk.messages.length
    if (ack === undefined) send.acks.set(key, { topic, partition, baseOffset: offset, count, bytes })
    else {
      ack.count += count
      ack.bytes += bytes
    }
    offset += count
    if (--send.waiting === 0) send.resolve([...send.acks.values()])
  }
}

/** The same messages in two chunks. */
function halves({ chunk, send }: Entry): readonly Entry[] {
  const middle = Math.ceil(chunk.messages.length / 2)
  send.waiting++
  return [chunk.messages.slice(0, middle), chunk.messages.slice(middle)].map((messages) => ({
    chunk: { ...chunk, messages, bytes: (chunk.bytes * messages.length) / chunk.messages.length },
    send,
    alone: true,
  }))
}

function settle(send: Send, how: () => void, after: () => void = () => {}): void {
  if (send.settled) return
  send.settled = true
  how()
  after()
}
