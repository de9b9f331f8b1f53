import { ClusterError } from '@kasper/client/cluster'
import type { KafkaClient } from '@kasper/core'
import type { Api, Draft } from '@kasper/protocol'
import type { Broker } from '../broker.ts'
import { answer } from '../requests/fault-answers.ts'
import type { ServedApi } from '../requests/served-api.ts'
import { servedApis } from '../requests/served-apis.ts'
import { UnansweredError } from '../requests/unanswered-error.ts'

/** The client id of all clients in this process. Faults can name it. */
const CLIENT_ID = 'kasper'

/** A request that waits for its answer. */
interface WaitingRequest {
  readonly nodeId: number
  readonly fail: (error: ClusterError) => void
}

/** A client's connections to all brokers. They break when a fault makes a broker unreachable. */
export class Connection {
  readonly broker: Broker
  readonly #client: KafkaClient
  readonly #waiting = new Set<WaitingRequest>()
  #requestCount = 0
  #closed = false

  constructor(broker: Broker, client: KafkaClient) {
    this.broker = broker
    this.#client = client
    broker.faults.watchers.add(this.#breakWhileAway)
  }

  /** Sends a request to a broker. Rejects with a {@link ClusterError} if there is no answer. */
  ask<Request, Response>(
    nodeId: number,
    api: Api<Request, Response>,
    version: number,
    request: Request,
  ): Promise<Draft<Response>> {
    return this.send(nodeId, servedApis.get(api.key)!, version, request) as Promise<Draft<Response>>
  }

  /** The same, with a handler that need not be one of Kafka's. */
  async send(nodeId: number, served: ServedApi, version: number, request: unknown): Promise<unknown> {
    const { broker } = this
    const unreachable = this.#whyUnreachable(nodeId)
    if (unreachable !== undefined) throw unreachable
    try {
      const answered = answer(served, request, {
        broker,
        nodeId,
        version,
        clientId: CLIENT_ID,
        clientHost: '/127.0.0.1',
        requestNumber: this.#requestCount++,
        inProcess: true,
      })
      const response = answered instanceof Promise ? await this.#unlessBroken(nodeId, answered) : answered
      const turn = broker.turn()
      if (turn !== undefined) await turn
      return response
    } catch (error) {
      if (error instanceof UnansweredError) throw broken(`broker ${nodeId} closed the connection without an answer`)
      throw error
    }
  }

  /** Fails all requests that wait. Idempotent. */
  close(): void {
    this.#closed = true
    this.broker.faults.watchers.delete(this.#breakWhileAway)
    for (const { fail } of this.#waiting) fail(broken('the connection is closed'))
  }

  readonly #breakWhileAway = (): void => {
    for (const { nodeId, fail } of this.#waiting) {
      const unreachable = this.#whyUnreachable(nodeId)
      if (unreachable !== undefined) fail(unreachable)
    }
  }

  #whyUnreachable(nodeId: number): ClusterError | undefined {
    const { faults, isClosed } = this.broker
    if (this.#closed || isClosed) return broken('the connection is closed')
    if (faults.isAway(nodeId)) return broken(`broker ${nodeId} is away, as the test's faults say`)
    if (faults.canReach({ client: this.#client, clientId: CLIENT_ID })) return undefined
    return broken(`broker ${nodeId} cannot be reached, as the test's faults say`)
  }

  async #unlessBroken(nodeId: number, answered: Promise<unknown>): Promise<unknown> {
    const { promise, reject: fail } = Promise.withResolvers<never>()
    const waiting = { nodeId, fail }
    this.#waiting.add(waiting)
    try {
      return await Promise.race([answered, promise])
    } finally {
      this.#waiting.delete(waiting)
    }
  }
}

function broken(message: string): ClusterError {
  return new ClusterError('connection', message)
}
