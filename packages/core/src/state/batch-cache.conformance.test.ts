import { multiStoreConformance, storeConformance } from '@kasper/testing/conformance'
import { describe, expect, test } from 'vitest'
import type { BatchParticipant, ProcessContext } from '../index.ts'
import { batchCache, MapMultiStore, MapStore } from '../index.ts'

const context: ProcessContext = { partition: 0, signal: new AbortController().signal }

describe('Within one batch, a cache is a store like any other', () => {
  async function begun<C extends BatchParticipant>(cache: C): Promise<C> {
    await cache.begin([], context)
    return cache
  }
  const storeCases = storeConformance.filter(({ needs }) => needs !== 'close' && needs !== 'reopen')
  test.for(storeCases)('$name', async ({ run }) => run({ store: await begun(batchCache(new MapStore())) }))
  test.for(storeCases)('$name (of a tenant)', async ({ needs, run }) => {
    if (needs === 'iterate' || needs === 'scan')
      return expect('iterate' in (await begun(batchCache(new MapMultiStore()))).tenant('a')).toBe(false)
    return run({ store: (await begun(batchCache(new MapMultiStore()))).tenant('acme') })
  })
  const multiStoreCases = multiStoreConformance.filter(({ needs }) => needs !== 'close')
  test.for(multiStoreCases)('$name (of many tenants)', async ({ run }) =>
    run({ store: await begun(batchCache(new MapMultiStore())) }),
  )
})
