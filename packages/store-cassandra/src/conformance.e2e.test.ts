import type { ConformanceCase, ConformanceRun } from '@kasper/testing/conformance'
import { multiStoreConformance, storeConformance } from '@kasper/testing/conformance'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { createKeyspace, multiStoreContext, newClient, storeContext, tenantContext } from '../test/support.ts'

const admin = newClient()
beforeAll(() => createKeyspace(admin))
afterAll(() => admin.shutdown())

describe('A store', () => {
  runAll(storeConformance, storeContext(admin))
})
describe('The store of a tenant', () => {
  runAll(storeConformance, tenantContext(admin))
})
describe('A multi-store', () => {
  runAll(multiStoreConformance, multiStoreContext(admin))
})

function runAll<Context>(cases: readonly ConformanceCase<Context>[], run: ConformanceRun<Context>): void {
  const able = cases.filter(({ needs }) => needs === undefined || run.can!(needs))
  test.for(able)('$name', async ({ run: runCase }) => {
    const context = await run.context()
    try {
      await runCase(context)
    } finally {
      await run.dispose!(context)
    }
  })
}
