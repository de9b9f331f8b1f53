import type { Cluster } from 'kafkajs'
import { readFetchResponse } from './fetched.ts'

/** The parts of kafkajs that its types don't show, as far as they are touched here. */
interface Inner {
  readonly connectionPoolBuilder?: { build?: (destination: unknown) => Promise<InnerConnections> }
}
interface InnerConnections {
  readonly pool?: readonly InnerConnection[]
  send?: (call: InnerCall) => Promise<unknown>
}
interface InnerCall {
  readonly request: { readonly apiKey: number; readonly apiVersion: number }
  readonly response: {
    readonly decode: (payload: Uint8Array) => Promise<unknown>
    readonly parse: (answer: Answer) => Promise<Answer>
  }
}
interface Answer {
  readonly topics?: readonly AnswerForTopic[]
  readonly responses?: readonly AnswerForTopic[]
}
interface AnswerForTopic {
  readonly topicName: string
  readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[]
}
interface InnerConnection {
  connect?: () => Promise<unknown>
  readonly requestQueue?: {
    readonly pending: readonly unknown[]
    readonly throttledUntil: number
    scheduleCheckPendingRequests?: () => void
  }
}

/** What went wrong with single partitions of a request, by `topic/partition`. Absent where kafkajs is not as we know it: then it throws. */
export interface WithFailures {
  readonly failures?: ReadonlyMap<string, unknown>
}

/**
 * Mends faults of kafkajs 2.2.4 in the connections of this cluster; nobody else's are touched. A version of kafkajs that looks
 * different inside is left alone.
 */
export function mendConnections(cluster: Cluster): void {
  const builder = (cluster as unknown as Inner).connectionPoolBuilder
  const build = builder?.build
  if (builder === undefined || build === undefined) return
  builder.build = async (destination) => {
    const connections = await build(destination)
    tellAllFailures(connections)
    leaveRecords(connections)
    tellMemberIds(connections)
    for (const connection of connections.pool ?? []) {
      connectOnce(connection)
      restWhenIdle(connection)
    }
    return connections
  }
}

const PRODUCE = 0
const FETCH = 1
const JOIN_GROUP = 11

/**
 * From an answer in which one partition has failed, only that error is left, and not even of which partition it is: what was
 * written would be written again, and what was fetched be lost. So the failures are put beside the answer.
 */
function tellAllFailures(connections: InnerConnections): void {
  const send = connections.send
  if (send === undefined) return
  connections.send = (call) => {
    if (call.request.apiKey !== PRODUCE && call.request.apiKey !== FETCH) return send.call(connections, call)
    const { parse } = call.response
    const parseEach = async (answer: Answer): Promise<Answer & WithFailures> => {
      const failures = new Map<string, unknown>()
      const list = answer.topics === undefined ? 'responses' : 'topics'
      for (const { topicName, partitions } of answer[list] ?? []) {
        for (const one of partitions) {
          if (one.errorCode === 0) continue
          // kafkajs makes the error, as if this partition were alone.
          await parse({ ...answer, [list]: [{ topicName, partitions: [one] }] }).catch((error: unknown) => {
            failures.set(`${topicName}/${one.partition}`, error)
          })
        }
      }
      return { ...answer, failures }
    }
    return send.call(connections, { ...call, response: { ...call.response, parse: parseEach } })
  }
}

/** The records of fetch responses stay bytes, for {@link readFetchResponse} leaves them to who knows what they are to become. */
function leaveRecords(connections: InnerConnections): void {
  const send = connections.send
  if (send === undefined) return
  connections.send = (call) => {
    const { apiKey, apiVersion } = call.request
    if (apiKey !== FETCH) return send.call(connections, call)
    const decode = async (payload: Uint8Array): Promise<unknown> => readFetchResponse(payload, apiVersion)
    return send.call(connections, { ...call, response: { ...call.response, decode } })
  }
}

/** The refusal of a first attempt to join, which gives the id to join with. */
export interface MemberIdGiven {
  readonly memberId?: string
}

/**
 * A group gives a new member its id by refusing its first attempt to join. kafkajs tries again with the id, but keeps it to itself
 * until the group has rebalanced; who wants to leave again before that could not. Under another name it lets the refusal through.
 */
function tellMemberIds(connections: InnerConnections): void {
  const send = connections.send
  if (send === undefined) return
  connections.send = (call) => {
    if (call.request.apiKey !== JOIN_GROUP) return send.call(connections, call)
    const { parse } = call.response
    const parseVisibly = (answer: Answer): Promise<Answer> =>
      parse(answer).catch((error: Error) => {
        if (error.name === 'KafkaJSMemberIdRequired') error.name = 'KafkaJSProtocolError'
        throw error
      })
    return send.call(connections, { ...call, response: { ...call.response, parse: parseVisibly } })
  }
}

/** Two requests that find a connection closed would each open a socket, and one of the two would be lost, but not closed. */
function connectOnce(connection: InnerConnection): void {
  const connect = connection.connect
  if (connect === undefined) return
  let connecting: Promise<unknown> | undefined
  connection.connect = () => {
    connecting ??= connect.call(connection).finally(() => (connecting = undefined))
    return connecting
  }
}

/**
 * Every connection looks for waiting requests in a timer that sets itself again for ever, with a negative delay: about a thousand
 * wake-ups a second when idle, and Node 24's TimeoutNegativeWarning (kafkajs issue 1751). A timer is only needed while something
 * waits.
 */
function restWhenIdle({ requestQueue: queue }: InnerConnection): void {
  const schedule = queue?.scheduleCheckPendingRequests
  if (queue === undefined || schedule === undefined) return
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0 || queue.throttledUntil > Date.now()) schedule.call(queue)
  }
}
