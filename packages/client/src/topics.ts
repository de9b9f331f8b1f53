import { type Clock, sleep } from '@kasper/core'
import type { Cluster } from './cluster/cluster.ts'
import { asKasperError, isTransient, topicUnknown } from './cluster/failures.ts'
import { patience } from './patience.ts'

/** How long to go on asking a cluster that says, or shows, that it is changing. */
const PATIENCE_MS = 10_000

/** Each topic's leaders, by partition, as a broker knows them. Rejects with `TOPIC_UNKNOWN`, naming every topic that does not exist. */
export async function askForLeaders(
  cluster: Cluster,
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const wanted = [...new Set(topics)]
  if (wanted.length === 0) return new Map()
  const { topics: found } = await cluster.metadata(wanted)
  const unknown = wanted.filter((topic) => !found.has(topic))
  if (unknown.length > 0) throw topicUnknown(unknown)
  return new Map(wanted.map((topic) => [topic, found.get(topic)!.leaders]))
}

/** The same, asked again while the cluster is changing. */
export async function leadersOf(
  cluster: Cluster,
  topics: readonly string[],
  clock: Clock,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const trust = patience(clock, PATIENCE_MS)
  for (;;) {
    try {
      return await askForLeaders(cluster, topics)
    } catch (error) {
      const restMs = isTransient(error) ? trust.failed() : undefined
      if (restMs === undefined) {
        const wanted = [...new Set(topics)].join(', ')
        throw asKasperError(error, `cannot read the metadata of ${wanted}`, 'FETCH_FAILED')
      }
      await sleep(clock, restMs)
    }
  }
}
