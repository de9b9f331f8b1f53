import type { Cluster, Redis } from 'ioredis'

/** A client of ioredis: for one server, for a master that Sentinel monitors, or for a cluster. */
export type RedisClient = Redis | Cluster

export function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster
}

/** The product and its address, for messages. */
export function describeServer(client: RedisClient): string {
  if (isCluster(client)) {
    // The types say that it is private. The nodes that the client has found since may be gone by now.
    const { startupNodes } = client as unknown as { startupNodes: readonly StartupNode[] }
    return `Redis Cluster at ${startupNodes.map(describeNode).join(', ')}`
  }
  const { sentinels, name, path, host, port } = client.options
  if (sentinels) return `the Redis master "${name}" of Sentinel at ${sentinels.map(describeNode).join(', ')}`
  return `Redis at ${path ?? describeNode({ host, port })}`
}

type StartupNode = string | number | { readonly host?: string | undefined; readonly port?: number | undefined }

function describeNode(node: StartupNode): string {
  if (typeof node === 'number') return `127.0.0.1:${node}`
  if (typeof node === 'string') return node
  return `${node.host ?? 'localhost'}:${node.port ?? 6379}`
}
