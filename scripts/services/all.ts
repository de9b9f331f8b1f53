import { cassandra } from './cassandra/cassandra.ts'
import { elasticsearch } from './elasticsearch/elasticsearch.ts'
import { kafka, kafka3 } from './kafka/kafka.ts'
import { redis } from './redis/redis.ts'
import type { Service } from './service.ts'
import { ServiceError } from './service-error.ts'

/** Every server that the launcher knows, in the order in which it shows them. */
export const services: readonly Service[] = [kafka, kafka3, redis, elasticsearch, cassandra]

export function serviceNamed(name: string): Service {
  const service = services.find((it) => it.name === name)
  if (service === undefined) {
    throw new ServiceError(`there is no server "${name}"`, { fix: `take one of ${services.map((it) => it.name).join(', ')}` })
  }
  return service
}
