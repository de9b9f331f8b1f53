import { apiVersions } from './apis/api-versions.ts'
import { configApis } from './apis/configs.ts'
import { consumerGroupApis } from './apis/consumer-groups.ts'
import { describeTopicPartitionsServed } from './apis/describe-topic-partitions.ts'
import { fetchApis } from './apis/fetch.ts'
import { groupAdminApis } from './apis/group-admin.ts'
import { groupApis } from './apis/groups.ts'
import { joinGroupApis } from './apis/join-group.ts'
import { listOffsetsApis } from './apis/list-offsets.ts'
import { metadataApis } from './apis/metadata.ts'
import { offsetApis } from './apis/offsets.ts'
import { produceApis } from './apis/produce.ts'
import { topicApis } from './apis/topics.ts'
import { transactionApis } from './apis/transactions.ts'
import { atCoordinator } from './at-coordinator.ts'
import { saslApis } from './apis/sasl.ts'
import { type ServedApi } from './served-api.ts'
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

/** ApiVersions. The broker answers it in every version, even an unsupported one. */
export const apiVersionsServed: ServedApi = apiVersions(others)

/** All APIs that the broker serves, by key. */
export const servedApis: ReadonlyMap<number, ServedApi> = new Map(
  [apiVersionsServed, ...others.map((one) => whenStored(atCoordinator(one)))].map((one) => [one.api.key, one]),
)
