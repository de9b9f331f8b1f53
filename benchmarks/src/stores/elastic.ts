import { Client } from '@elastic/elasticsearch'
import { ElasticStore } from '@kasper/store-elastic'
import type { Contest } from './contest.ts'

/** Both use one new index, because the speed of an index depends on the state of its segments. Its fields are not mapped. */
export async function elasticContest(node: string): Promise<Contest> {
  const client = new Client({ node })
  const index = 'bench'
  await client.indices.delete({ index, ignore_unavailable: true })
  await client.indices.create({ index, mappings: { dynamic: false } })
  return {
    name: 'Elasticsearch',
    store: new ElasticStore(client, { index }),
    raw: {
      calls: { getAll: 'mget', putAll: 'bulk, of strings' },
      name: (key) => key,
      async getAll(names) {
        const { docs } = await client.mget({ index, ids: names as string[] })
        return new Map(docs.map((doc) => [doc._id, '_source' in doc ? doc._source : undefined]))
      },
      async putAll(names, values) {
        const operations = names.flatMap((name, i) => [`{"index":{"_id":"${name}"}}`, (values[i] as Buffer).toString()])
        const { errors } = await client.bulk({ index, operations, filter_path: ['errors', 'items.*.error'] })
        if (errors) throw new Error('Elasticsearch refused some of the writes')
      },
    },
    close: () => client.close(),
  }
}
