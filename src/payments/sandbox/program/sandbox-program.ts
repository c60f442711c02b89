import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Conflict } from '#src/errors.ts'
import { readAddress, writeAddress } from '../address-file.ts'
import { apiRoutes } from './api.ts'
import { openBook } from './book.ts'
import { openDeliveries } from './deliveries.ts'
import { openFaultQueue } from './fault-queue.ts'
import { json, listener, type Route } from './http.ts'
import { pageRoutes } from './pages.ts'

const MINUTE_MS = 60_000
const CARD_LIFETIME_MS = 24 * 60 * MINUTE_MS
export const PIX_LIFETIME_MS = 30 * MINUTE_MS

/** How long one that was told to end may take to do so. */
const PREDECESSOR_MS = 5_000
const PREDECESSOR_PAUSE_MS = 100
const PING_MS = 1_000

export interface SandboxOptions {
  /** Of its ledger; one process at a time. */
  folder: string
  apiKey: string
  webhookSecret: string
  host?: string
  /** 0 takes the one it had the last time, or any. */
  port?: number
  pixLifetimeMs?: number
  now?: () => Date
  /** Between the tries of a webhook. */
  pausesMs?: readonly number[]
  onFault?: (error: unknown) => void
  /** The disk takes nothing more. */
  onFailure?: (error: unknown) => void
}

export interface RunningSandbox {
  url: string
  close(): Promise<void>
}

/**
 * A pretend payment gateway: takes orders, keeps its ledger, has pages for people, and tells what became of charges.
 * @throws Conflict when another one works on the folder.
 */
export async function startProgram(options: SandboxOptions): Promise<RunningSandbox> {
  const {
    folder,
    apiKey,
    webhookSecret,
    host = '127.0.0.1',
    now = () => new Date(),
    onFault = () => {},
  } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const former = await insistOnBeingAlone(folder)
  const faults = openFaultQueue()
  const deliveries = openDeliveries({
    webhookSecret,
    now,
    ...(options.pausesMs && { pausesMs: options.pausesMs }),
  })
  const book = await openBook({
    folder,
    digestKey: apiKey,
    faults,
    lifetimeMs: { pix: options.pixLifetimeMs ?? PIX_LIFETIME_MS, credit_card: CARD_LIFETIME_MS },
    now,
    send: deliveries.send,
    onFailure: options.onFailure ?? onFault,
  })
  const id = randomUUID()
  const routes = [...apiRoutes({ book, faults, apiKey }), ...pageRoutes(book, now), identity(id)]
  const server = createServer(listener(routes, onFault))
  server.requestTimeout = 30_000
  server.headersTimeout = 10_000
  await listen(server, host, options.port || null, former)
  const url = `http://${host}:${(server.address() as AddressInfo).port}`
  await writeAddress(folder, { url, id })
  return {
    url,
    async close() {
      deliveries.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
      await book.close()
    },
  }
}

/** By which it is known again: another program may have got its port. */
const identity = (id: string): Route => ({
  method: 'GET',
  path: '/about',
  handle: async () => json(200, { name: 'creatorflix sandbox', id }),
})

/** The port of the last one on this folder, after it has ended. */
async function insistOnBeingAlone(folder: string): Promise<number> {
  const last = await readAddress(folder)
  if (!last) return 0
  const deadline = Date.now() + PREDECESSOR_MS
  while (await answers(last.url, last.id)) {
    if (Date.now() > deadline)
      throw new Conflict(`Another sandbox works on ${folder}, at ${last.url}. Stop it first.`)
    await delay(PREDECESSOR_PAUSE_MS)
  }
  return Number(new URL(last.url).port)
}

async function answers(url: string, id: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/about`, { signal: AbortSignal.timeout(PING_MS) })
    return (await answer.text()).includes(id)
  } catch {
    return false
  }
}

/** Where it was asked to; else where it was before, if that is free, so that open pages go on working. */
async function listen(server: Server, host: string, port: number | null, former: number) {
  try {
    server.listen(port ?? former, host)
    await once(server, 'listening')
  } catch (error) {
    if (port !== null || former === 0) throw error
    server.listen(0, host)
    await once(server, 'listening')
  }
}
