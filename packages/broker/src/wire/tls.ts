import type { Server, Socket } from 'node:net'
import { createServer, type TlsOptions as NodeTlsOptions } from 'node:tls'
import { KasperError } from '@kasper/core'
import { messageOf } from '@kasper/core/adapter'

/** Keys and certificates for encrypted connections, in PEM format. */
export interface TlsOptions {
  /** The brokers' private key. */
  readonly key: string | Uint8Array
  /** The certificate of the key, with any intermediate certificates. */
  readonly cert: string | Uint8Array
  /** The certificate of the authority for client certificates. */
  readonly ca?: string | Uint8Array | undefined
  /** Whether a client needs a certificate from `ca`. @default false */
  readonly requestClientCertificate?: boolean | undefined
}

/** How many TLS handshakes may be in progress. Beyond this, the oldest one is closed, because it will probably never finish. */
const MAX_HANDSHAKES = 1000

/** A listener for encrypted connections, which limits unfinished handshakes. */
export class TlsListener {
  readonly server: Server
  /** The sockets with an unfinished handshake, by remote address; the oldest first. */
  readonly #handshakes = new Map<string, Socket>()

  /**
   * Throws `CONFIG_INVALID` for an invalid key or certificate.
   * @param accept called after each handshake
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

  /** Closes the connections with an unfinished handshake. */
  close(): void {
    for (const socket of this.#handshakes.values()) socket.destroy()
  }

  #begin(socket: Socket): void {
    const origin = originOf(socket)
    socket.on('error', () => {}) // a `close` event follows
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
