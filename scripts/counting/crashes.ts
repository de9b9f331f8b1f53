// What has to hold of a store on a server, whatever happens while a processor counts.
import { decodeKey, type Store, string } from '@kasper/core'
import { expect } from 'vitest'
import { committed, count, directCounts, filledKafka, PARTITIONS, storedCounts } from './guard-per-key.ts'

const MESSAGES = 4000

/** The version of a state is the offset of the last message in it. */
export const versionOf = (_: string, value: Uint8Array | undefined): number =>
  (JSON.parse(new TextDecoder().decode(value)) as { offset: number }).offset

export interface Server {
  /** The store, as a program has it that has just begun. */
  readonly open: () => Store
  readonly kill: () => Promise<void>
  readonly restart: () => Promise<void>
}

/** The server is killed between a batch's write and its commit. Nothing is committed beyond what is stored; guarded, the end is right. */
export async function killedMidRun({ open, kill, restart }: Server, guarded: boolean): Promise<void> {
  await using kafka = filledKafka(MESSAGES)
  const store = open()
  let stored = 0
  const failing = count(kafka, store, {
    batchSize: 100,
    guarded,
    // The state of this batch is in the store, and the processor ends before it is committed.
    onStored: async () => {
      if (++stored !== 15) return
      await kill()
      await store.get('any')
    },
  })
  await expect(failing).rejects.toMatchObject({ code: 'STORE_FAILED' })
  await restart()

  // Nothing is committed beyond what the store holds.
  const before = await storedCounts(open())
  const done = new Map<string, number>()
  for (let partition = 0; partition < PARTITIONS; partition++) {
    for (const message of kafka.read('flights', partition)) {
      if (message.offset >= committed(kafka, partition)) continue
      const key = decodeKey(message, string())!
      done.set(key, (done.get(key) ?? 0) + 1)
    }
  }
  expect(done.size).toBeGreaterThan(0)
  for (const [key, least] of done) expect(before.get(key)).toBeGreaterThanOrEqual(least)

  // With other batches than the first time.
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

/** A processor that lost its partition, but does not know it yet, writes what it had in the middle, when all is done. */
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
