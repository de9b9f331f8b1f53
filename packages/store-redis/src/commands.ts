// The commands that read and write keys of one server, or of one slot of a cluster.
import { Buffer } from 'node:buffer'
import { asBuffer } from '@kasper/core/adapter'
import type { RedisClient } from './redis-client.ts'

/** The entries to write. `undefined` deletes the key. */
export type Entries = Iterable<readonly [key: string, value: Uint8Array | undefined]>

type Command = readonly [name: string, args: (string | Buffer | number)[]]

/** Reads these keys with one command. Values are in the order of the keys, `null` for a missing one. */
export function readKeys(client: RedisClient, prefix: string, keys: readonly string[]): Promise<(Buffer | null)[]> {
  return client.mgetBuffer(keys.map((key) => prefix + key))
}

/** Writes these entries, at least one, with one command or one transaction: all or nothing. */
export async function writeEntries(
  client: RedisClient,
  prefix: string,
  entries: Entries,
  ttlMs: number | undefined,
): Promise<void> {
  const [first, ...others] = writeCommands(prefix, entries, ttlMs)
  if (others.length === 0) {
    await client.call(...first!)
    return
  }
  const transaction = client.multi()
  for (const command of [first!, ...others]) transaction.call(...command)
  for (const [error] of (await transaction.exec()) ?? []) if (error) throw error
}

/** As few commands as possible. MSET has no time to live, so with one each key is a SET. */
function writeCommands(prefix: string, entries: Entries, ttlMs: number | undefined): Command[] {
  const sets: (string | Buffer)[] = []
  const deletes: string[] = []
  for (const [key, value] of entries) {
    if (value === undefined) deletes.push(prefix + key)
    else sets.push(prefix + key, asBuffer(value, Buffer))
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
