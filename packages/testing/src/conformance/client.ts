import { clientAdminCases } from './client-admin.ts'
import { clientConsumeCases } from './client-consume.ts'
import type { ClientCase } from './client-context.ts'
import { clientGroupCases } from './client-group.ts'
import { clientProduceCases } from './client-produce.ts'
import { clientRefusalCases } from './client-refusals.ts'

/**
 * The rules for every `KafkaClient`, on any cluster. Each case creates new topics and groups. It does not delete the topics.
 */
export const clientConformance: readonly ClientCase[] = [
  ...clientAdminCases,
  ...clientProduceCases,
  ...clientRefusalCases,
  ...clientConsumeCases,
  ...clientGroupCases,
]
