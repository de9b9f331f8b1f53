// The program and its control API on each runtime, with invalid requests.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import process from 'node:process'
import { metadataApi } from '@kasper/protocol/messages'
import { expect, it } from 'vitest'
import { RawClient } from '../../test/raw-client.ts'

const cli = new URL('cli.ts', import.meta.url).pathname

it.each([[['node']], [['bun']], [['deno', 'run', '-A']]])('on %s', async ([program, ...args]) => {
  // The program gets its own process group, because npm's `deno` is a script that does not pass signals on.
  const command = [...args, cli, '--port', '0', '--control', '0']
  const child = spawn(program!, command, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const closed = once(child, 'close')
  try {
    let out = ''
    child.stdout.on('data', (text) => (out += String(text)))
    await expect.poll(() => out).toMatch(/Control API on http\S+\n/)
    const [broker, url] = [/listens on (\S+)\n/.exec(out)![1]!, /on (http\S+)\n/.exec(out)![1]!]
    const headers = { 'content-type': 'application/json' }
    const post = (body: object): Promise<Response> =>
      fetch(`${url}/faults`, { method: 'POST', headers, body: JSON.stringify(body) })

    const set = await post({ fault: 'loseResponses', api: 'Metadata' })
    expect([set.status, await set.json()]).toEqual([201, { id: 1, fault: 'loseResponses', api: 'Metadata', struck: 0 }])
    await using first = await RawClient.connect(broker)
    await expect(first.call(metadataApi, 13, { topics: null })).rejects.toThrow('closed')
    expect(await (await fetch(`${url}/faults`)).json()).toMatchObject([{ id: 1, struck: 1 }])
    await post({ fault: 'delayResponses', api: 'Metadata', delayMs: 20, times: 1 })
    await using second = await RawClient.connect(broker)
    expect((await second.call(metadataApi, 13, { topics: null })).topics).toEqual([])
    expect((await fetch(`${url}/faults/1`, { method: 'DELETE' })).status).toBe(204)
    expect((await post({ fault: 'loseAcks', topic: 'x'.repeat(70_000) })).status).toBe(413)
    expect((await fetch(`${url}/faults`, { headers: { origin: 'https://example.com' } })).status).toBe(403)

    // A client that sends nothing, and one that sends something else than Kafka's protocol.
    const idle = connect(Number(broker.split(':')[1]), '127.0.0.1')
    await once(idle, 'connect')
    await using stranger = await RawClient.connect(broker)
    expect(await stranger.send(new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'))).toBeUndefined()
    expect((await second.call(metadataApi, 13, { topics: null })).topics).toEqual([])
    process.kill(-child.pid!, 'SIGINT')
    await closed
    idle.destroy()
  } finally {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL')
  }
})
