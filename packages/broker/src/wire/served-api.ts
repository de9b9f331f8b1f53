// What every group of APIs is made of.
import type { Api, Draft } from '@kasper/protocol'
import type { Broker } from '../broker.ts'
import type { RequestFaults } from './request-faults.ts'

/** A request as its handler sees it. */
export interface RequestContext {
  readonly broker: Broker
  /** The broker that was asked. */
  readonly nodeId: number
  readonly version: number
  readonly clientId: string
  readonly clientHost: string
  /** Counts this connection's requests. */
  readonly requestNumber: number
  /** What the test's faults do to the request, where the handler has to ask. */
  readonly faults?: RequestFaults
}

/** An API that the broker answers. */
export interface ServedApi {
  readonly api: Api
  readonly maxVersion: number
  /** `undefined` where the client wants no answer. */
  handle(request: unknown, context: RequestContext): unknown
}

/** Answers an API, up to this version. */
export function serve<Request, Response>(
  api: Api<Request, Response>,
  handle: (request: Request, context: RequestContext) => Draft<Response> | Promise<Draft<Response>> | undefined,
  maxVersion: number = api.latestStableVersion,
): ServedApi {
  return { api, maxVersion, handle }
}
