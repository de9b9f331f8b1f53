// Runs the conformance suites for stores and multi-stores against a real Cassandra, on the current runtime.
import process from 'node:process'
import { multiStoreConformance, runConformance, storeConformance } from '@kasper/testing/conformance'
import { createKeyspace, multiStoreContext, newClient, storeContext } from './support.ts'

const admin = newClient()
await createKeyspace(admin)
const results = [
  await runConformance(storeConformance, storeContext(admin)),
  await runConformance(multiStoreConformance, multiStoreContext(admin)),
]
await admin.shutdown()
if (results.some(({ failed }) => failed > 0)) process.exitCode = 1
