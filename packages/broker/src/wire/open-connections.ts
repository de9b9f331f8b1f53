import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import type { Clock, Timer } from '@kasper/core'
import type { Socket } from 'node:net'

/** More are not kept: an old one gives way. As Kafka's `max.connections`, which has no limit by default. */
const MAX_CONNECTIONS = 10_000
/** As Kafka's `connections.max.idle.ms`. */
const MAX_IDLE_MS = 10 * 60 * 1000
/** How often idle ones are looked for. */
const LOOK_EVERY_MS = 60 * 1000
/** How many bytes of unfinished requests all connections together may hold. */
const MAX_UNREAD_BYTES = 512 * 1024 * 1024
/** How many bytes of answers may wait for clients that do not read them. */
const MAX_UNSENT_BYTES = 512 * 1024 * 1024
/** Whoever holds less is not worth it. */
const MUCH_UNSENT_BYTES = 1024 * 1024
/** How many make room where the process may have no more files open. */
const ROOM = 10

/** What is needed of a connection to limit what all connections hold. */
export interface OpenConnection {
  readonly socket: Socket
  /** The broker that the client has connected to. */
  readonly nodeId: number
  /** The `client.id` of the last request; `''` before the first. */
  readonly clientId: string
  /** How many bytes of unfinished requests it holds. */
  readonly unread: number
  /** How many bytes of answers it holds that the client has not taken. */
  readonly unsent: number
  /** Closes it, and frees the bytes of unfinished requests at once. */
  drop(): void
}

/** The connections of a server, which take no more memory together than there is for them. */
export class OpenConnections {
  readonly #clock: Clock
  /** Those whose clients have never said anything, with the time when they came. */
  readonly #mute = new Map<OpenConnection, number>()
  /** When each other's client said something, or took an answer that had to wait for it; who has been silent longest comes first. */
  readonly #heardMs = new Map<OpenConnection, number>()
  #timer: Timer
  #unread = 0
  #unsent = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#timer = this.#lookLater()
  }

  add(connection: OpenConnection): void {
    if (this.#mute.size + this.#heardMs.size >= MAX_CONNECTIONS) this.#dropSilent(1)
    else if (isOutOfFiles()) this.#dropSilent(ROOM)
    this.#mute.set(connection, this.#clock.monotonic())
  }

  /** Its client has given a sign of life. */
  heard(connection: OpenConnection): void {
    if (this.delete(connection)) this.#heardMs.set(connection, this.#clock.monotonic())
  }

  /** Whether it was there. */
  delete(connection: OpenConnection): boolean {
    return this.#heardMs.delete(connection) || this.#mute.delete(connection)
  }

  /** Who has never said anything comes first, then who has been silent longest. */
  *[Symbol.iterator](): Generator<OpenConnection> {
    yield* this.#mute.keys()
    yield* this.#heardMs.keys()
  }

  /** Counts bytes that came and that no request was made of yet; whoever holds most of them goes where they are too many. */
  countUnread(bytes: number): void {
    this.#unread += bytes
    if (bytes <= 0 || this.#unread <= MAX_UNREAD_BYTES) return
    let most: OpenConnection | undefined
    for (const one of this) if (most === undefined || one.unread > most.unread) most = one
    most?.drop()
  }

  /** Counts bytes that wait to be sent; who has been silent longest of those that hold many goes where they are too many. */
  countUnsent(bytes: number): void {
    this.#unsent += bytes
    if (bytes <= 0 || this.#unsent <= MAX_UNSENT_BYTES) return
    for (const one of this) {
      if (one.unsent < MUCH_UNSENT_BYTES || one.socket.destroyed) continue
      one.socket.destroy()
      return
    }
  }

  /** Whether as much waits to be sent as may. It gets less only with a turn of the event loop, even when a connection was closed. */
  get isFull(): boolean {
    return this.#unsent > MAX_UNSENT_BYTES
  }

  /** Closes all. */
  close(): void {
    this.#timer.cancel()
    for (const { socket } of this) socket.destroy()
  }

  /** Closes those that have never said anything, or else those that have been silent longest. */
  #dropSilent(count: number): void {
    let left = count
    for (const connection of this) {
      if (left-- === 0) return
      this.delete(connection)
      connection.socket.destroy()
    }
  }

  #lookLater(): Timer {
    return this.#clock.setTimer(() => {
      const before = this.#clock.monotonic() - MAX_IDLE_MS
      for (const [{ socket }, sinceMs] of [...this.#mute, ...this.#heardMs]) if (sinceMs <= before) socket.destroy()
      this.#timer = this.#lookLater()
    }, LOOK_EVERY_MS)
  }
}

/** Whether this connection took the last file that the process may have open: the next one could not be taken, without a word. */
function isOutOfFiles(): boolean {
  try {
    closeSync(openSync(devNull, 'r'))
    return false
  } catch {
    return true
  }
}
