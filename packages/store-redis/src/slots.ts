// A batch of keys on a cluster: one command, or one transaction, for each slot.
import type { Buffer } from 'node:buffer'
import { readKeys, writeEntries } from './commands.ts'
import { hashSlot } from './hash-slot.ts'
import type { RedisClient } from './redis-client.ts'
import { isCluster } from './redis-client.ts'

/** The commands of some slots of a batch failed. Those of the other slots succeeded. */
export class SlotsFailed extends Error {
  /** The keys of the slots that failed. */
  readonly keys: readonly string[]
  /** The error of each slot that failed; at least one. */
  readonly reasons: readonly unknown[]

  constructor(keys: readonly string[], reasons: readonly unknown[]) {
    super('some slots failed')
    this.keys = keys
    this.reasons = reasons
  }
}

/**
 * Reads these keys, at least one, in one round trip for each node. Values are in the order of the keys, `null` for a missing one.
 *
 * @throws SlotsFailed
 */
export async function readKeysBySlot(
  client: RedisClient,
  prefix: string,
  keys: readonly string[],
): Promise<readonly (Buffer | null)[]> {
  const slots = bySlot(client, prefix, keys)
  const found = await runSlots(client, slots, (ofSlot) => readSlot(client, prefix, ofSlot))
  const values = new Map(slots.flatMap((ofSlot, s) => ofSlot.map((key, i) => [key, found[s]![i]!])))
  return keys.map((key) => values.get(key)!)
}

/**
 * Writes these entries, at least one, in one round trip for each node: all or nothing in each slot.
 *
 * @throws SlotsFailed
 */
export async function writeEntriesBySlot(
  client: RedisClient,
  prefix: string,
  entries: ReadonlyMap<string, Uint8Array | undefined>,
  ttlMs: number | undefined,
): Promise<void> {
  await runSlots(client, bySlot(client, prefix, entries.keys()), (keys) =>
    writeEntries(
      client,
      prefix,
      keys.map((key) => [key, entries.get(key)] as const),
      ttlMs,
    ),
  )
}

/**
 * While a slot moves to another node, Redis refuses a command of several keys unless one node has all of them. A missing key is on
 * neither node. So after a refusal the keys are read one by one.
 */
async function readSlot(client: RedisClient, prefix: string, keys: readonly string[]): Promise<(Buffer | null)[]> {
  try {
    return await readKeys(client, prefix, keys)
  } catch (error) {
    const isMoving = error instanceof Error && error.message.startsWith('Too many Cluster redirections')
    if (!isMoving || keys.length === 1) throw error
    return Promise.all(keys.map((key) => client.getBuffer(prefix + key)))
  }
}

function bySlot(client: RedisClient, prefix: string, keys: Iterable<string>): string[][] {
  const fullPrefix = (client.options.keyPrefix ?? '') + prefix
  const slots = new Map<number, string[]>()
  for (const key of keys) {
    const slot = hashSlot(fullPrefix + key)
    const others = slots.get(slot)
    if (others === undefined) slots.set(slot, [key])
    else others.push(key)
  }
  return [...slots.values()]
}

/**
 * Runs the commands of all slots at once and waits for all of them. ioredis sends each to the node that has its slot, and follows
 * a slot that moves. Corked sockets send the commands for one node in one piece, which takes half the time.
 */
async function runSlots<T>(client: RedisClient, slots: readonly string[][], run: (keys: string[]) => Promise<T>): Promise<T[]> {
  const sockets = isCluster(client) ? client.nodes('master').flatMap(({ stream }) => stream ?? []) : []
  for (const socket of sockets) socket.cork()
  const running = Promise.allSettled(slots.map(run))
  for (const socket of sockets) socket.uncork()
  const outcomes = await running
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
  if (failed.length > 0) {
    const keys = slots.filter((_, i) => outcomes[i]!.status === 'rejected').flat()
    throw new SlotsFailed(
      keys,
      failed.map(({ reason }) => reason),
    )
  }
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<T>).value)
}
