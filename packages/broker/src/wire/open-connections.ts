import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import type { Clock, Timer } from '@kasper/core'
import type { Socket } from 'node:net'

/** Beyond this limit, a new connection replaces an old one. Kafka's `max.connections` has no limit by default. */
const MAX_CONNECTIONS = 10_000
/** Kafka's `connections.max.idle.ms`. */
const MAX_IDLE_MS = 10 * 60 * 1000
/** How often idle connections are closed. */
const IDLE_CHECK_MS = 60 * 1000
/** How many bytes of unfinished requests all connections together may hold. */
const MAX_UNREAD_BYTES = 512 * 1024 * 1024
/** How many bytes of unread answers all connections together may hold. */
const MAX_UNSENT_BYTES = 512 * 1024 * 1024
/** A connection with fewer unread bytes is not closed to free memory. */
const MIN_UNSENT_BYTES_TO_CLOSE = 1024 * 1024
/** How many connections are closed when the process runs out of files. */
const CLOSED_WHEN_OUT_OF_FILES = 10

/** A connection, as the limits for all connections need it. */
export interface OpenConnection {
  readonly socket: Socket
  /** The broker that the client has connected to. */
  readonly nodeId: number
  /** The `client.id` of the last request; `''` before the first. */
  readonly clientId: string
  /** How many received bytes do not belong to a request that is handled yet. */
  readonly unread: number
  /** How many bytes of answers the client has not read. */
  readonly unsent: number
  /** Closes the connection, and frees its unread bytes at once. */
  drop(): void
}

/** The connections of a server. Limits their number, and the memory that they use together. */
export class OpenConnections {
  readonly #clock: Clock
  /** Clients that have sent nothing yet, with the time when they connected. */
  readonly #silent = new Map<OpenConnection, number>()
  /** The time of the last activity of all other clients: data received, or pending answers read. The least recent comes first. */
  readonly #lastActivityMs = new Map<OpenConnection, number>()
  #timer: Timer
  #unread = 0
  #unsent = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#timer = this.#scheduleIdleCheck()
  }

  add(connection: OpenConnection): void {
    if (this.#silent.size + this.#lastActivityMs.size >= MAX_CONNECTIONS) this.#closeLeastActive(1)
    else if (isOutOfFiles()) this.#closeLeastActive(CLOSED_WHEN_OUT_OF_FILES)
    this.#silent.set(connection, this.#clock.monotonic())
  }

  /** Records activity of the client. */
  recordActivity(connection: OpenConnection): void {
    if (this.delete(connection)) this.#lastActivityMs.set(connection, this.#clock.monotonic())
  }

  /** Removes a connection. Returns whether it was open. */
  delete(connection: OpenConnection): boolean {
    return this.#lastActivityMs.delete(connection) || this.#silent.delete(connection)
  }

  /** First the clients that have sent nothing, then the others, the least recently active first. */
  *[Symbol.iterator](): Generator<OpenConnection> {
    yield* this.#silent.keys()
    yield* this.#lastActivityMs.keys()
  }

  /** Counts unread bytes. Beyond the limit, closes the connection with the most. */
  countUnread(bytes: number): void {
    this.#unread += bytes
    if (bytes <= 0 || this.#unread <= MAX_UNREAD_BYTES) return
    let most: OpenConnection | undefined
    for (const one of this) if (most === undefined || one.unread > most.unread) most = one
    most?.drop()
  }

  /** Counts unsent bytes. Beyond the limit, closes the least recently active connection with many of them. */
  countUnsent(bytes: number): void {
    this.#unsent += bytes
    if (bytes <= 0 || this.#unsent <= MAX_UNSENT_BYTES) return
    for (const one of this) {
      if (one.unsent < MIN_UNSENT_BYTES_TO_CLOSE || one.socket.destroyed) continue
      one.socket.destroy()
      return
    }
  }

  /** Whether unsent bytes exceed the limit. They only decrease in a later turn of the event loop, even if a connection is closed. */
  get isFull(): boolean {
    return this.#unsent > MAX_UNSENT_BYTES
  }

  /** Closes all connections. */
  close(): void {
    this.#timer.cancel()
    for (const { socket } of this) socket.destroy()
  }

  /** Closes clients that have sent nothing, or else the least recently active ones. */
  #closeLeastActive(count: number): void {
    let left = count
    for (const connection of this) {
      if (left-- === 0) return
      this.delete(connection)
      connection.socket.destroy()
    }
  }

  #scheduleIdleCheck(): Timer {
    return this.#clock.setTimer(() => {
      const before = this.#clock.monotonic() - MAX_IDLE_MS
      for (const [{ socket }, sinceMs] of [...this.#silent, ...this.#lastActivityMs]) if (sinceMs <= before) socket.destroy()
      this.#timer = this.#scheduleIdleCheck()
    }, IDLE_CHECK_MS)
  }
}

/** Whether the process cannot open another file. Node would drop the next connection silently. */
function isOutOfFiles(): boolean {
  try {
    closeSync(openSync(devNull, 'r'))
    return false
  } catch {
    return true
  }
}
