// Runs the conformance suites for stores and multi-stores against a real Elasticsearch, on the current runtime.
import process from 'node:process'
import { Client, HttpConnection } from '@elastic/elasticsearch'
import { multiStoreConformance, runConformance, storeConformance } from '@kasper/testing/conformance'
import { multiStoreContext, storeContext } from './support.ts'

// Bun replaces undici, which the client uses by default, with a partial implementation.
const Connection = 'bun' in process.versions ? { Connection: HttpConnection } : {}
const newClient = (): Client => new Client({ node: process.env['ELASTICSEARCH_URL']!, ...Connection })
const admin = newClient()

const results = [
  await runConformance(storeConformance, storeContext(newClient, admin)),
  await runConformance(multiStoreConformance, multiStoreContext(newClient, admin)),
]
await admin.close()
if (results.some(({ failed }) => failed > 0)) process.exitCode = 1
