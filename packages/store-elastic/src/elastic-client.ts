import type { Client } from '@elastic/elasticsearch'

/** The product and its addresses, for messages. */
export function describeServer(client: Client): string {
  const addresses = client.connectionPool.connections.map(({ url }) => url.origin)
  return addresses.length === 0 ? 'Elasticsearch (the client is closed)' : `Elasticsearch at ${addresses.join(', ')}`
}

/** Whether the client's owner has closed it. */
export function isClosed(client: Client): boolean {
  return client.connectionPool.connections.length === 0
}
