/** How topics and groups are called in the code, and how in the cluster: there, all of them may carry a prefix. */
export interface Names {
  /** The name that the cluster knows. */
  toCluster(name: string): string
  /** The name that the code uses; `undefined` for a name without the prefix, which belongs to someone else. */
  toCode(name: string): string | undefined
}

/** Adds this prefix on the way to the cluster and takes it off on the way back. */
export function namesWithPrefix(prefix: string): Names {
  return {
    toCluster: (name) => prefix + name,
    toCode: (name) => (name.startsWith(prefix) ? name.slice(prefix.length) : undefined),
  }
}
