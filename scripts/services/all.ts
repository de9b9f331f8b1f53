import { cassandra } from './cassandra/cassandra.ts'
import { elasticsearch } from './elasticsearch/elasticsearch.ts'
import { kafka, kafka3 } from './kafka/kafka.ts'
import { redis } from './redis/redis.ts'
import type { Service } from './service.ts'
import { ServiceError } from './service-error.ts'

/** Every server of the launcher, in the order of its lists. */
export const services: readonly Service[] = [kafka, kafka3, redis, elasticsearch, cassandra]

export function serviceNamed(name: string): Service {
  const service = services.find((it) => it.name === name)
  if (service === undefined) {
    throw new ServiceError(`there is no server "${name}"`, { fix: `use one of ${services.map((it) => it.name).join(', ')}` })
  }
  return service
}
