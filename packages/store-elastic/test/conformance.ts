// Runs the suites for stores against the real server, on whichever runtime this is.
import process from 'node:process'
import { Client, HttpConnection } from '@elastic/elasticsearch'
import { multiStoreConformance, runConformance, storeConformance } from '@kasper/testing/conformance'
import { multiStoreContext, storeContext } from './support.ts'

// Bun puts a half of undici of its own in the place of the client's.
const Connection = 'bun' in process.versions ? { Connection: HttpConnection } : {}
const newClient = (): Client => new Client({ node: process.env['ELASTICSEARCH_URL']!, ...Connection })
const admin = newClient()

const results = [
  await runConformance(storeConformance, storeContext(newClient, admin)),
  await runConformance(multiStoreConformance, multiStoreContext(newClient, admin)),
]
await admin.close()
if (results.some(({ failed }) => failed > 0)) process.exitCode = 1
