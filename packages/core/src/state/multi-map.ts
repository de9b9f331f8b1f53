/** Values by tenant and key: the result of {@link MultiStore.fetch}, and the argument of {@link MultiStore.push}. */
export class MultiMap<V = Uint8Array> {
  readonly #tenants = new Map<string, Map<string, V>>()

  get(tenant: string, key: string): V | undefined {
    return this.#tenants.get(tenant)?.get(key)
  }

  set(tenant: string, key: string, value: V): this {
    this.tenant(tenant).set(key, value)
    return this
  }

  /** The map of this tenant, made on demand. Changes to it change this multi-map. */
  tenant(name: string): Map<string, V> {
    let map = this.#tenants.get(name)
    if (map === undefined) this.#tenants.set(name, (map = new Map()))
    return map
  }

  allTenants(): string[] {
    return [...this.#tenants.keys()]
  }

  /** The number of values of all tenants together. */
  get size(): number {
    let size = 0
    for (const map of this.#tenants.values()) size += map.size
    return size
  }

  /** Each tenant with its map. */
  [Symbol.iterator](): IterableIterator<[string, Map<string, V>]> {
    return this.#tenants.entries()
  }
}
