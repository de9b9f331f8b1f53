// Opens connections to a broker and abandons them in several ways, until it is killed. It is a process of its own, so that both
// processes can use all files that one process may open.
//   node attacker.ts idle|drops|half|deaf PORT COUNT
// Prints `ready` at the end. Then, for every line of input, prints how many connections are still open.
import { connect, type Socket } from 'node:net'
import process from 'node:process'
import { Writer, writeRequestFrame } from '@kasper/protocol'
import { fetchApi } from '@kasper/protocol/messages'

const [mode, port, count] = process.argv.slice(2)
const sockets: Socket[] = []
let open = 0

/** The length of a frame that is almost as long as allowed, and its first bytes: zeros. */
const LONG_FRAME = Uint8Array.of(6, 0x3f, 0xff, 0xff)

function opened(): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      open++
      socket.once('close', () => open--)
      resolve(socket)
    })
    socket.on('error', () => {
      // Refused, or closed by the broker: tries the next connection.
      if (!sockets.includes(socket)) resolve(socket)
    })
  })
}

function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    socket.write(bytes, () => resolve()) // or an error, if the broker has closed the connection
  })
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

for (let i = 0; i < Number(count); i += 100) {
  const batch = Array.from({ length: Math.min(100, Number(count) - i) }, opened)
  sockets.push(...(await Promise.all(batch)))
}

switch (mode) {
  case 'drops': {
    // A byte of an endless request from time to time.
    for (let at = 0; at < 20; at++) {
      for (const socket of sockets) socket.write(at < 4 ? LONG_FRAME.subarray(at, at + 1) : Uint8Array.of(0))
      await wait(50)
    }
    break
  }
  case 'half': {
    // 60 MB of 100.
    const piece = new Uint8Array(1 << 20)
    await Promise.all(sockets.map((socket) => write(socket, LONG_FRAME)))
    for (let i = 0; i < 60; i++) await Promise.all(sockets.map((socket) => write(socket, piece)))
    break
  }
  case 'deaf': {
    // Requests all data, and reads nothing.
    const writer = new Writer()
    const partitions = Array.from({ length: 100 }, (_, partition) => ({ partition, partitionMaxBytes: 1 << 30 }))
    const request = { maxWaitMs: 0, maxBytes: 0x7fffffff, topics: [{ topic: 'large', partitions }] }
    for (let i = 0; i < 3; i++) writeRequestFrame(writer, fetchApi, 12, { correlationId: i }, request)
    const bytes = writer.take()
    for (const socket of sockets) {
      socket.pause()
      await write(socket, bytes)
    }
    break
  }
  default:
}

console.log('ready')
process.stdin.on('data', () => console.log(open))
