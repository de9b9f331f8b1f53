import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

const ERROR = 0x00
const READY = 0x02
const AUTHENTICATE = 0x03
const BATCH = 0x0d
const AUTH_RESPONSE = 0x0f
const AUTH_SUCCESS = 0x10
const HEADER_BYTES = 9

/** A proxy that asks for a password like Cassandra's PasswordAuthenticator, in front of a server without authentication. */
export interface PasswordProxy extends AsyncDisposable {
  readonly address: string
  /** What the proxy does with batches: swallow them, or cut the connection. `undefined` forwards them. */
  batches: 'are kept' | 'are cut off' | undefined
}

export async function startPasswordProxy(target: string, username: string, password: string): Promise<PasswordProxy> {
  const [host, port] = target.split(':')
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(port), host)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => (client.destroy(), upstream.destroy(), sockets.delete(socket)))
    }
    onFrame(client, (frame) => {
      if (frame[4] === BATCH && proxy.batches !== undefined) {
        if (proxy.batches === 'are cut off') client.destroy()
        return
      }
      if (frame[4] !== AUTH_RESPONSE) return void upstream.write(frame)
      // The token is a length and `\0user\0password`.
      const isRight = frame.subarray(HEADER_BYTES + 4).toString() === `\0${username}\0${password}`
      const message = Buffer.from(`Provided username ${username} and/or password are incorrect`)
      const refusal = Buffer.concat([Buffer.of(0, 0, 1, 0, 0, message.length), message])
      client.write(answer(frame, isRight ? AUTH_SUCCESS : ERROR, isRight ? Buffer.of(255, 255, 255, 255) : refusal))
    })
    onFrame(upstream, (frame) => {
      if (frame[4] !== READY) return void client.write(frame)
      const authenticator = Buffer.from('org.apache.cassandra.auth.PasswordAuthenticator')
      client.write(answer(frame, AUTHENTICATE, Buffer.concat([Buffer.of(0, authenticator.length), authenticator])))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: PasswordProxy = {
    batches: undefined,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

function onFrame(socket: Socket, take: (frame: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (part) => {
    rest = Buffer.concat([rest, part])
    while (rest.length >= HEADER_BYTES && rest.length >= HEADER_BYTES + rest.readUInt32BE(5)) {
      const end = HEADER_BYTES + rest.readUInt32BE(5)
      take(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
  })
}

/** A response frame, in protocol version 4, for the stream of this request. */
function answer(request: Buffer, opcode: number, body: Buffer): Buffer {
  const header = Buffer.from([0x84, 0, request[2]!, request[3]!, opcode, 0, 0, 0, 0])
  header.writeUInt32BE(body.length, 5)
  return Buffer.concat([header, body])
}
