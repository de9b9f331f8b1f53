// Mends faults of kafkajs 2.2.4 in the connections of one cluster. Other clusters in the process are not touched.
import { Reader } from '@kasper/protocol'
import { fetchApi, type FetchResponse } from '@kasper/protocol/messages'
import type { Cluster } from 'kafkajs'

/** The parts of kafkajs that are used here and that its types do not show. */
interface ClusterInternals {
  readonly connectionPoolBuilder?: { build?: (destination: unknown) => Promise<BrokerConnections> }
}
/** The connections to one broker. */
interface BrokerConnections {
  readonly pool?: readonly Connection[]
  send?: (call: Call) => Promise<unknown>
}
interface Call {
  readonly request: { readonly apiKey: number; readonly apiVersion: number }
  readonly response: {
    readonly decode: (payload: Uint8Array) => Promise<unknown>
    /** Throws the first error that the answer contains. */
    readonly parse: (answer: unknown) => Promise<unknown>
  }
}
interface Connection {
  connect?: () => Promise<unknown>
  readonly requestQueue?: {
    readonly pending: readonly unknown[]
    readonly throttledUntil: number
    scheduleCheckPendingRequests?: () => void
  }
}

/** The answer to a fetch, with the error code of each partition. */
export interface FetchAnswer extends Pick<FetchResponse, 'responses'> {
  /** For how many milliseconds kafkajs must not send a request to this broker. */
  readonly clientSideThrottleTime: number
}

/** The answer to a produce request, with the error code of each partition. */
export interface ProduceAnswer {
  readonly topics: readonly {
    readonly topicName: string
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number; readonly baseOffset: string }[]
  }[]
}

/** Mends the connections that this cluster opens from now on. Does nothing if the internals of this version of kafkajs differ. */
export function mendConnections(cluster: Cluster): void {
  const builder = (cluster as unknown as ClusterInternals).connectionPoolBuilder
  const build = builder?.build
  if (builder === undefined || build === undefined) return
  builder.build = async (destination) => {
    const connections = await build(destination)
    passOnWholeAnswers(connections)
    passOnMemberIds(connections)
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
 * If one partition of an answer has failed, kafkajs throws its error and drops the rest. The other partitions' messages
 * would then be written again, or be lost after a fetch. So these answers are passed on as they are.
 */
function passOnWholeAnswers(connections: BrokerConnections): void {
  const send = connections.send
  if (send === undefined) return
  const parse = (answer: unknown): Promise<unknown> => Promise.resolve(answer)
  connections.send = (call) => {
    const { apiKey, apiVersion } = call.request
    if (apiKey === PRODUCE) return send.call(connections, { ...call, response: { ...call.response, parse } })
    if (apiKey !== FETCH) return send.call(connections, call)
    const decode = async (payload: Uint8Array): Promise<FetchAnswer> => readFetchAnswer(payload, apiVersion)
    return send.call(connections, { ...call, response: { decode, parse } })
  }
}

/**
 * Reads the answer to a fetch; the records stay bytes. kafkajs would make an object of every record, verify no checksum, mix up the
 * order of headers, and never get past a batch whose records compaction has removed.
 */
export function readFetchAnswer(payload: Uint8Array, version: number): FetchAnswer {
  const { throttleTimeMs, responses } = fetchApi.readResponse(new Reader(payload), version)
  return {
    clientSideThrottleTime: throttleTimeMs,
    responses: responses.map(({ partitions, ...topic }) => ({
      ...topic,
      partitions: partitions.map((partition) => ({ ...partition, records: copyOf(partition.records) })),
    })),
  }
}

/** A copy, so that messages of one partition do not keep the records of all partitions in memory. */
function copyOf(bytes: Uint8Array | null): Uint8Array | null {
  return bytes === null ? null : new Uint8Array(bytes)
}

/** The error of a member's first attempt to join. It contains the id to join with. */
export interface MemberIdGiven {
  readonly memberId?: string
}

/**
 * A group gives a new member its id when it refuses the member's first attempt to join. kafkajs joins with this id, but does not
 * pass it on before the group has rebalanced. So a member could not leave before that. kafkajs passes the error on if it has
 * another name.
 */
function passOnMemberIds(connections: BrokerConnections): void {
  const send = connections.send
  if (send === undefined) return
  connections.send = (call) => {
    if (call.request.apiKey !== JOIN_GROUP) return send.call(connections, call)
    const parse = (answer: unknown): Promise<unknown> =>
      call.response.parse(answer).catch((error: Error) => {
        if (error.name === 'KafkaJSMemberIdRequired') error.name = 'KafkaJSProtocolError'
        throw error
      })
    return send.call(connections, { ...call, response: { ...call.response, parse } })
  }
}

/** Two requests that find a connection closed would each open a socket. One of the sockets would be lost without being closed. */
function connectOnce(connection: Connection): void {
  const connect = connection.connect
  if (connect === undefined) return
  let connecting: Promise<unknown> | undefined
  connection.connect = () => {
    connecting ??= connect.call(connection).finally(() => (connecting = undefined))
    return connecting
  }
}

/**
 * Every connection checks for waiting requests in a timer that restarts itself with a negative delay: about a thousand wake-ups a
 * second while idle, and Node 24's TimeoutNegativeWarning (kafkajs issue 1751). The timer is needed only while a request waits.
 */
function restWhenIdle({ requestQueue: queue }: Connection): void {
  const schedule = queue?.scheduleCheckPendingRequests
  if (queue === undefined || schedule === undefined) return
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0 || queue.throttledUntil > Date.now()) schedule.call(queue)
  }
}
