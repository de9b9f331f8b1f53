import { KasperError } from '@kasper/core'
import { messageOf } from '@kasper/core/adapter'
import type { Fault, Faults, Hold } from '../faults/faults.ts'

/** A longer body is no fault. */
export const MAX_BODY_BYTES = 65_536
/** How many faults are kept until somebody deletes them. */
const MAX_FAULTS = 1000

/** The faults that last, or strike a number of times, by the names of their methods. */
const named = [
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

const all: readonly string[] = [...named, 'cutOff', 'moveLeader', 'rebalance']

type Given = Readonly<Record<string, unknown>>

/** A fault that was set by a request. */
interface Scripted {
  readonly id: number
  readonly given: Given
  readonly fault: Hold | Fault
}

/** What is wrong with a request. */
class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * Answers the requests of the control API: faults are set, looked at and released over HTTP, so that a test in any language can
 * script them.
 *
 * - `POST /faults` sets one; its JSON is the name of a method of {@link Faults} as `fault`, and what that method takes
 * - `GET /faults`, `GET /faults/{id}` tell what there is, and how often it has struck
 * - `DELETE /faults/{id}` releases one, `DELETE /faults` all
 *
 * Only this machine's programs are to use it: whatever a web page may have sent is refused.
 */
export function controlHandler(faults: Faults): (request: Request) => Promise<Response> {
  const scripted = new Map<number, Scripted>()
  let lastId = 0

  function find(id: string): Scripted {
    const found = scripted.get(Number(id))
    if (found === undefined) throw new Refusal(404, `There is no fault ${id}; GET /faults lists those there are`)
    return found
  }

  function set(given: Given): Response {
    if (scripted.size >= MAX_FAULTS)
      throw new Refusal(409, `There are ${MAX_FAULTS} faults; DELETE those that are no longer needed`)
    const fault = start(faults, given)
    if (fault === undefined) return new Response(undefined, { status: 204 })
    const one: Scripted = { id: ++lastId, given, fault }
    scripted.set(one.id, one)
    return Response.json(describe(one), { status: 201, headers: { location: `/faults/${one.id}` } })
  }

  function release(id: string): Response {
    const one = find(id)
    one.fault.release()
    scripted.delete(one.id)
    return new Response(undefined, { status: 204 })
  }

  function clear(): Response {
    faults.clear()
    scripted.clear()
    return new Response(undefined, { status: 204 })
  }

  async function answer(request: Request): Promise<Response> {
    checkSender(request)
    const { pathname } = new URL(request.url)
    const [, id] = /^\/faults(?:\/([^/]+))?$/.exec(pathname) ?? [undefined, '']
    if (id === '') throw new Refusal(404, `There is no ${pathname}; there are /faults and /faults/{id}`)
    const key = `${request.method} ${id === undefined ? '/faults' : '/faults/{id}'}`
    switch (key) {
      case 'GET /faults':
        return Response.json([...scripted.values()].map(describe))
      case 'GET /faults/{id}':
        return Response.json(describe(find(id)))
      case 'POST /faults':
        return set(await bodyOf(request))
      case 'DELETE /faults':
        return clear()
      case 'DELETE /faults/{id}':
        return release(id)
      default:
        throw new Refusal(405, `There is no ${key}; there are GET, POST and DELETE /faults, GET and DELETE /faults/{id}`)
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

/** Starts what the JSON says; `undefined` where it is over at once. */
function start(faults: Faults, { fault: name, ...given }: Given): Hold | Fault | undefined {
  // What has no end is null in JSON.
  const settings = given['times'] === null ? { ...given, times: Infinity } : given
  const method = named.find((one) => one === name)
  if (method !== undefined) return (faults[method] as (settings: Given) => Hold).call(faults, settings)
  if (name === 'cutOff') return faults.cutOff(only(name, 'clientId', settings))
  if (name === 'moveLeader') faults.moveLeader(settings as unknown as Parameters<Faults['moveLeader']>[0])
  else if (name === 'rebalance') faults.rebalance(only(name, 'groupId', settings))
  else throw new TypeError(`fault ${JSON.stringify(name) ?? '(left out)'} has to be one of ${all.join(', ')}`)
  return undefined
}

/** The one thing that this fault has. */
function only(name: string, property: string, settings: Given): string {
  const { [property]: value, ...others } = settings
  if (typeof value !== 'string') throw new TypeError(`${name} needs ${property}: a string`)
  const [other] = Object.keys(others)
  if (other !== undefined) throw new TypeError(`${name} has no ${other}; it has ${property}`)
  return value
}

function describe({ id, given, fault }: Scripted): object {
  return { id, ...given, ...('struck' in fault ? { struck: fault.struck } : {}) }
}

/** A page in a browser may send requests to this machine, though not read the answers: none is answered. */
function checkSender({ url, headers, method }: Request): void {
  const { hostname } = new URL(url)
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    throw new Refusal(403, `Requests are for 127.0.0.1 or localhost, not for ${hostname}`)
  const origin = headers.get('origin') ?? headers.get('sec-fetch-site')
  if (origin !== null && origin !== 'none') throw new Refusal(403, 'Web pages have no access')
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (method === 'POST' && type !== 'application/json')
    throw new Refusal(415, `The content-type has to be application/json, not ${type ?? 'left out'}`)
}

async function bodyOf(request: Request): Promise<Given> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (bytes.length > MAX_BODY_BYTES) throw new Refusal(413, `The body has more than ${MAX_BODY_BYTES} bytes`)
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw new Refusal(400, `The body is no JSON: ${messageOf(error)}`)
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Given
  throw new Refusal(400, 'The body has to be a JSON object, such as {"fault": "loseAcks", "topic": "orders"}')
}
