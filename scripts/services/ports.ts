import { connect, createServer } from 'node:net'

/** Below the range of outgoing connections, so that no other program gets the port of a server that is down. */
const FIRST = 24_000
const LAST = 31_900

/** Whether a port of 127.0.0.1 is free. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return await new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Whether a server accepts connections on a port of 127.0.0.1. */
export async function isListening(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy())
  })
}

/** The ports that this process has handed out. Their servers may not listen yet. */
const handedOut = new Set<number>()

/** Free ports at the given distances from a random first port. Never returns the same port twice. */
export async function freePorts(offsets: readonly number[]): Promise<number[]> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = FIRST + Math.floor(Math.random() * (LAST - FIRST - Math.max(...offsets)))
    const ports = offsets.map((offset) => first + offset)
    if (ports.some((port) => handedOut.has(port))) continue
    for (const port of ports) handedOut.add(port)
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return ports
  }
  throw new Error(`no free ports between ${FIRST} and ${LAST}`)
}
