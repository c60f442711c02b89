import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { Hono } from 'hono'
import { afterEach, expect, test } from 'vitest'
import { Conflict, Misconfigured } from '#src/errors.ts'
import type { AppEnv } from './app-env.ts'
import { type RunningServer, startServer } from './server.ts'

const HERE = { port: 0, host: '127.0.0.1' }
const running: RunningServer[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function start(app: Hono<AppEnv>, options = HERE) {
  const server = await startServer(app, options)
  running.push(server)
  return server
}

const hello = () => new Hono<AppEnv>().get('/', (c) => c.text('hello'))

test('a server says where it is found', async () => {
  const { url, port } = await start(hello())
  expect(url).toBe(`http://localhost:${port}`)
  expect(await (await fetch(url)).text()).toBe('hello')
})

test('a taken port is told with who has it and what to do', async () => {
  const { port } = await start(hello())
  const second = startServer(hello(), { port, host: '127.0.0.1' })
  await expect(second).rejects.toThrow(Conflict)
  await expect(second).rejects.toThrow(`Port ${port} is taken by process ${process.pid} (`)
  await expect(second).rejects.toThrow(`PORT=${port + 1} npm start`)
})

test('a host that is not of this machine is told', async () => {
  const elsewhere = startServer(hello(), { port: 0, host: '192.0.2.1' })
  await expect(elsewhere).rejects.toThrow(Misconfigured)
  await expect(elsewhere).rejects.toThrow('HOST=192.0.2.1 is no address of this machine')
})

test('a closing server answers what it has begun, and then ends kept connections', async () => {
  const began = deferred()
  const mayAnswer = deferred()
  const app = new Hono<AppEnv>().get('/', async (c) => {
    began.resolve()
    await mayAnswer.promise
    return c.text('done')
  })
  const server = await startServer(app, HERE)
  const agent = new Agent({ keepAlive: true })
  const answer = ask(server.port, agent)
  await began.promise

  const closed = server.close()
  await expect(fetch(server.url)).rejects.toThrow()
  mayAnswer.resolve()
  expect(await answer).toBe('done')
  await closed
  agent.destroy()
})

test('a closing server ends idle connections at once', async () => {
  const server = await startServer(hello(), HERE)
  const agent = new Agent({ keepAlive: true })
  expect(await ask(server.port, agent)).toBe('hello')

  const started = performance.now()
  await server.close()
  expect(performance.now() - started).toBeLessThan(1_000)
  agent.destroy()
})

test('nothing that a client sends makes the server fail', async () => {
  const server = await start(hello())
  const nonsense = [
    'GET',
    'GET / HTTP/1.1\r\n\r\n',
    'GET x HTTP/1.1\r\nHost: a\r\n\r\n',
    '\0\0\r\n\r\n',
    'GET /\\ HTTP/1.1\r\nHost: h:1234\r\n\r\n',
  ]
  for (const bytes of nonsense) {
    const socket = connect(server.port, '127.0.0.1').on('error', () => {})
    socket.end(bytes)
    socket.resume()
    await once(socket, 'close')
  }
  expect((await fetch(server.url)).status).toBe(200)
})

function ask(port: number, agent: Agent) {
  return new Promise<string>((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', agent }, async (response) => {
      const chunks: Buffer[] = await response.toArray()
      resolve(Buffer.concat(chunks).toString())
    })
    asked.on('error', reject)
    asked.end()
  })
}

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
