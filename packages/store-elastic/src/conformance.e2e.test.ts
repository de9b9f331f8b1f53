import { Client } from '@elastic/elasticsearch'
import { Client as Client8 } from 'elasticsearch-8'
import type { ConformanceCase, ConformanceRun } from '@kasper/testing/conformance'
import { multiStoreConformance, storeConformance } from '@kasper/testing/conformance'
import { afterAll, describe, test } from 'vitest'
import { multiStoreContext, serverUrl, storeContext, tenantContext } from '../test/support.ts'

const clients = {
  9: (): Client => new Client({ node: serverUrl() }),
  8: (): Client => new Client8({ node: serverUrl() }) as unknown as Client,
}

describe.for([9, 8] as const)('With the client of version %i', (version) => {
  const newClient = clients[version]
  const admin = newClient()
  afterAll(() => admin.close())
  describe('a store', () => {
    runAll(storeConformance, storeContext(newClient, admin))
  })
  describe('the store of a tenant', () => {
    runAll(storeConformance, tenantContext(newClient, admin))
  })
  describe('a multi-store', () => {
    runAll(multiStoreConformance, multiStoreContext(newClient, admin))
  })
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
