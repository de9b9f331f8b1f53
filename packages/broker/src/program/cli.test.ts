import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { metadataApi, saslAuthenticateApi, saslHandshakeApi } from '@kasper/protocol/messages'
import { afterAll, expect, it } from 'vitest'
import { RawClient } from '../../test/raw-client.ts'

const program = new URL('cli.ts', import.meta.url).pathname
/** The working directory of the programs. */
const cwd = mkdtempSync(join(tmpdir(), 'kasper-cli-'))
afterAll(() => rmSync(cwd, { recursive: true }))

const start = (...args: string[]): ChildProcessByStdio<null, Readable, Readable> =>
  spawn(process.execPath, [program, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })

async function run(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const child = start(...args)
  let out = ''
  let error = ''
  child.stdout.on('data', (text) => (out += String(text)))
  child.stderr.on('data', (text) => (error += String(text)))
  const [code] = (await once(child, 'close')) as [number]
  return { code, out, error }
}

it('prints its address, and ends on SIGINT', async () => {
  const child = start('--port', '0')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const broker = /^Kafka listens on (127\.0\.0\.1:\d+)\n$/.exec(String(line))![1]!
  await using raw = await RawClient.connect(broker)
  expect((await raw.call(metadataApi, 13, { topics: null })).brokers).toMatchObject([
    { nodeId: 1, port: Number(broker.split(':')[1]) },
  ])
  const taken = await run('--port', broker.split(':')[1]!)
  expect(taken).toMatchObject({ code: 1, out: '' })
  expect(taken.error).toMatch(/^Cannot listen on .*EADDRINUSE.*choose another port/)
  child.kill('SIGINT')
  expect(await once(child, 'close')).toEqual([0, null])
})

it('accepts faults over HTTP, and ends on SIGINT', async () => {
  const child = start('--control', '0', '--port', '0')
  let out = ''
  child.stdout.on('data', (text) => (out += String(text)))
  await expect.poll(() => out).toMatch(/^Kafka listens on \S+\nControl API on http:\/\/127\.0\.0\.1:\d+\n$/)
  const [broker, url] = [/on (\S+)\n/.exec(out)![1]!, /on (http\S+)/.exec(out)![1]!]
  const body = JSON.stringify({ fault: 'loseRequests', api: 'Metadata' })
  await fetch(`${url}/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  await using raw = await RawClient.connect(broker)
  await expect(raw.call(metadataApi, 13, { topics: null })).rejects.toThrow('closed')
  const taken = await run('--port', '0', '--control', new URL(url).port)
  expect(taken.error).toMatch(/^Cannot listen on .* for control: .*EADDRINUSE.*choose another port/)
  child.kill('SIGINT')
  expect(await once(child, 'close')).toEqual([0, null])
})

it('starts several brokers that require a password', async () => {
  const child = start('--port', '0', '--brokers', '2', '--user', 'alice:a:b', '--user', 'bob:secret')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const brokers = /^Kafka listens on (127\.0\.0\.1:\d+),(127\.0\.0\.1:\d+)\n$/.exec(String(line))!.slice(1)
  for (const [broker, login] of [
    [brokers[0]!, '\0alice\0a:b'],
    [brokers[1]!, '\0bob\0secret'],
  ] as const) {
    await using raw = await RawClient.connect(broker)
    await raw.call(saslHandshakeApi, 1, { mechanism: 'PLAIN' })
    expect(await raw.call(saslAuthenticateApi, 2, { authBytes: new TextEncoder().encode(login) })).toMatchObject({ errorCode: 0 })
    expect((await raw.call(metadataApi, 13, { topics: null })).brokers).toHaveLength(2)
  }
  await using stranger = await RawClient.connect(brokers[0]!)
  await expect(stranger.call(metadataApi, 13, { topics: null })).rejects.toThrow('closed')
  child.kill('SIGINT')
  expect(await once(child, 'close')).toEqual([0, null])
})

it('prints help, and names wrong options', async () => {
  expect((await run('--help')).out).toMatch(/^npx @kasper\/broker \[--port PORT\]/)
  expect((await run('--port', 'x')).error).toMatch(/^--port x is not a port/)
  expect((await run('--port', '0', '--control', 'x')).error).toMatch(/^--control x is not a port/)
  const wrongUser = await run('--user', 'my-secret')
  expect(wrongUser.error).toMatch(/^--user must be NAME:PASSWORD/)
  expect(wrongUser.error).not.toContain('my-secret')
  expect((await run('--tls-key', 'x')).error).toMatch(/^TLS needs both --tls-key and --tls-cert/)
  expect((await run('--tls-key', 'no-such-file', '--tls-cert', 'x')).error).toMatch(/^--tls-key cannot be read: .*no-such-file/)
  expect((await run('--brokers', 'x', '--port', '0')).error).toMatch(/^--brokers x is not a number/)
  expect((await run('--brokers', '0', '--port', '0')).error).toMatch(/^Cannot start 0 brokers; choose 1 to 100/)
  expect((await run('--brokers', '3', '--port', '65534')).error).toMatch(
    /^3 brokers cannot start at port 65534, because the last port/,
  )
  expect((await run('--no-fsync')).error).toMatch(/^--no-fsync requires --data DIR/)
  expect((await run('--no-such-option')).error).toMatch(/--no-such-option.*--help/s)
})

it('accepts the commands of the README', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const commands = readme.match(/(?<=^npx @kasper\/broker --port 9092).*$/gm)!
  expect(commands).toHaveLength(4)
  for (const command of commands) {
    const child = start('--port', '0', ...command.split(' ').slice(1))
    const [line] = (await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')])) as [Buffer]
    // The directory contains no certificates.
    expect(String(line)).toMatch(
      command.includes('--tls-key') ? /^--tls-ca cannot be read: .*clients-ca\.pem/ : /^Kafka listens on/,
    )
    child.kill('SIGINT')
    await once(child, 'close')
  }
})
