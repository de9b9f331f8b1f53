import { murmur2, type TenantKey } from '@kasper/core'

/** Items whose keys are in one partition of the table. */
export interface Group<Item> {
  readonly tenant: string
  readonly bucket: number
  readonly items: readonly Item[]
}

/** Limits of what is sent in one request. */
export interface GroupLimits<Item> {
  readonly items: number
  readonly bytes: number
  sizeOf(item: Item): number
}

const utf8 = new TextEncoder()

/** Groups by partition, and cuts what is too large for one request. */
export function groupByPartition<Item extends TenantKey>(
  items: Iterable<Item>,
  buckets: number,
  limits: GroupLimits<Item>,
): Group<Item>[] {
  const groups: Group<Item>[] = []
  const open = new Map<string, ({ readonly items: Item[]; size: number } | undefined)[]>()
  for (const item of items) {
    const { tenant, key } = item
    let ofTenant = open.get(tenant)
    if (ofTenant === undefined) open.set(tenant, (ofTenant = []))
    const bucket = bucketOf(key, buckets)
    const size = limits.sizeOf(item)
    let group = ofTenant[bucket]
    if (group === undefined || group.items.length >= limits.items || group.size + size > limits.bytes) {
      group = { items: [], size: 0 }
      ofTenant[bucket] = group
      groups.push({ tenant, bucket, items: group.items })
    }
    group.items.push(item)
    group.size += size
  }
  return groups
}

/** As stored: it must stay what it is for as long as there are tables. */
function bucketOf(key: string, buckets: number): number {
  return (murmur2(utf8.encode(key)) & 0x7fffffff) % buckets
}

/** Does the work of each item, so many at a time, until all is done or the signal fires. The work must not reject. */
export async function concurrently<Item>(
  items: readonly Item[],
  limit: number,
  signal: AbortSignal | undefined,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0
  async function worker(): Promise<void> {
    while (next < items.length && !signal?.aborted) await work(items[next++]!)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
}
