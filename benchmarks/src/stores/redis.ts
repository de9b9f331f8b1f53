import { RedisStore } from '@kasper/store-redis'
import { Redis } from 'ioredis'
import type { Contest } from './contest.ts'

export function redisContest(url: string): Contest {
  const client = new Redis(url)
  return {
    name: 'Redis',
    store: new RedisStore(client, { keyPrefix: 'bench' }),
    raw: {
      calls: { getAll: 'MGET', putAll: 'MSET' },
      name: (key) => `bench/${key}`,
      getAll: (names) => client.mgetBuffer(names as string[]),
      putAll(names, values) {
        const args: (string | Buffer)[] = []
        for (const [i, name] of names.entries()) args.push(name, values[i] as Buffer)
        return client.call('mset', args)
      },
    },
    async close() {
      await client.quit()
    },
  }
}
