import { clientAdminCases } from './client-admin.ts'
import { clientConsumeCases } from './client-consume.ts'
import type { ClientCase } from './client-context.ts'
import { clientGroupCases } from './client-group.ts'
import { clientProduceCases } from './client-produce.ts'
import { clientRefusalCases } from './client-refusals.ts'

/**
 * What every `KafkaClient` has to do, on any cluster: every promise of the port. Each case makes topics and groups of its own,
 * and leaves the topics behind.
 */
export const clientConformance: readonly ClientCase[] = [
  ...clientAdminCases,
  ...clientProduceCases,
  ...clientRefusalCases,
  ...clientConsumeCases,
  ...clientGroupCases,
]
