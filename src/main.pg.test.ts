import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest'
import { migratedGround, removeGround, type TestGround } from '#test/support/database.ts'
import {
  Creatorflix,
  makeLibrary,
  PROGRAM,
  removeFolder,
  run,
  start,
  workFolder,
} from './cli/drill/creatorflix.ts'

// Whole processes with a database each, on a machine that has other things to do.
vi.setConfig({ testTimeout: 60_000 })

const APP_SECRET = 'an-obvious-test-secret-of-32-characters'

let folder: string
let ground: TestGround
let gate: Gate
beforeEach(async () => {
  folder = await workFolder()
  ground = await migratedGround()
  gate = await openGate()
})
afterEach(async () => {
  await gate.shut()
  await removeGround(ground)
  await removeFolder(folder)
})

const variables = async () => ({
  APP_SECRET,
  DATABASE_URL: gate.urlTo(ground.DATABASE_URL ?? ''),
  MEDIA_DIR: await makeLibrary(folder, ['Ana'], 1),
  PORT: '0',
})

test('a database that comes up later is waited for, in words', async () => {
  const given = await variables()
  await gate.shut()
  const site = new Creatorflix(PROGRAM, ['start'], folder, given)
  await site.says(/The database does not answer yet; waiting for it\./)
  await gate.open()
  await site.says(/ready at/)
  expect(await site.stop()).toMatchObject({ code: 0 })
})

test('a database that does not exist is told at once, not waited for', async () => {
  const given = await variables()
  const DATABASE_URL = new URL(given.DATABASE_URL)
  DATABASE_URL.pathname = '/no_such_database'
  const { code, stderr } = await run(folder, ['start'], { ...given, DATABASE_URL: DATABASE_URL.href })
  expect(code).toBe(1)
  expect(stderr).toBe('There is no database of the name in DATABASE_URL. Create it, or correct the name.\n')
})

test('while it waits for the database, a signal ends it', async () => {
  const given = await variables()
  await gate.shut()
  const site = new Creatorflix(PROGRAM, ['start'], folder, given)
  await site.says(/waiting for it/)
  expect(await site.stop('SIGTERM')).toMatchObject({ code: 130 })
})

test('a database that goes away is answered with 503, and all is well when it is back', async () => {
  const site = await start(folder, await variables())
  const ready = new URL('/health/ready', site.address)
  await gate.shut()
  await vi.waitUntil(async () => (await fetch(ready)).status === 503, { timeout: 15_000, interval: 100 })
  expect((await fetch(new URL('/api/v1/models', site.address))).status).toBe(503)
  await gate.open()
  await vi.waitUntil(async () => (await fetch(ready)).status === 200, { timeout: 15_000, interval: 100 })
  expect((await fetch(new URL('/api/v1/models', site.address))).status).toBe(200)
  expect(await site.process.stop()).toMatchObject({ code: 0 })
})

test('commands work in their own process beside several nodes, and see what these see', async () => {
  const given = await variables()
  const nodes = await Promise.all([start(folder, given), start(folder, given)])
  await run(folder, ['sync'], given)
  await run(folder, ['creators', 'publish', '--all'], given)
  for (const node of nodes) {
    expect((await fetch(new URL('/api/v1/models/Ana', node.address))).status).toBe(200)
  }
  for (const node of nodes) expect(await node.process.stop()).toMatchObject({ code: 0 })
})

test('APP_SECRET is required, and another one is refused', async () => {
  const given = await variables()
  expect((await run(folder, ['settings'], { ...given, APP_SECRET: '' })).stderr).toContain(
    'APP_SECRET is needed',
  )
  expect(await run(folder, ['settings'], given)).toMatchObject({ code: 0 })
  const other = await run(folder, ['settings'], { ...given, APP_SECRET: APP_SECRET.toUpperCase() })
  expect(other).toMatchObject({ code: 1 })
  expect(other.stderr).toContain('not the one this database was set up with')
})

/** A way to the database that can be shut and opened, as by a restart of it. */
interface Gate {
  urlTo(database: string): string
  shut(): Promise<void>
  open(): Promise<void>
}

async function openGate(): Promise<Gate> {
  const { hostname, port } = new URL(inject('postgresUrl'))
  const passing = new Set<Socket>()
  let server: Server | null = null
  let gatePort = 0

  async function open() {
    server = createServer((socket) => {
      const onward = connect(Number(port), hostname)
      for (const side of [socket, onward]) {
        passing.add(side)
        side.on('error', () => {}).on('close', () => passing.delete(side))
      }
      socket.pipe(onward).pipe(socket)
    }).listen(gatePort, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    gatePort = typeof address === 'object' && address ? address.port : 0
  }

  async function shut() {
    if (!server?.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of passing) socket.destroy()
    await closed
  }

  await open()
  return {
    open,
    shut,
    urlTo(database) {
      const url = new URL(database)
      url.port = String(gatePort)
      return url.href
    },
  }
}
