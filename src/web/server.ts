import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { Conflict, Misconfigured } from '#src/errors.ts'
import type { AppEnv } from './app-env.ts'
import { findPortHolder } from './port-holder.ts'

/** Slow clients are looked for every second, and cut when they take longer than these (slowloris). */
const HEADERS_MS = 10_000
const REQUEST_MS = 30_000
const SLOW_CLIENT_CHECK_MS = 1_000
/** A connection on which nothing moves for so long is ended: a paused video asks again by itself. */
const SILENCE_MS = 120_000
/** Longer than load balancers keep theirs, so that it is never us who closes first. */
const KEEP_ALIVE_MS = 65_000
const MAX_CONNECTIONS = 10_000
/** How long running requests may take to end when the server closes. */
const DRAIN_MS = 10_000

export interface RunningServer {
  /** Where a browser on this machine finds it. */
  url: string
  port: number
  /** Takes no more requests; resolves when the running ones have been answered, or after ten seconds. */
  close(): Promise<void>
}

export interface ListenOptions {
  /** 0 takes any free one. */
  port: number
  host: string
}

/**
 * Answers HTTP requests from now on.
 * @throws Conflict when the port is taken, naming who has it where the system tells.
 * @throws Misconfigured when the host or the port is not ours to listen on.
 */
export async function startServer(app: Hono<AppEnv>, options: ListenOptions): Promise<RunningServer> {
  const server = createServer(app)
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  return { url: urlOf(options.host, port), port, close: () => drain(server) }
}

function createServer(app: Hono<AppEnv>) {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: SLOW_CLIENT_CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
  }) as Server
  // While it closes, a connection ends with its last answer instead of being kept for the next request.
  server.on('request', (_, response) => {
    response.on('close', () => {
      if (!server.listening) server.closeIdleConnections()
    })
  })
  server.maxConnections = MAX_CONNECTIONS
  server.setTimeout(SILENCE_MS)
  return server
}

async function listen(server: Server, options: ListenOptions) {
  server.listen(options.port, options.host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw await refusal(error, options)
  }
}

async function refusal(error: unknown, { port, host }: ListenOptions) {
  switch (error instanceof Error && 'code' in error && error.code) {
    case 'EADDRINUSE':
      return new Conflict(await portTaken(port), { cause: error })
    case 'EACCES':
      return new Misconfigured(
        `Port ${port} needs special rights. Choose one above 1023, for instance: PORT=8080 npm start`,
        { cause: error },
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Misconfigured(
        `HOST=${host} is no address of this machine. 127.0.0.1 serves this machine alone, 0.0.0.0 everybody.`,
        { cause: error },
      )
    default:
      return error
  }
}

async function portTaken(port: number) {
  const holder = await findPortHolder(port)
  const who = holder ? `process ${holder.pid} (${holder.name})` : 'another program'
  return `Port ${port} is taken by ${who}. End it, or choose another port, for instance: PORT=${port + 1} npm start`
}

async function drain(server: Server) {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const patience = new AbortController()
  await Promise.race([closed, delay(DRAIN_MS, undefined, { signal: patience.signal, ref: false })])
  patience.abort()
  server.closeAllConnections()
  await closed
}

function urlOf(host: string, port: number) {
  const isEverywhere = host === '0.0.0.0' || host === '::'
  const name = isEverywhere || host === '127.0.0.1' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}
