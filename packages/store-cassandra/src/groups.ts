import type { TenantKey } from '@kasper/core'
import { murmur2 } from '@kasper/core/adapter'

/** Items for one request: their keys are in one partition of the table. */
export interface Group<Item> {
  readonly tenant: string
  readonly bucket: number
  readonly items: readonly Item[]
}

/** Limits of one request. */
export interface GroupLimits<Item> {
  readonly items: number
  readonly bytes: number
  /** In bytes. */
  sizeOf(item: Item): number
}

const utf8 = new TextEncoder()

/** Groups items by partition, and splits groups that are too large for one request. An item above the limit gets its own group. */
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

/** Existing tables depend on it: it must never change. */
function bucketOf(key: string, buckets: number): number {
  return (murmur2(utf8.encode(key)) & 0x7fffffff) % buckets
}
