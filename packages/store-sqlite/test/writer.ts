// node writer.ts FILE: writes batches to a store until a test kills it. Each batch is one `putAll` that adds one to each of ten
// counters and to the number of batches. Prints that number after each batch.
import process from 'node:process'
import { number, withCodec } from '@kasper/core'
import { SqliteStore } from '../src/index.ts'

const counters = Array.from({ length: 10 }, (_, i) => `counter-${i}`)
const store = withCodec(new SqliteStore(process.argv[2]!), number())
for (;;) {
  const state = await store.getAll([...counters, 'batches'])
  for (const key of [...counters, 'batches']) state.set(key, (state.get(key) ?? 0) + 1)
  await store.putAll(state)
  process.stdout.write(`${state.get('batches')}\n`)
  await new Promise((resolve) => setImmediate(resolve))
}
