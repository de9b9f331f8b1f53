// Tests for stores on a server: crashes while a processor counts.
import { decodeKey, type Store, string } from '@kasper/core'
import { expect } from 'vitest'
import { committed, count, directCounts, filledKafka, PARTITIONS, storedCounts } from './guard-per-key.ts'

const MESSAGES = 4000

/** The version of a state: the offset of its last message. */
export const versionOf = (_: string, value: Uint8Array | undefined): number =>
  (JSON.parse(new TextDecoder().decode(value)) as { offset: number }).offset

export interface Server {
  /** A new store, like that of a program that has just started. */
  readonly open: () => Store
  readonly kill: () => Promise<void>
  readonly restart: () => Promise<void>
}

/**
 * Kills the server between the write of a batch and its commit. Checks that nothing is committed that is not stored. After a restart
 * the counts must be exact with the guard, and too high without it.
 */
export async function killedMidRun({ open, kill, restart }: Server, guarded: boolean): Promise<void> {
  await using kafka = filledKafka(MESSAGES)
  const store = open()
  let stored = 0
  const failing = count(kafka, store, {
    batchSize: 100,
    guarded,
    // The batch is stored, and the processor ends before the commit.
    onStored: async () => {
      if (++stored !== 15) return
      await kill()
      await store.get('any')
    },
  })
  await expect(failing).rejects.toMatchObject({ code: 'STORE_FAILED' })
  await restart()

  // All committed messages are stored.
  const before = await storedCounts(open())
  const committedCounts = new Map<string, number>()
  for (let partition = 0; partition < PARTITIONS; partition++) {
    for (const message of kafka.read('flights', partition)) {
      if (message.offset >= committed(kafka, partition)) continue
      const key = decodeKey(message, string())!
      committedCounts.set(key, (committedCounts.get(key) ?? 0) + 1)
    }
  }
  expect(committedCounts.size).toBeGreaterThan(0)
  for (const [key, least] of committedCounts) expect(before.get(key)).toBeGreaterThanOrEqual(least)

  // The replay has other batches than the first run.
  await count(kafka, open(), { batchSize: 70, guarded })
  const direct = directCounts(MESSAGES)
  const after = await storedCounts(open())
  if (guarded) expect(after).toEqual(direct)
  else {
    expect(after).not.toEqual(direct)
    const tooMany = [...after].reduce((sum, [key, count]) => sum + count - direct.get(key)!, 0)
    expect(tooMany).toBeGreaterThanOrEqual(100)
  }
}

/** A processor that has lost its partition without knowing it writes an old state after everything is counted. */
export async function writtenLate(store: Store): Promise<void> {
  await using kafka = filledKafka(MESSAGES)
  let stale: Map<string, Uint8Array> | undefined
  const keys = [...directCounts(MESSAGES).keys()]
  await count(kafka, store, {
    batchSize: 500,
    guarded: true,
    onStored: async () => void (stale ??= await store.getAll(keys)),
  })
  await store.putAll(stale!)
  expect(await storedCounts(store)).toEqual(directCounts(MESSAGES))
}
