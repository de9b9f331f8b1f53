// Runs the conformance suites for stores and multi-stores against a real Redis, on the current runtime.
import process from 'node:process'
import { multiStoreConformance, runConformance, storeConformance } from '@kasper/testing/conformance'
import { Redis } from 'ioredis'
import { MultiRedisStore, RedisStore } from '../src/index.ts'
import { type ClosableMultiStore, multiStoreContext, storeContext } from './contexts.ts'
import { redisUrl } from './servers.ts'

const results = [
  await runConformance(storeConformance, {
    context: () => storeContext(() => new Redis(redisUrl()), RedisStore),
    dispose: ({ close }) => close?.(),
    can: (capability) => capability !== 'scan',
  }),
  await runConformance<ClosableMultiStore>(multiStoreConformance, {
    context: () => multiStoreContext(() => new Redis(redisUrl()), MultiRedisStore),
    dispose: ({ close }) => close(),
  }),
]
process.exitCode = results.every(({ failed }) => failed === 0) ? 0 : 1
