import { afterEach, expect, test } from 'vitest'
import { type RunningServer, serve } from './index.ts'

let server: RunningServer | undefined
afterEach(() => server?.close())

const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`http://127.0.0.1:${server!.port}${path}`, init)

test('a handler gets the request, and its response is sent', async () => {
  server = await serve(
    ({ url, method, headers }) =>
      new Response(`${method} ${new URL(url).pathname} ${headers.get('x-test')}`, {
        status: 418,
        headers: { 'x-answer': 'yes' },
      }),
    { port: 0, host: '127.0.0.1' },
  )
  const response = await get('/a/b?c', { headers: { 'x-test': 'one' } })
  expect([response.status, response.headers.get('x-answer'), await response.text()]).toEqual([418, 'yes', 'GET /a/b one'])
})

test('each path has its handler; another path is 404 and lists them', async () => {
  server = await serve({ '/a': () => new Response('A') }, { port: 0, host: '127.0.0.1' })
  expect(await (await get('/a?x=1')).text()).toBe('A')
  const response = await get('/constructor')
  expect([response.status, await response.text()]).toEqual([404, 'not found: the paths are /a\n'])
})

test('a handler that fails is a 500, and the server continues', async () => {
  let calls = 0
  server = await serve(() => (calls++ === 0 ? Promise.reject(new Error('no luck')) : new Response('fine')), {
    port: 0,
    host: '127.0.0.1',
  })
  const response = await get('/')
  expect([response.status, await response.text()]).toEqual([500, 'no luck\n'])
  expect((await get('/')).status).toBe(200)
})

test('close ends unanswered requests, and is idempotent', async () => {
  const asked = Promise.withResolvers<void>()
  server = await serve(() => (asked.resolve(), new Promise(() => {})), { port: 0, host: '127.0.0.1' })
  const unanswered = expect(get('/')).rejects.toThrow()
  await asked.promise
  await Promise.all([server.close(), server.close()])
  await unanswered
})

test('a port that is in use or invalid is an error', async () => {
  server = await serve(() => new Response(), { port: 0, host: '127.0.0.1' })
  await expect(serve(() => new Response(), { port: server.port, host: '127.0.0.1' })).rejects.toThrow(
    `cannot listen on port ${server.port}: `,
  )
  await expect(serve(() => new Response(), { port: 70_000 })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})
