import { type ServedApi } from './api.ts'
import { apiVersions } from './api-versions.ts'
import { configApis } from './configs.ts'
import { atCoordinator } from './coordinators.ts'
import { consumerGroupApis } from './consumer-groups.ts'
import { describeTopicPartitionsServed } from './describe-topic-partitions.ts'
import { fetchApis } from './fetch.ts'
import { groupAdminApis } from './group-admin.ts'
import { groupApis } from './groups.ts'
import { joinGroupApis } from './join-group.ts'
import { listOffsetsApis } from './list-offsets.ts'
import { metadataApis } from './metadata.ts'
import { offsetApis } from './offsets.ts'
import { produceApis } from './produce.ts'
import { saslApis } from './sasl.ts'
import { topicApis } from './topics.ts'
import { transactionApis } from './transactions.ts'
import { whenStored } from './when-stored.ts'

const others: readonly ServedApi[] = [
  ...produceApis,
  ...fetchApis,
  ...listOffsetsApis,
  ...metadataApis,
  describeTopicPartitionsServed,
  ...joinGroupApis,
  ...groupApis,
  ...groupAdminApis,
  ...consumerGroupApis,
  ...offsetApis,
  ...topicApis,
  ...configApis,
  ...transactionApis,
  ...saslApis,
]

/** ApiVersions, which is the only one that is answered in whatever version it is asked. */
export const apiVersionsServed: ServedApi = apiVersions(others)

/** Everything that the broker answers, by key. */
export const servedApis: ReadonlyMap<number, ServedApi> = new Map(
  [apiVersionsServed, ...others.map((one) => whenStored(atCoordinator(one)))].map((one) => [one.api.key, one]),
)
