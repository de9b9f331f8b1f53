import { hashSlot } from './hash-slot.ts'
import type { RedisClient } from './redis-client.ts'
import { isCluster } from './redis-client.ts'

type Command = readonly [name: string, args: (string | Buffer | number)[]]

/** On a cluster, some of a batch's slots failed, and the others did not. */
export class SlotsFailed extends Error {
  /** The keys of those that failed. */
  readonly keys: readonly string[]
  /** At least one. */
  readonly reasons: readonly unknown[]

  constructor(keys: readonly string[], reasons: readonly unknown[]) {
    super('some slots failed')
    this.keys = keys
    this.reasons = reasons
  }
}

/**
 * Reads these keys, at least one, behind the prefix, in one round trip. Values are in the order of the keys, `null` where one is
 * missing.
 */
export async function readKeys(
  client: RedisClient,
  prefix: string,
  keys: readonly string[],
): Promise<readonly (Buffer | null)[]> {
  if (!isCluster(client)) return readTogether(client, prefix, keys)
  const slots = bySlot(client, prefix, keys)
  const found = await runSlots(client, slots, (ofSlot) => readSlot(client, prefix, ofSlot))
  const values = new Map(slots.flatMap((ofSlot, s) => ofSlot.map((key, i) => [key, found[s]![i]!])))
  return keys.map((key) => values.get(key)!)
}

/**
 * Writes these entries, at least one, behind the prefix, in one round trip: all or nothing or, on a cluster, all or nothing in each
 * slot.
 */
export async function writeKeys(
  client: RedisClient,
  prefix: string,
  entries: ReadonlyMap<string, Uint8Array | undefined>,
  ttlMs: number | undefined,
): Promise<void> {
  if (!isCluster(client)) return writeTogether(client, prefix, entries, ttlMs)
  const slots = bySlot(client, prefix, entries.keys())
  await runSlots(client, slots, (keys) =>
    writeTogether(
      client,
      prefix,
      keys.map((key) => [key, entries.get(key)] as const),
      ttlMs,
    ),
  )
}

/** The same bytes in the form that ioredis takes, not a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function readTogether(client: RedisClient, prefix: string, keys: readonly string[]): Promise<(Buffer | null)[]> {
  return client.mgetBuffer(keys.map((key) => prefix + key))
}

/**
 * While a slot moves to another node, Redis answers a command of several keys only where all of them are on one node, and a missing
 * key is on none. One by one, they are found wherever they are.
 */
async function readSlot(client: RedisClient, prefix: string, keys: readonly string[]): Promise<(Buffer | null)[]> {
  try {
    return await readTogether(client, prefix, keys)
  } catch (error) {
    const moving = error instanceof Error && error.message.startsWith('Too many Cluster redirections')
    if (!moving || keys.length === 1) throw error
    return Promise.all(keys.map((key) => client.getBuffer(prefix + key)))
  }
}

/** What to write: `undefined` deletes the key. */
type Entries = Iterable<readonly [key: string, value: Uint8Array | undefined]>

async function writeTogether(client: RedisClient, prefix: string, entries: Entries, ttlMs: number | undefined): Promise<void> {
  const [first, ...others] = writeCommands(prefix, entries, ttlMs)
  if (others.length === 0) {
    await client.call(...first!)
    return
  }
  const transaction = client.multi()
  for (const command of [first!, ...others]) transaction.call(...command)
  for (const [error] of (await transaction.exec()) ?? []) if (error) throw error
}

/** As few commands as it takes. */
function writeCommands(prefix: string, entries: Entries, ttlMs: number | undefined): Command[] {
  const sets: (string | Buffer)[] = []
  const deletes: string[] = []
  for (const [key, value] of entries) {
    if (value === undefined) deletes.push(prefix + key)
    else sets.push(prefix + key, asBuffer(value))
  }
  const commands: Command[] = []
  if (ttlMs !== undefined) {
    for (let i = 0; i < sets.length; i += 2) commands.push(['set', [sets[i]!, sets[i + 1]!, 'PX', ttlMs]])
  } else if (sets.length > 0) {
    commands.push(['mset', sets])
  }
  if (deletes.length > 0) commands.push(['del', deletes])
  return commands
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
 * Runs the commands of all slots at once and waits for all of them. Each is a command of its own to ioredis, which sends it after
 * its slot wherever that has moved; but they leave in one piece for each node, which takes half the time.
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
