import { connect, createServer } from 'node:net'

/** Below the range that systems give to outgoing connections, so that nobody takes a port while its server is down. */
const FIRST = 24_000
const LAST = 31_900

/** Whether a server could listen on this port of 127.0.0.1 now. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return await new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Whether someone accepts connections on this port of 127.0.0.1. */
export async function isListening(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy())
  })
}

/** What was given away here, which nobody may be listening on yet. */
const given = new Set<number>()

/** A first port, picked at random, from which all of `offsets` are free. Never the same one twice. */
export async function freePorts(offsets: readonly number[]): Promise<number[]> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = FIRST + Math.floor(Math.random() * (LAST - FIRST - Math.max(...offsets)))
    const ports = offsets.map((offset) => first + offset)
    if (ports.some((port) => given.has(port))) continue
    for (const port of ports) given.add(port)
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return ports
  }
  throw new Error(`no free ports between ${FIRST} and ${LAST}`)
}
