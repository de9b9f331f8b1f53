import type { Server, Socket } from 'node:net'
import { createServer, type TlsOptions as NodeTlsOptions } from 'node:tls'
import { KasperError, messageOf } from '@kasper/core'

/** How connections are encrypted, with everything in PEM format. */
export interface TlsOptions {
  /** The brokers' private key. */
  readonly key: string | Uint8Array
  /** The certificate for it, with those between it and the authority. */
  readonly cert: string | Uint8Array
  /** The authority that vouches for clients' certificates. */
  readonly ca?: string | Uint8Array | undefined
  /** Whether a client needs a certificate that `ca` vouches for. @default false */
  readonly requestClientCertificate?: boolean | undefined
}

/** How many connections may be agreeing on keys at a time: more are none that ever get there, and the oldest of them goes. */
const MAX_HANDSHAKES = 1000

/** Encrypts connections, and gives up those that do not get that far. */
export class TlsListener {
  readonly server: Server
  /** Those that are not served yet, by where they come from; the oldest first. */
  readonly #handshakes = new Map<string, Socket>()

  /**
   * Throws `CONFIG_INVALID` where key and certificate are of no use.
   * @param accept gets those whose handshake is done
   */
  constructor(options: TlsOptions, handshakeTimeoutMs: number, accept: (socket: Socket) => void) {
    this.server = createServerOrThrow({ ...nodeOptions(options), handshakeTimeout: handshakeTimeoutMs })
    this.server.on('connection', (socket) => this.#begin(socket))
    this.server.on('secureConnection', (socket) => {
      this.#handshakes.delete(originOf(socket))
      accept(socket)
    })
    this.server.on('tlsClientError', (_, socket) => socket.destroy())
  }

  /** Closes the connections that are not served yet. */
  close(): void {
    for (const socket of this.#handshakes.values()) socket.destroy()
  }

  #begin(socket: Socket): void {
    const origin = originOf(socket)
    socket.on('error', () => {}) // `close` follows
    socket.on('close', () => this.#handshakes.delete(origin))
    this.#handshakes.set(origin, socket)
    if (this.#handshakes.size <= MAX_HANDSHAKES) return
    const [oldest] = this.#handshakes
    this.#handshakes.delete(oldest![0])
    oldest![1].destroy()
  }
}

function nodeOptions({ key, cert, ca, requestClientCertificate = false }: TlsOptions): NodeTlsOptions {
  if (requestClientCertificate && ca === undefined) {
    const message = "tls.requestClientCertificate needs tls.ca, the authority of the clients' certificates"
    throw new KasperError('CONFIG_INVALID', message)
  }
  return {
    key: key as string,
    cert: cert as string,
    ...(ca === undefined ? {} : { ca: ca as string }),
    requestCert: requestClientCertificate,
    rejectUnauthorized: requestClientCertificate,
  }
}

function createServerOrThrow(options: NodeTlsOptions): Server {
  try {
    return createServer(options)
  } catch (cause) {
    throw new KasperError('CONFIG_INVALID', `tls.key, tls.cert and tls.ca cannot be used: ${messageOf(cause)}`, { cause })
  }
}

function originOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`
}
