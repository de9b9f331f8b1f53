// The types of all API handlers.
import type { Api, Draft } from '@kasper/protocol'
import type { Broker } from '../broker.ts'
import type { RequestFaults } from './request-faults.ts'

/** The context of a request. */
export interface RequestContext {
  readonly broker: Broker
  /** The broker that the client has connected to. */
  readonly nodeId: number
  readonly version: number
  readonly clientId: string
  readonly clientHost: string
  /** The number of the request on its connection, from 0. */
  readonly requestNumber: number
  /**
   * Whether the client is in this process. Then its batches have no checksum, and they need no check.
   * @default false
   */
  readonly inProcess?: boolean
  /** The faults that apply to the request, for handlers that ask for faults themselves. */
  readonly faults?: RequestFaults
}

/** An API that the broker serves. */
export interface ServedApi {
  readonly api: Api
  readonly maxVersion: number
  /** Returns the response, or a promise of it; `undefined` if the client expects no response. */
  handle(request: unknown, context: RequestContext): unknown
}

/** Defines the handler of an API, for versions up to this one. */
export function serve<Request, Response>(
  api: Api<Request, Response>,
  handle: (request: Request, context: RequestContext) => Draft<Response> | Promise<Draft<Response>> | undefined,
  maxVersion: number = api.latestStableVersion,
): ServedApi {
  return { api, maxVersion, handle }
}
