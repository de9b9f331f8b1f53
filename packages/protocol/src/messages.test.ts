import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { staleFiles } from '../generator/main.ts'
import { readSnapshot } from '../generator/snapshot.ts'
import { apiInfos } from './messages/api-infos.ts'
import { apis } from './messages/index.ts'

/** The requests that kafkajs can send, in its own module. */
interface KafkajsRequests {
  readonly requests: Readonly<Record<string, { readonly versions: readonly string[] }>>
}

describe('the generated codecs', () => {
  it('are up to date; otherwise run: pnpm --filter @kasper/protocol generate', () => {
    expect(staleFiles()).toEqual([])
  })

  it('have every API of the table once', () => {
    expect(
      [...apis.values()].map(({ key, name, minVersion, maxVersion, latestStableVersion, flexibleFrom }) => {
        return { key, name, minVersion, maxVersion, latestStableVersion, flexibleFrom }
      }),
    ).toEqual(apiInfos)
    expect([...apis.keys()]).toEqual([...apis.values()].map((api) => api.key))
    expect(apis.size).toBeGreaterThan(70)
  })

  it('have the APIs that brokers serve, and none that only controllers exchange', () => {
    const requests = readSnapshot().messages.filter(({ type, validVersions }) => type === 'request' && validVersions !== 'none')
    const served = requests.filter(({ listeners }) => listeners!.includes('broker'))
    expect([...apis.keys()]).toEqual(served.map(({ apiKey }) => apiKey!).sort((a, b) => a - b))
    expect(requests.length - served.length).toBe(12)
  })

  it('have a version of every request that kafkajs sends', () => {
    const require = createRequire(import.meta.url)
    const { requests } = require('kafkajs/src/protocol/requests') as KafkajsRequests
    const keys = require('kafkajs/src/protocol/requests/apiKeys') as Readonly<Record<string, number>>
    const sent = Object.entries(requests).filter(([, { versions }]) => versions.length > 0)
    for (const [name, { versions }] of sent) {
      const api = apis.get(keys[name]!)!
      // kafkajs uses the highest version that both sides have.
      expect(
        versions.map(Number).some((version) => version >= api.minVersion && version <= api.maxVersion),
        name,
      ).toBe(true)
    }
    expect(sent.length).toBeGreaterThan(25)
  })
})
