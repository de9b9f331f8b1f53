import { KasperError } from '@kasper/core'
import { messageOf } from '@kasper/core/adapter'
import type { Fault, Faults, Hold } from '../faults/faults.ts'

/** The limit of a request's body. */
export const MAX_BODY_BYTES = 65_536
/** How many faults may exist at the same time. */
const MAX_FAULTS = 1000

/** The methods of {@link Faults} that start a fault, and take one object. */
const startMethods = [
  'failProduce',
  'loseAcks',
  'failCommits',
  'holdFetches',
  'holdAcks',
  'holdCommits',
  'failRequests',
  'loseRequests',
  'loseResponses',
  'delayResponses',
  'brokerAway',
] as const satisfies readonly (keyof Faults)[]

const faultNames: readonly string[] = [...startMethods, 'cutOff', 'moveLeader', 'rebalance']

/** The JSON of a request. */
type Given = Readonly<Record<string, unknown>>

/** A fault that a request has set. */
interface FaultEntry {
  readonly id: number
  readonly given: Given
  readonly fault: Hold | Fault
}

/** An error in a request, with the HTTP status of the answer. */
class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * Handles the requests of the control API. It sets, lists and releases faults over HTTP, so that a test in any language can use them.
 *
 * - `POST /faults` sets a fault. In the JSON body, `fault` is the name of a method of {@link Faults}; the other properties are its argument.
 * - `GET /faults` and `GET /faults/{id}` return faults, and how many operations they have hit.
 * - `DELETE /faults/{id}` releases a fault, `DELETE /faults` releases all.
 *
 * Only programs on this machine may use it. Requests that a web page may have sent are refused.
 */
export function controlHandler(faults: Faults): (request: Request) => Promise<Response> {
  const entries = new Map<number, FaultEntry>()
  let lastId = 0

  function find(id: string): FaultEntry {
    const found = entries.get(Number(id))
    if (found === undefined) throw new Refusal(404, `There is no fault ${id}; GET /faults lists all faults`)
    return found
  }

  function set(given: Given): Response {
    if (entries.size >= MAX_FAULTS)
      throw new Refusal(409, `There are ${MAX_FAULTS} faults already; DELETE faults that are no longer needed`)
    const fault = start(faults, given)
    if (fault === undefined) return new Response(undefined, { status: 204 })
    const entry: FaultEntry = { id: ++lastId, given, fault }
    entries.set(entry.id, entry)
    return Response.json(describe(entry), { status: 201, headers: { location: `/faults/${entry.id}` } })
  }

  function release(id: string): Response {
    const entry = find(id)
    entry.fault.release()
    entries.delete(entry.id)
    return new Response(undefined, { status: 204 })
  }

  function clear(): Response {
    faults.clear()
    entries.clear()
    return new Response(undefined, { status: 204 })
  }

  async function answer(request: Request): Promise<Response> {
    checkSender(request)
    const { pathname } = new URL(request.url)
    const [, id] = /^\/faults(?:\/([^/]+))?$/.exec(pathname) ?? [undefined, '']
    if (id === '') throw new Refusal(404, `There is no ${pathname}; the paths are /faults and /faults/{id}`)
    const key = `${request.method} ${id === undefined ? '/faults' : '/faults/{id}'}`
    switch (key) {
      case 'GET /faults':
        return Response.json([...entries.values()].map(describe))
      case 'GET /faults/{id}':
        return Response.json(describe(find(id)))
      case 'POST /faults':
        return set(await bodyOf(request))
      case 'DELETE /faults':
        return clear()
      case 'DELETE /faults/{id}':
        return release(id)
      default:
        throw new Refusal(405, `There is no ${key}; use GET, POST or DELETE with /faults, GET or DELETE with /faults/{id}`)
    }
  }

  return async (request) => {
    try {
      return await answer(request)
    } catch (error) {
      const status =
        error instanceof Refusal ? error.status : error instanceof TypeError || error instanceof KasperError ? 400 : 500
      return Response.json({ error: messageOf(error) }, { status })
    }
  }
}

/** Calls the method that the JSON names. Returns `undefined` if it does not start a fault that lasts. */
function start(faults: Faults, { fault: name, ...given }: Given): Hold | Fault | undefined {
  // JSON has no Infinity.
  const settings = given['times'] === null ? { ...given, times: Infinity } : given
  const method = startMethods.find((startMethod) => startMethod === name)
  if (method !== undefined) return (faults[method] as (settings: Given) => Hold).call(faults, settings)
  if (name === 'cutOff') return faults.cutOff(onlyProperty(name, 'clientId', settings))
  if (name === 'moveLeader') faults.moveLeader(settings as unknown as Parameters<Faults['moveLeader']>[0])
  else if (name === 'rebalance') faults.rebalance(onlyProperty(name, 'groupId', settings))
  else throw new TypeError(`fault must be one of ${faultNames.join(', ')}, but is ${JSON.stringify(name) ?? 'missing'}`)
  return undefined
}

/** The value of a fault's only property. Throws a `TypeError` if it is missing, or if there are others. */
function onlyProperty(name: string, property: string, settings: Given): string {
  const { [property]: value, ...others } = settings
  if (typeof value !== 'string') throw new TypeError(`${name} needs ${property}: a string`)
  const [other] = Object.keys(others)
  if (other !== undefined) throw new TypeError(`${name} has no ${other}; it has ${property}`)
  return value
}

function describe({ id, given, fault }: FaultEntry): object {
  return { id, ...given, ...('struck' in fault ? { struck: fault.struck } : {}) }
}

/** Refuses requests of web pages. A browser lets pages send requests to this machine, though not read the answers. */
function checkSender({ url, headers, method }: Request): void {
  const { hostname } = new URL(url)
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    throw new Refusal(403, `Requests must be for 127.0.0.1 or localhost, not for ${hostname}`)
  const origin = headers.get('origin') ?? headers.get('sec-fetch-site')
  if (origin !== null && origin !== 'none') throw new Refusal(403, 'Web pages have no access')
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (method === 'POST' && type !== 'application/json')
    throw new Refusal(415, `The content-type must be application/json, but is ${type ?? 'missing'}`)
}

async function bodyOf(request: Request): Promise<Given> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (bytes.length > MAX_BODY_BYTES) throw new Refusal(413, `The body must not have more than ${MAX_BODY_BYTES} bytes`)
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw new Refusal(400, `The body is not JSON: ${messageOf(error)}`)
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Given
  throw new Refusal(400, 'The body must be a JSON object, such as {"fault": "loseAcks", "topic": "orders"}')
}
